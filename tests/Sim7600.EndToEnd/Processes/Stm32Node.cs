using System.Text.Json.Nodes;

namespace Sim7600.EndToEnd.Processes;

/// <summary>
/// <c>samples/Stm32SensorNode/run</c>: the firmware in QEMU with its sensor and a subscriber. Every reading that arrives is held to what the
/// node promises: its number is the next one, or the gap before it is told, or it says that it is a repeat.
/// </summary>
internal sealed class Stm32Node : IAsyncDisposable
{
    private const string Reading = "reading node-1/reading ";
    private int _last;

    private Stm32Node(ToolProcess process) => Process = process;

    public ToolProcess Process { get; }

    /// <summary>The folder of the sample.</summary>
    public static string Folder
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "Sim7600.sln")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return Path.Combine(folder ?? throw new AssertionException("The tests run outside of the project's folder."), "samples", "Stm32SensorNode");
        }
    }

    /// <summary>Starts it. It ends by itself after <c>--limit</c> seconds at the latest.</summary>
    public static Stm32Node Start(params string[] arguments)
    {
        Tools.RequirePosix();
        string python = Tools.Python;
        _ = (Tools.Qemu, Tools.ArmCompiler, Tools.Make, Tools.MosquittoSub, Tools.Stdbuf);
        var environment = new Dictionary<string, string> { ["SIM7600"] = $"{ToolProcess.DotNet} {ToolProcess.Tool}", ["GATEWAY"] = $"{ToolProcess.DotNet} {ToolProcess.Sample("Gateway")}", ["PYTHONUNBUFFERED"] = "1" };
        return new Stm32Node(ToolProcess.StartWith(environment, python, [Path.Combine(Folder, "run"), "--verbose", .. arguments]));
    }

    /// <summary>Waits for a line that fits. Readings on the way are judged too.</summary>
    public Task<string> LineAsync(Func<string, bool> fits, string what) => Process.LineAsync(
        line =>
        {
            if (line.StartsWith(Reading, StringComparison.Ordinal))
            {
                Judge(JsonNode.Parse(line[Reading.Length..])!);
            }

            return fits(line);
        },
        what);

    /// <summary>The next reading.</summary>
    public async Task<JsonNode> NextReadingAsync()
    {
        string line = await LineAsync(text => text.StartsWith(Reading, StringComparison.Ordinal), "a reading");
        return JsonNode.Parse(line[Reading.Length..])!;
    }

    /// <summary>The next reading that fits.</summary>
    public async Task<JsonNode> ReadingAsync(Func<JsonNode, bool> fits)
    {
        while (true)
        {
            JsonNode reading = await NextReadingAsync();
            if (fits(reading))
            {
                return reading;
            }
        }
    }

    /// <summary>Waits until the firmware logs a text.</summary>
    public Task FirmwareAsync(string text) =>
        LineAsync(line => line.StartsWith("firmware: ", StringComparison.Ordinal) && line.EndsWith(text, StringComparison.Ordinal), text);

    public static int Number(JsonNode reading, string name) => reading[name]!.GetValue<int>();

    /// <summary>How many readings before this one the node says it dropped.</summary>
    public static int Gap(JsonNode reading) => reading["gap"]?.GetValue<int>() ?? 0;

    /// <summary>Ends it as Ctrl-C would, so that it can clear up behind itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            await Process.SignalAsync("TERM");
            await Process.ExitAsync();
        }

        await Process.DisposeAsync();
    }

    private void Judge(JsonNode reading)
    {
        int number = Number(reading, "n");
        if (number == _last)
        {
            Assert.That(reading["repeat"], Is.Not.Null, $"a repeat that is not told: {reading.ToJsonString()}");
        }
        else
        {
            Assert.That(number - _last - 1, Is.EqualTo(Gap(reading)), $"after {_last} came {reading.ToJsonString()}");
        }

        _last = number;
    }
}
