using System.Text;
using System.Text.Json;
using Json.Schema;
using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Tests.Faults;

/// <summary>An editor with the schema and the reader say the same of a scenario, but for what is inside of <c>given</c>.</summary>
[Parallelizable(ParallelScope.All)]
public class ScenarioSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(FaultReference.ToJsonSchema());

    [TestCase("{}")]
    [TestCase("""{ "$schema": "x", "seed": -7, "given": {}, "faults": [] }""")]
    [TestCase("""{ "seed": 3.0 }""")]
    [TestCase("""{ "seed": 3e3 }""")]
    [TestCase("""{ "seed": -2147483648 }""")]
    public void Both_take_a_scenario(string json) => Assert.That((BySchema(json), ByReader(json)), Is.EqualTo((true, (string?)null)));

    [TestCase("""{ "network": "down", "forMs": 3.0 }""")]
    [TestCase("""{ "network": "down", "forMs": 3e3 }""")]
    [TestCase("""{ "network": "down", "forMs": 0.3E+1 }""")]
    [TestCase("""{ "network": "down", "on": "at+creg=?", "skip": 0, "times": 1 }""")]
    [TestCase("""{ "network": "down", "on": "AT&F" }""")]
    [TestCase("""{ "network": "down", "on": "AT\\Q" }""")]
    [TestCase("""{ "network": "down", "on": "AT+0A9" }""")]
    [TestCase("""{ "modem": "urc", "text": "a \ud83d\ude00 \"" }""")]
    [TestCase("""{ "modem": "reply", "reply": "A\nB\n" }""")]
    [TestCase("""{ "command": "AT+CSQ", "reply": "x", "skip": 1, "times": 2, "delayMs": 5 }""")]
    [TestCase("""{ "line": "drop", "byte": 1, "direction": "to-modem" }""")]
    public void Both_take_a_fault(string json) => Both_take_a_scenario(Scenario(json));

    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("""{ "$schema": 1 }""")]
    [TestCase("""{ "seed": null }""")]
    [TestCase("""{ "seed": 3.5 }""")]
    [TestCase("""{ "seed": 1e-30 }""")]
    [TestCase("""{ "seed": 1e300 }""")]
    [TestCase("""{ "seed": 2147483648 }""")]
    [TestCase("""{ "seed": "3" }""")]
    [TestCase("""{ "given": null }""")]
    [TestCase("""{ "given": [] }""")]
    [TestCase("""{ "faults": null }""")]
    [TestCase("""{ "faults": {} }""")]
    [TestCase("""{ "fault": [] }""")]
    public void Both_refuse_a_scenario(string json) => Assert.That((BySchema(json), ByReader(json)), Is.EqualTo((false, "refused")));

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{ "network": null }""")]
    [TestCase("""{ "network": "dwon" }""")]
    [TestCase("""{ "network": "down", "broker": "close" }""")]
    [TestCase("""{ "network": "down", "forMs": null }""")]
    [TestCase("""{ "network": "down", "forMs": 0 }""")]
    [TestCase("""{ "network": "down", "forMs": 0.5 }""")]
    [TestCase("""{ "network": "down", "forMs": 86400001 }""")]
    [TestCase("""{ "network": "down", "color": 1 }""")]
    [TestCase("""{ "modem": "reset", "forMs": 5 }""")]
    [TestCase("""{ "modem": "reset", "atMs": 5, "on": "AT+CSQ" }""")]
    [TestCase("""{ "modem": "reset", "skip": 0 }""")]
    [TestCase("""{ "modem": "reset", "times": 1 }""")]
    [TestCase("""{ "modem": "reset", "atMs": 5, "times": 1 }""")]
    [TestCase("""{ "modem": "reset", "on": "CSQ" }""")]
    [TestCase("""{ "modem": "reset", "on": "AT" }""")]
    [TestCase("""{ "modem": "reset", "on": "AT+" }""")]
    [TestCase("""{ "modem": "reset", "on": "AT+CSQ=1" }""")]
    [TestCase("""{ "modem": "reset", "on": "AT+CSQ\n" }""")]
    [TestCase("""{ "modem": "reset", "on": "AT+C SQ" }""")]
    [TestCase("""{ "modem": "reset", "on": "AT+ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG" }""")]
    [TestCase("""{ "modem": "urc", "text": "A\r\nB" }""")]
    [TestCase("""{ "modem": "urc", "text": "A\nB" }""")]
    [TestCase("""{ "modem": "urc", "text": "A\n" }""")]
    [TestCase("""{ "modem": "urc", "text": "A\u0085" }""")]
    [TestCase("""{ "modem": "urc", "text": "" }""")]
    [TestCase("""{ "modem": "urc" }""")]
    [TestCase("""{ "modem": "reply", "reply": "A\rB" }""")]
    [TestCase("""{ "modem": "reply", "command": "AT+CSQ", "reply": "x" }""")]
    [TestCase("""{ "command": "AT+CSQ", "reply": "x", "atMs": 5 }""")]
    [TestCase("""{ "command": "CSQ", "reply": "x" }""")]
    [TestCase("""{ "command": null, "reply": "x" }""")]
    [TestCase("""{ "line": "drop", "byte": 1, "direction": "up" }""")]
    public void Both_refuse_a_fault(string json) => Both_refuse_a_scenario(Scenario(json));

    [Test]
    public void Both_count_characters_as_Unicode_does()
    {
        Both_take_a_fault($$"""{ "modem": "urc", "text": "{{string.Concat(Enumerable.Repeat("😀", 500))}}" }""");
        Both_refuse_a_fault($$"""{ "modem": "urc", "text": "{{string.Concat(Enumerable.Repeat("😀", 501))}}" }""");
    }

    private static string Scenario(string fault) => $$"""{ "faults": [ {{fault}} ] }""";

    private static bool BySchema(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Schema.Evaluate(document.RootElement).IsValid;
    }

    private static string? ByReader(string json)
    {
        try
        {
            Emulator.Scenario.Read(JsonDocumentNode.Parse(Encoding.UTF8.GetBytes(json), "scenario"));
            return null;
        }
        catch (ScenarioException)
        {
            return "refused";
        }
    }
}
