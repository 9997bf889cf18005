using System.Text.Json.Nodes;

namespace Sim7600.EndToEnd.Processes;

/// <summary><c>sim7600 emulate --json</c> as a process, ready.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private static readonly string LinkPrefix = Path.Combine(Path.GetTempPath(), "sim7600-test-");

    private EmulatorProcess(ToolProcess process, JsonNode ready)
    {
        Process = process;
        Ports = [.. ready["ports"]!.AsArray().Select(port => port!.GetValue<string>())];
        Broker = ready["broker"]?.GetValue<string>() ?? "";
        BrokerTls = ready["brokerTls"]?.GetValue<string>() ?? "";
        CaFile = ready["caFile"]?.GetValue<string>() ?? "";
        Tcp = ready["tcp"]?.GetValue<string>() ?? "";
    }

    public ToolProcess Process { get; }

    public IReadOnlyList<string> Ports { get; }

    public string Port => Ports[0];

    public string Broker { get; }

    public string BrokerTls { get; }

    public string CaFile { get; }

    public string Tcp { get; }

    /// <summary>A PTY link that no other test uses.</summary>
    public static string NewLink() => $"{LinkPrefix}{Guid.NewGuid():N}";

    /// <summary>Starts an emulator with a PTY link of its own, and any free port for its own broker.</summary>
    public static Task<EmulatorProcess> StartAsync(params string[] more) =>
        StartBareAsync(["--pty", NewLink(), .. more.Contains("--broker") ? Array.Empty<string>() : ["--broker-port", "0"], .. more]);

    public static Task<EmulatorProcess> StartBareAsync(params string[] arguments) => StartWithAsync(new Dictionary<string, string>(), arguments);

    /// <summary>Starts an emulator with more in its environment.</summary>
    public static async Task<EmulatorProcess> StartWithAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ToolProcess process = ToolProcess.Sim7600With(environment, ["emulate", "--json", "--web", "off", .. arguments]);
        string line = await process.LineAsync("\"event\":\"ready\"");
        return new EmulatorProcess(process, JsonNode.Parse(line)!);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (CaFile.StartsWith(LinkPrefix, StringComparison.Ordinal))
        {
            File.Delete(CaFile); // the process was killed and could not
        }
    }
}
