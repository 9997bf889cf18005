using System.Text;
using Sim7600.Emulator;
using Sim7600.Emulator.Scenarios;
using static Sim7600.Fuzzing.BrokenPromiseException;

namespace Sim7600.Fuzzing.Targets;

/// <summary>A scenario file; a modem starts in what is valid.</summary>
internal sealed class ScenarioTarget : IFuzzTarget
{
    /// <inheritdoc/>
    public string Name => "scenario";

    /// <inheritdoc/>
    public string Meaning => "any bytes as a scenario: refused with a reason and a line, or read; a modem starts in what was read, with its faults, and no command handler throws";

    /// <inheritdoc/>
    public int LongestInput => 4_000;

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. FaultTarget.FaultWords,
        .. ((string[])["\"seed\":1,", "\"given\":{", "\"faults\":[", "\"broker\":", "\"files\":", "\"sim\":", "\"messages\":", "\"identity\":"]).Select(Encoding.UTF8.GetBytes),
    ];

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds =>
    [
        .. SessionBytes.Files().Select(Encoding.UTF8.GetString).Where(text => text.Contains("\"given\"", StringComparison.Ordinal))
            .Select(text => text[text.IndexOf("\"given\"", StringComparison.Ordinal)..text.IndexOf("\"steps\"", StringComparison.Ordinal)].TrimEnd().TrimEnd(','))
            .Select(given => Encoding.UTF8.GetBytes($"{{{given}}}")),
        .. FaultTarget.Examples().Select(fault => Encoding.UTF8.GetBytes($"{{\"seed\":7,\"faults\":[{fault}]}}")),
    ];

    /// <summary>What a refusal must tell.</summary>
    public static void Check(ScenarioException refused)
    {
        Unless(refused.Line >= 1, "a refusal names a line");
        Unless(refused.Message.Length is > 20 and < 2_000 && !refused.Message.Any(char.IsControl), $"a refusal is a sentence: {refused.Message}");
    }

    /// <inheritdoc/>
    public async Task RunAsync(byte[] input)
    {
        Scenario scenario;
        try
        {
            scenario = Scenario.Read(JsonDocumentNode.Parse(input, "scenario"));
        }
        catch (ScenarioException refused)
        {
            Check(refused);
            return;
        }

        await using var modem = new FuzzedModem(scenario.Given, scenario.Faults);
        await modem.PassAsync(20);
        await modem.TypeAsync("AT\rAT+CPIN?\rAT+CREG?;+CSQ;+COPS?\rAT+CMGL=\"ALL\"\rAT+CMGF=0;+CMGL=4\rAT+CCERTLIST\rAT&V\r"u8.ToArray());
        await modem.PassAsync(20);
        await modem.TypeAsync("AT+CMQTTSTART\r\rAT+CMQTTACCQ=0,\"c\"\rAT+CMQTTCONNECT=0,\"tcp://b:1883\",60,1\r"u8.ToArray());
        await modem.PassAsync(20);
    }
}
