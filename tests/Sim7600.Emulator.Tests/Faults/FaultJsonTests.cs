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
    [TestCase("""{ "network": "down", "line": "drop" }""", "column 1: expected a fault with one of line, modem, network, broker, mqtt, found network and line. Give each an entry of its own.")]
    [TestCase("""{ "modem": "reply", "command": "AT+CSQ", "reply": "x" }""", "column 21: command is for a reply in short, with command and reply alone; found modem beside it. With modem, name the command under on.")]
    [TestCase("""{ "on": "AT+CSQ", "reply": "x" }""", "found none of them. A reply has \"modem\": \"reply\".")]
    [TestCase("""{ "atMs": 5, "lin": "drop", "byte": 3 }""", "found none of them. Did you mean line?")]
    [TestCase("""{ "atMs": 5, "skip": 3 }""", "found none of them.")]
    [TestCase("""{ "line": "down" }""", "wrong-baud; found \"down\". There is one of network: \"network\": \"down\".")]
    [TestCase("""{ "network": "down", "delayMs": 3 }""", "a fault network down knows atMs, on, skip, times, afterPublishes, forMs; found \"delayMs\".")]
    [TestCase("""{ "network": "down", "at": 3 }""", "found \"at\". Did you mean atMs?")]
    [TestCase("""{ "network": "down", "to": 3 }""", "forMs; found \"to\".")]
    [TestCase("""{ "network": "down", "skip": 0 }""", "skip and times need on")]
    [TestCase("""{ "network": "down", "forMs": null }""", "column 31: forMs: expected a whole number from 1 to 86400000 for forMs, found null")]
    [TestCase("""{ "network": "dwon" }""", "expected network to be one of down, up, searching, denied, lossy, slow, half-open; found \"dwon\". Did you mean down?")]
    [TestCase("""{ "network": 7 }""", "expected a text for network, found 7")]
    [TestCase("""{ "network": "down", "formS": 3 }""", "a fault network down knows atMs, on, skip, times, afterPublishes, forMs; found \"formS\". Did you mean forMs?")]
    [TestCase("""{ "line": "drop" }""", "expected byte of a fault line drop: which byte from the trigger on, from 1, 1 to 1000000")]
    [TestCase("""{ "line": "drop", "byte": 0 }""", "a whole number from 1 to 1000000 for byte, found 0")]
    [TestCase("""{ "line": "drop", "byte": 1, "direction": "up" }""", "direction to be one of to-host, to-modem, found \"up\"")]
    [TestCase("""{ "modem": "reset", "forMs": 5 }""", "a fault modem reset: it does not last, so forMs has no meaning")]
    [TestCase("""{ "modem": "reset", "atMs": 5, "on": "AT+CSQ" }""", "only one of atMs, on and afterPublishes says when")]
    [TestCase("""{ "modem": "reset", "times": 5 }""", "skip and times need on")]
    [TestCase("""{ "modem": "reset", "on": "CSQ" }""", "column 27: on: expected the name of a command with AT, such as AT+CMQTTPUB, for one form with ?, = or =? behind it, for on, found \"CSQ\"")]
    [TestCase("""{ "command": "CSQ", "reply": "x" }""", "column 14: command: expected the name of a command with AT, such as AT+CMQTTPUB, for one form with ?, = or =? behind it, for command, found")]
    [TestCase("""{ "modem": "reset", "on": "AT+CSQ=1" }""", "behind it, for on, found \"AT+CSQ=1\"")]
    [TestCase("""{ "modem": "urc", "text": "A\r\nB" }""", "1 to 500 characters, none of them a control character, thus one line, for text")]
    [TestCase("""{ "modem": "urc", "text": "A\nB" }""", "none of them a control character, thus one line, for text, found \"A\\u000AB\"")]
    [TestCase("""{ "command": "AT+CSQ" }""", "expected reply of a fault modem reply")]
    [TestCase("""{ "command": "AT+CSQ", "reply": "", "times": 1 }""", "1 to 4096 characters")]
    [TestCase("""{ "command": "AT+CSQ", "replay": "x" }""", "found \"replay\". Did you mean reply?")]
    public void What_is_wrong_is_said(string json, string expected)
    {
        ScenarioException error = Assert.Throws<ScenarioException>(() => ScheduledFault.Parse(json))!;

        Assert.That(error.Message, Does.StartWith("fault, line ").And.Contain(json == "[]" ? "an object for a fault" : expected));
    }

    [Test]
    public void A_scenario_names_file_and_line()
    {
        const string Text = "{\n  \"seed\": 7,\n  \"faults\": [\n    { \"network\": \"down\" },\n    { \"broker\": \"sielnt\" }\n  ]\n}";
        ScenarioException error = Assert.Throws<ScenarioException>(() => Scenario.Read(JsonDocumentNode.Parse(Encoding.UTF8.GetBytes(Text), "bad.json")))!;

        Assert.That(error.Message, Is.EqualTo(
            "bad.json, line 5, column 17: faults[1].broker: expected broker to be one of refuse, close, silent, slow, restart, tls-failure; found \"sielnt\". Did you mean silent?"));
        Assert.That((error.File, error.Line, error.Column), Is.EqualTo(("bad.json", 5, 17)));
    }

    [Test]
    public void More_faults_than_a_scenario_may_have_are_refused()
    {
        ScenarioException error = Assert.Throws<ScenarioException>(() => Read(10_001))!;
        Assert.That(error.Message, Does.Contain("faults: expected at most 10000 faults, found 10001; one with times, or one that lasts, stands for many."));
        Assert.That(Read(10_000).Faults, Has.Count.EqualTo(10_000));

        static Scenario Read(int count) =>
            Scenario.Read(JsonDocumentNode.Parse(Encoding.UTF8.GetBytes($$"""{ "faults": [ {{string.Join(",", Enumerable.Repeat("""{ "network": "up" }""", count))}} ] }"""), "many.json"));
    }

    [Test]
    public void A_value_out_of_range_is_refused_by_the_API_too()
    {
        Assert.That(() => new ScheduledFault(new LineDrop(0), FaultTrigger.Now).ToJson(), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("byte of line drop is 1 to 1000000"));
        Assert.That(
            () => new ScheduledFault(new NetworkSlow(TimeSpan.FromTicks(15_000)), FaultTrigger.Now).ToJson(),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("delayMs of network slow is 1 to 3600000 ms, whole ones"));
        Assert.That(() => new ScheduledFault(new ModemReset(), new FaultTrigger { Duration = TimeSpan.FromSeconds(1) }).ToJson(), Throws.ArgumentException);
        Assert.That(
            () => new ScheduledFault(new ModemUrc("A\nB", 0), FaultTrigger.Now).ToJson(),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("text of modem urc is 1 to 500 characters, none of them a control character."));
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
                FaultValueKind.Text or FaultValueKind.Line => "+CMQTTPUB: 0,17 \"ü\"",
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
