using System.Text;
using Sim7600.Emulator;
using Sim7600.Emulator.Faults;
using static Sim7600.Fuzzing.BrokenPromiseException;

namespace Sim7600.Fuzzing.Targets;

/// <summary>One fault.</summary>
internal sealed class FaultTarget : IFuzzTarget
{
    /// <summary>Names of all faults and of their parameters.</summary>
    public static IReadOnlyList<byte[]> FaultWords { get; } =
    [
        .. FaultTable.All.Select(each => $"\"{each.Group}\":\"{each.Name}\",").Concat(FaultTable.All.SelectMany(each => each.Parameters).Concat(FaultTable.Trigger).Select(each => $"\"{each.Name}\":")).Distinct()
            .Concat(["1,", "\"1s\",", "\"a\",", "-1", "1e9", "null,", "true", "{", "}", "[", "]", ",", "\"\\ud800\""]).Select(Encoding.UTF8.GetBytes),
    ];

    /// <inheritdoc/>
    public string Name => "fault";

    /// <inheritdoc/>
    public string Meaning => "any text as a fault: refused with a reason and a line, or read; what was read can be written and read again";

    /// <inheritdoc/>
    public int LongestInput => 500;

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words => FaultWords;

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds => Examples().Select(Encoding.UTF8.GetBytes);

    /// <summary>One of each kind, with its parameters.</summary>
    public static IEnumerable<string> Examples() => FaultTable.All.SelectMany(each => (string[])
    [
        $$"""{"{{each.Group}}":"{{each.Name}}","atMs":1000}""",
        $$"""{"{{each.Group}}":"{{each.Name}}","atMs":1000{{Parameters(each)}}}""",
        $$"""{"{{each.Group}}":"{{each.Name}}","on":"AT+CMQTTPUB","skip":1,"times":2{{Parameters(each)}}}""",
    ]).Append("""{"command":"AT+CMQTTPUB","reply":"+CMQTTPUB: 0,17"}""");

    /// <inheritdoc/>
    public Task RunAsync(byte[] input)
    {
        ScheduledFault fault;
        try
        {
            fault = ScheduledFault.Parse(Encoding.UTF8.GetString(input));
        }
        catch (ScenarioException refused)
        {
            ScenarioTarget.Check(refused);
            return Task.CompletedTask;
        }

        string written = fault.ToJson();
        Unless(ScheduledFault.Parse(written) == fault, $"a written fault reads as itself: {written}");
        return Task.CompletedTask;
    }

    private static string Parameters(FaultDefinition definition) => string.Concat(definition.Parameters.Select(parameter => $",\"{parameter.Name}\":{parameter.Kind switch
    {
        FaultValueKind.Word => $"\"{parameter.Words![0]}\"",
        FaultValueKind.Text or FaultValueKind.Line => "\"x\"",
        _ => "1",
    }}"));
}
