using System.Text;
using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Tests.Faults;

/// <summary>Faults as JSON: every one of the vocabulary comes back as it was written, and what is wrong is said where it stands.</summary>
[Parallelizable(ParallelScope.All)]
public class FaultJsonTests
{
    [TestCaseSource(nameof(Everything))]
    public void Every_fault_comes_back_as_it_was_written(ScheduledFault fault) =>
        Assert.That(ScheduledFault.Parse(fault.ToJson()), Is.EqualTo(fault));

    [TestCase("""{ "atMs": 30000, "network": "down", "forMs": 30000 }""", """{"atMs":30000,"network":"down","forMs":30000}""")]
    [TestCase(
        """{ "on": "AT+CMQTTPUB", "skip": 2, "times": 1, "modem": "late-answer", "delayMs": 61000 }""",
        """{"on":"AT+CMQTTPUB","skip":2,"modem":"late-answer","delayMs":61000}""")]
    [TestCase(
        """{ "on": "AT+CMQTTPUB", "modem": "reply", "reply": "+CMQTTPUB: 0,17" }""",
        """{"on":"AT+CMQTTPUB","modem":"reply","reply":"+CMQTTPUB: 0,17"}""")]
    [TestCase(
        """{"command":"AT+CMQTTPUB","reply":"+CMQTTPUB: 0,17","times":1,"delayMs":0}""",
        """{"on":"AT+CMQTTPUB","modem":"reply","reply":"+CMQTTPUB: 0,17"}""")]
    [TestCase("""{ "atMs": 5000, "line": "drop", "direction": "to-host", "byte": 12 }""", """{"atMs":5000,"line":"drop","byte":12}""")]
    [TestCase("""{ /* n */ "afterPublishes": 3, "broker": "close", }""", """{"afterPublishes":3,"broker":"close"}""")]
    public void A_fault_is_written_without_what_is_as_usual(string given, string written) =>
        Assert.That(ScheduledFault.Parse(given).ToJson(), Is.EqualTo(written));

    [TestCase("[]", "an object for a fault, found an object", Description = "a list")]
    [TestCase("""{ "netwrk": "down" }""", "one of line, modem, network, broker, mqtt, found none of them. Did you mean network?")]
    [TestCase("""{ "network": "down", "line": "drop" }""", "found network and line")]
    [TestCase("""{ "network": "dwon" }""", "expected network to be one of down, up, searching, denied, lossy, slow, half-open; found \"dwon\". Did you mean down?")]
    [TestCase("""{ "network": 7 }""", "expected a text for network, found 7")]
    [TestCase("""{ "network": "down", "formS": 3 }""", "a fault network down knows atMs, on, skip, times, afterPublishes, forMs; found \"formS\". Did you mean forMs?")]
    [TestCase("""{ "line": "drop" }""", "expected byte of a fault line drop: which byte from the trigger on, from 1, 1 to 1000000")]
    [TestCase("""{ "line": "drop", "byte": 0 }""", "a whole number from 1 to 1000000 for byte, found 0")]
    [TestCase("""{ "line": "drop", "byte": 1, "direction": "up" }""", "direction to be one of to-host, to-modem, found \"up\"")]
    [TestCase("""{ "modem": "reset", "forMs": 5 }""", "a fault modem reset: it does not last, so forMs has no meaning")]
    [TestCase("""{ "modem": "reset", "atMs": 5, "on": "AT" }""", "only one of atMs, on and afterPublishes says when")]
    [TestCase("""{ "modem": "reset", "times": 5 }""", "skip and times need on")]
    [TestCase("""{ "modem": "reset", "on": "CSQ" }""", "'CSQ' is not")]
    [TestCase("""{ "modem": "reset", "on": "AT+CSQ=1" }""", "'AT+CSQ=1' is not")]
    [TestCase("""{ "modem": "urc", "text": "A\r\nB" }""", "1 to 500 characters, none of them a control character but LF, for text")]
    [TestCase("""{ "command": "AT+CSQ" }""", "expected reply of a fault modem reply")]
    [TestCase("""{ "command": "AT+CSQ", "reply": "", "times": 1 }""", "1 to 4096 characters")]
    [TestCase("""{ "command": "AT+CSQ", "replay": "x" }""", "found \"replay\". Did you mean reply?")]
    public void What_is_wrong_is_said(string json, string expected)
    {
        ScenarioException error = Assert.Throws<ScenarioException>(() => ScheduledFault.Parse(json))!;

        Assert.That(error.Message, Does.StartWith("fault, line 1: ").And.Contain(json == "[]" ? "an object for a fault" : expected));
    }

    [Test]
    public void A_scenario_names_file_and_line()
    {
        const string Text = "{\n  \"seed\": 7,\n  \"faults\": [\n    { \"network\": \"down\" },\n    { \"broker\": \"sielnt\" }\n  ]\n}";
        ScenarioException error = Assert.Throws<ScenarioException>(() => Scenario.Read(JsonDocumentNode.Parse(Encoding.UTF8.GetBytes(Text), "bad.json")))!;

        Assert.That(error.Message, Does.StartWith("bad.json, line 5: ").And.EndsWith("Did you mean silent?"));
    }

    [Test]
    public void A_value_out_of_range_is_refused_by_the_API_too()
    {
        Assert.That(() => new ScheduledFault(new LineDrop(0), FaultTrigger.Now).ToJson(), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("byte of line drop is 1 to 1000000"));
        Assert.That(
            () => new ScheduledFault(new NetworkSlow(TimeSpan.FromTicks(15_000)), FaultTrigger.Now).ToJson(),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("delayMs of network slow is 1 to 3600000 ms, whole ones"));
        Assert.That(() => new ScheduledFault(new ModemReset(), new FaultTrigger { Duration = TimeSpan.FromSeconds(1) }).ToJson(), Throws.ArgumentException);
        Assert.That(new ScheduledFault(new LineDrop(0), FaultTrigger.Now).ToString(), Does.Contain("LineDrop"), "shown all the same");
    }

    /// <summary>Every kind of fault, with every parameter away from its default.</summary>
    private static IEnumerable<ScheduledFault> Everything()
    {
        foreach (FaultDefinition definition in FaultTable.All)
        {
            object[] values = [.. definition.Parameters.Select(parameter => parameter.Kind switch
            {
                FaultValueKind.Word => (object)parameter.Words![^1],
                FaultValueKind.Text => "+CMQTTPUB: 0,17 \"ü\"",
                _ => parameter.Maximum,
            })];
            Fault fault = definition.Create(values);
            yield return new ScheduledFault(fault, FaultTrigger.OnCommand("AT+CREG?", skip: 3, times: 2));
            yield return new ScheduledFault(
                fault, FaultTrigger.AtTime(TimeSpan.FromSeconds(12)) with { Duration = definition.MayLast ? TimeSpan.FromMilliseconds(77) : null });
            yield return new ScheduledFault(fault, FaultTrigger.OnPublishes(9));
            yield return new ScheduledFault(fault, FaultTrigger.Now);
        }
    }
}
