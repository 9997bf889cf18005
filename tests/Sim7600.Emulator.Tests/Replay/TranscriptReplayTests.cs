using System.Text;
using CsCheck;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Tests.Replay;

/// <summary>A replay must not find equal what is not, and must not find different what a poster only left out.</summary>
[Parallelizable(ParallelScope.All)]
public class TranscriptReplayTests
{
    [TestCase("""{"send":"AT+CSQ"},{"recv":["+CSQ: 24,99","OK"]}""")]
    [TestCase("""{"send":"AT+CSQ"},{"recv":["+CSQ: XX,99","OK"]}""", Description = "X hides one character")]
    [TestCase("""{"send":"AT+CSQ"},{"recv":["+CSQ: 24,99"]},{"send":"AT"},{"recv":["OK"]}""", Description = "the poster left out an OK")]
    [TestCase("""{"comment":"a gap"},{"send":"AT"},{"recv":["OK"]}""")]
    [TestCase("""{"send":"AT+CRESET"},{"recv":["OK","+CPIN: READY","SMS DONE","PB DONE"]}""", Description = "the terminal missed RDY")]
    public async Task Equal(string steps) => Assert.That((await ReplayAsync(steps)).Difference, Is.Null);

    [TestCase("""{"send":"AT+CSQ"},{"recv":["+CSQ: 25,99","OK"]}""", Description = "another value")]
    [TestCase("""{"send":"AT+CSQ"},{"recv":["+CSQ: XXX,99","OK"]}""", Description = "X is one character, not several")]
    [TestCase("""{"send":"AT+CSQ"},{"recv":["OK","+CSQ: 24,99"]}""", Description = "another order")]
    [TestCase("""{"send":"AT+CSQ"},{"recv":["OK"]}""", Description = "a line that a raw log would not lack")]
    [TestCase("""{"send":"AT"},{"recv":["OK","OK"]}""", Description = "a line that is not printed")]
    [TestCase("""{"send":"AT+NOSUCH"},{"recv":["OK"]}""", Description = "ERROR is never left out")]
    [TestCase("""{"send":"AT+NOSUCH"},{"send":"AT"},{"recv":["OK"]}""", Description = "not even where nothing was shown")]
    [TestCase("""{"send":"AT+CMQTTSTART"},{"recv":["OK","+CMQTTSTART: 0"]}""", Description = "the sibling's order")]
    public async Task Different(string steps)
    {
        ReplayReport report = await ReplayAsync(steps);
        Assert.That(report.Difference, Is.Not.Null);
        Assert.That(report.Difference, Does.Contain("+ ").Or.Contain("- "));
    }

    [Test]
    public async Task A_moment_is_found_at_which_an_answer_fits()
    {
        ReplayReport report = await ReplayAsync(
            """{"recv":["RDY"]},{"send":"AT+CPIN?"},{"recv":["+CME ERROR: SIM busy","+CPIN: READY"]},{"send":"AT+CREG?"},{"recv":["+CREG: 0,2","OK"]},{"send":"AT+CREG?"},{"recv":["+CREG: 0,1","OK"]}""",
            """{"boot":"cold"}""");
        Assert.That(report.Difference, Is.Null, "registration was going on at the first query and done at the second");
    }

    [Test]
    public async Task Short_data_is_padded_and_said_so()
    {
        ReplayReport report = await ReplayAsync(
            """{"send":"AT+CMQTTTOPIC=0,10"},{"recv":[">"]},{"send":"abc"},{"recv":["OK"]}""",
            """{"mqtt":{"service":"started","clients":[{"index":0,"id":"x","state":"connected"}]}}""");
        Assert.That(report.Difference, Is.Null);
        Assert.That(report.Notes, Has.Some.Contains("padded to 10"));
    }

    [Test]
    public async Task A_remark_with_a_start_state_begins_another_unit()
    {
        ReplayReport report = await ReplayAsync(
            """{"send":"AT+CMGF=1"},{"recv":["OK"]},{"comment":"after a reset","given":{"sim":"absent"}},{"send":"AT+CMGF?"},{"recv":["+CMGF: 0","OK"]},{"send":"AT+CPIN?"},{"recv":["+CME ERROR: SIM not inserted"]}""");
        Assert.That(report.Difference, Is.Null);
        Assert.That(report.LinesCompared, Is.EqualTo(4));
    }

    [TestCase("""{"recv":["RING"]},{"send":"AT+CHUP"},{"recv":["OK"]}""", "called")]
    [TestCase("""{"send":"AT+CMGF=1"},{"recv":["OK","+CMTI: \"SM\",3"]},{"send":"AT+CMGR=3"},{"recv":["+CMGR: \"REC UNREAD\",\"+336XXXXXXXX\",\"\",\"21/10/18,20:36:15+52\"","Hello","OK"]}""", "short message")]
    [TestCase("""{"send":"AT+CSQ"},{"recv":["+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY","+CMQTTCONNLOST: 0,3","+CMQTTNONET","+CSQ: 24,99","OK"]},{"send":"AT+NETOPEN?"},{"recv":["+NETOPEN: 0","OK"]}""", "packet data")]
    [TestCase("""{"recv":["+CMQTTRXSTART: 0,3,5","+CMQTTRXTOPIC: 0,3","a/b","+CMQTTRXPAYLOAD: 0,5","hello","+CMQTTRXEND: 0"]}""", "published to a/b")]
    [TestCase("""{"recv":["+CMQTTCONNLOST: 0,1"]},{"send":"AT+CMQTTDISC?"},{"recv":["+CMQTTDISC: 0,1","+CMQTTDISC: 1,1","OK"]}""", "broker ended")]
    public async Task What_came_from_outside_comes_again(string steps, string note)
    {
        ReplayReport report = await ReplayAsync(steps, """{"network":{"netopen":true},"mqtt":{"clients":[{"index":0,"id":"x","state":"connected"}]}}""");
        Assert.That(report.Difference, Is.Null);
        Assert.That(report.Notes, Has.Some.StartsWith("from outside").And.Some.Contains(note));
    }

    [TestCase("""{"send":"AT+CRESET"},{"recv":["OK","+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY"]}""", Description = "a reset of a modem with nothing open loses nothing")]
    [TestCase("""{"recv":["+CMQTTCONNLOST: 0,1"]}""", Description = "no client to lose")]
    [TestCase("""{"recv":["+CMQTTRXSTART: 0,3,5","+CMQTTRXTOPIC: 0,3","a/b","+CMQTTRXPAYLOAD: 0,4","hell","+CMQTTRXEND: 0"]}""", Description = "lengths that contradict each other")]
    [TestCase("""{"send":"AT+CSQ"},{"recv":["+CSQ: 24,99","OK","RINGING"]}""", Description = "no event is known")]
    public async Task What_the_modem_would_not_print_is_no_event(string steps) =>
        Assert.That((await ReplayAsync(steps)).Difference, Is.Not.Null);

    [Test]
    public async Task A_number_made_unreadable_is_typed_as_zeros_and_said_so()
    {
        ReplayReport report = await ReplayAsync(
            """{"send":"AT+CMGF=1"},{"recv":["OK"]},{"send":"AT+CMGS=\"+3368xxxx\""},{"recv":[">"]},{"send":"Hello"},{"recv":["+CMS ERROR: Unknown error"]},{"send":"AT+CMGS=\"+3368xxxx\""},{"recv":[">"]},{"send":"Hello"},{"recv":["+CMGS: 7","OK"]}""");
        Assert.That(report.Difference, Is.Null, "the network refused the first message and took the second");
        Assert.That(report.Notes, Has.Some.Contains("zeros are typed"));
    }

    [TestCase("""{ "given": { "sim": "lost" }, "steps": [] }""", 1, "ready, absent, pin, puk, busy")]
    [TestCase("{\n \"given\": {\n  \"broker\": { \"connect\": \"refuse:9\" } },\n \"steps\": [] }", 3, "refuse:5")]
    [TestCase("{\n \"given\": {\n  \"colour\": 1 },\n \"steps\": [] }", 3, "colour")]
    [TestCase("{\n \"steps\": [\n  { \"send\": 5 } ] }", 3, "a text for send")]
    [TestCase("{\n \"steps\": [\n  { \"send\": \"AT\", \"recv\": [] } ] }", 3, "either")]
    [TestCase("{\n \"steps\": [\n  { \"send\": \"AT\", \"given\": {} } ] }", 3, "comment")]
    [TestCase("{ \"id\": \"1\" }", 1, "steps")]
    [TestCase("{\n \"steps\": [\n", 3, "JSON: the file ends in the middle of it; is a quote, a ] or a } missing?")]
    [TestCase("{ \"steps", 1, "the file ends in the middle of it")]
    [TestCase("", 1, "JSON, an object in braces; the file is empty")]
    [TestCase(" \n ", 2, "the file is empty")]
    [TestCase("// nothing\n", 2, "the file is empty")]
    [TestCase("{ \"steps\": nul }", 1, "column 15: expected JSON: ")]
    [TestCase("[]", 1, "an object for a transcript")]
    [TestCase("{\n \"given\": { \"mqtt\": { \"service\": \"stopped\",\n \"clients\": [ { \"index\": 7 } ] } }, \"steps\": [] }", 3, "from 0 to 1")]
    [TestCase("{ \"steps\": [] }", 1, "nothing to compare")]
    [TestCase("{\n \"steps\": [ { \"send\": \"AT\" }, { \"comment\": \"x\" } ] }", 2, "nothing to compare")]
    [TestCase("{\n \"st\\ud800eps\": [] }", 2, "text in UTF-8", Description = "half a pair in a name")]
    [TestCase("{\n \"id\": \"\\ud800\" }", 2, "text in UTF-8")]
    [TestCase("{ \"given\": {\n \"mqtt\": { \"clients\": [ { \"index\": 0 },\n { \"id\": \"b\" } ] } }, \"steps\": [] }", 3, "each index of clients once, 0 stands there again")]
    [TestCase("{ \"given\": {\n \"sms\": [ { \"index\": 1 },\n { \"index\": 1 } ] }, \"steps\": [] }", 3, "each index of sms once")]
    [TestCase("{ \"given\": {\n \"sms\": [ { \"time\": \"tomorrow\" } ] }, \"steps\": [] }", 2, "a time such as")]
    [TestCase("{ \"given\": {\n \"identity\": { \"imei\": \"abc\" } }, \"steps\": [] }", 2, "digits for imei")]
    [TestCase("{ \"given\": {\n \"identity\": { \"imsi\": \"\" } }, \"steps\": [] }", 2, "digits for imsi")]
    public void A_file_that_is_not_valid_is_told_with_its_line(string json, int line, string expected)
    {
        ScenarioException error = Assert.Throws<ScenarioException>(() => Transcript.Read(JsonDocumentNode.Parse(Encoding.UTF8.GetBytes(json), "session.json")))!;
        Assert.That(error.Message, Does.StartWith($"session.json, line {line}, column ").And.Contain(expected));
    }

    [Test]
    public void What_is_quoted_from_a_file_stays_readable()
    {
        foreach (string json in new[] { $$"""{ "{{new string('k', 100_000)}}": 1 }""", $$"""{ "seed": "{{new string('v', 100_000)}}" }""", $$"""{ "seed": {{new string('7', 100_000)}} }""" })
        {
            ScenarioException error = Assert.Throws<ScenarioException>(() => Scenario.Read(JsonDocumentNode.Parse(Encoding.UTF8.GetBytes(json), "s.json")))!;
            Assert.That(error.Message, Has.Length.LessThan(200).And.Contains("…"));
        }
    }

    [Test]
    public void Messages_that_arrive_take_no_place_of_their_own()
    {
        const string Json = """{ "given": { "sms": [ { "arrives": true }, { "arrives": true }, { "index": 0 } ] } }""";
        Assert.That(Scenario.Read(JsonDocumentNode.Parse(Encoding.UTF8.GetBytes(Json), "s.json")).Given.Messages, Has.Count.EqualTo(3));
    }

    [TestCase("")]
    [TestCase(", \"read\": true")]
    public async Task A_message_that_arrives_is_unread_until_it_is_read(string more)
    {
        string json = $$"""
            { "given": { "sms": [ { "from": "+1", "time": "22/08/09,14:05:14+22", "text": "x", "arrives": true{{more}} } ] },
              "steps": [
                { "send": "AT+CMGF=1" }, { "recv": [ "OK" ] },
                { "send": "AT+CMGR=0" }, { "recv": [ "+CMGR: \"REC UNREAD\",\"+1\",\"\",\"22/08/09,14:05:14+22\"", "x", "OK" ] },
                { "send": "AT+CMGR=0" }, { "recv": [ "+CMGR: \"REC READ\",\"+1\",\"\",\"22/08/09,14:05:14+22\"", "x", "OK" ] } ] }
            """;
        ReplayReport report = await TranscriptReplay.RunAsync(Transcript.Read(JsonDocumentNode.Parse(Encoding.UTF8.GetBytes(json), "s.json")), null, WriteSplit.Whole, 0, CancellationToken.None);
        Assert.That(report.Difference, Is.Null);
    }

    [Test]
    public void A_folder_is_told_as_one() =>
        Assert.That(Assert.Throws<IOException>(() => Scenario.Load(Path.GetTempPath()))!.Message, Does.Contain("is a folder"));

    [Test]
    [CancelAfter(60_000)]
    [Platform("Linux")]
    public void A_file_without_end_is_given_up() =>
        Assert.That(Assert.Throws<IOException>(() => Transcript.Load("/dev/zero"))!.Message, Does.Contain("/dev/zero is larger than 16 MiB"));

    [Test]
    public void Any_bytes_are_a_scenario_or_a_clear_error()
    {
        string[] words = ["{", "}", "[", "]", "\"given\"", ":", ",", "1", "\"boot\"", "\"cold\"", "\n", "//x\n"];
        Gen<byte[]> files = Gen.OneOf(
            Gen.Byte.Array[0, 200],
            Gen.Int[0, words.Length - 1].Array[0, 30].Select(picks => Encoding.UTF8.GetBytes(string.Concat(picks.Select(pick => words[pick])))));
        files.Sample(bytes =>
        {
            try
            {
                Scenario.Read(JsonDocumentNode.Parse(bytes, "s.json"));
            }
            catch (ScenarioException error)
            {
                Assert.That(error.Line, Is.Positive);
            }
        });
    }

    private static Task<ReplayReport> ReplayAsync(string steps, string given = "{}") => TranscriptReplay.RunAsync(
        Transcript.Read(JsonDocumentNode.Parse(Encoding.UTF8.GetBytes($$"""{ "evidence": "raw", "given": {{given}}, "steps": [ {{steps}} ] }"""), "session.json")));
}
