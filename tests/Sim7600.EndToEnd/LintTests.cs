using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>
/// <c>sim7600 emulate --lint</c>: firmware in QEMU that makes each mistake on purpose is found, and what does everything right, the
/// firmware and our own driver, is left in peace.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class LintTests
{
    private const string RoughDay = """
        { "faults": [
            { "on": "AT+CMQTTCONNECT", "modem": "reply", "reply": "+CMQTTCONNECT: 0,3" },
            { "on": "AT+CMQTTTOPIC", "skip": 3, "modem": "late-answer", "delayMs": 400 },
            { "on": "AT+CMQTTPAYLOAD", "skip": 6, "modem": "reply", "reply": "ERROR" },
            { "afterPublishes": 4, "mqtt": "ping" },
            { "afterPublishes": 7, "network": "down", "forMs": 2000 },
            { "afterPublishes": 10, "modem": "reset" }
        ] }
        """;

    [TestCase(2, "data-before-prompt", null)]
    [TestCase(4, "wrong-length", null)]
    [TestCase(8, "command-before-final-result", """{ "on": "AT+CMQTTPAYLOAD", "times": 100, "modem": "late-answer", "delayMs": 200 }""")]
    [TestCase(16, "command-before-result-line", null)]
    [TestCase(32, "result-ignored", """{ "on": "AT+CMQTTPAYLOAD", "skip": 1, "times": 100, "modem": "reply", "reply": "ERROR" }""")]
    [TestCase(64, "no-cleanup-on-error-path", """{ "afterPublishes": 2, "mqtt": "ping" }""")]
    [TestCase(128, "no-recovery", """{ "afterPublishes": 2, "mqtt": "ping" }""", "--lint-recovery-time 4")]
    [TestCase(256, "commands-before-ready", null, "", "real")]
    [TestCase(512, "secret-in-topic", null)]
    public async Task A_mistake_on_purpose_is_found(int bit, string rule, string? fault, string options = "", string boot = "none")
    {
        using TemporaryFile scenario = Scenario(fault is null ? "{}" : $$"""{ "faults": [ {{fault}} ] }""");
        using var report = new TemporaryFile();
        await using (Stm32Node node = Stm32Node.Start(
            "--count", "0", "--limit", "100", "--boot", boot, "--careless", $"{bit}", "--lint", report.Path, "--emulate", $"--lint-format json --scenario {scenario.Path} {options}"))
        {
            await UntilAsync(report.Path, found => CountOf(found, rule) > 0);
        }

        JsonNode json = Read(report.Path)!;
        Assert.That(json["complete"]!.GetValue<bool>(), Is.True);
        JsonNode first = json["rules"]!.AsArray().Single(each => each!["id"]!.GetValue<string>() == rule)!["findings"]![0]!;
        Assert.That(first["text"]!.GetValue<string>(), Does.EndWith(".").Or.Contain("****"));
        Assert.That(json.ToJsonString(), Does.Not.Contain("s3cr3t"));
        if (rule != "commands-before-ready")
        {
            Assert.That(first["exchange"]!.AsArray().Select(line => line!["from"]!.GetValue<string>()), Does.Contain("host").And.Contain("modem"));
        }
    }

    [TestCase("none")]
    [TestCase("real")]
    public async Task Good_firmware_has_no_finding_on_a_rough_day(string boot)
    {
        using TemporaryFile scenario = Scenario(RoughDay);
        using var report = new TemporaryFile();
        await using (Stm32Node node = Stm32Node.Start(
            "--count", "0", "--limit", "150", "--boot", boot, "--lint", report.Path, "--emulate", $"--lint-format json --lint-recovery-time 30 --scenario {scenario.Path}"))
        {
            for (int i = 0; i < 15; i++)
            {
                await node.NextReadingAsync();
            }
        }

        AssertClean(report.Path, atLeast: 60);
    }

    [TestCase("fast")]
    [TestCase("none")]
    public async Task Our_own_driver_has_no_finding_on_a_rough_day(string boot)
    {
        Tools.RequirePosix();
        using TemporaryFile scenario = Scenario(RoughDay);
        using var report = new TemporaryFile();
        using var outbox = new TemporaryFile();
        File.Delete(outbox.Path);
        await using (EmulatorProcess emulator = await EmulatorProcess.StartAsync("--boot", boot, "--scenario", scenario.Path, "--lint", report.Path, "--lint-format", "json", "--lint-fail", "warning"))
        {
            await using ToolProcess pub = ToolProcess.Sim7600(
                "pub", "--modem", emulator.Port, "--broker", "mqtt://broker.example", "-t", "node/reading", "-l", "-q", "1", "-u", "node", "-P", "correct horse", "--outbox", outbox.Path, "--json");
            for (int line = 1; line <= 14; line++)
            {
                await pub.TypeAsync($"reading {line}");
                await pub.LineAsync(string.Create(CultureInfo.InvariantCulture, $"\"event\":\"delivered\",\"line\":{line},"));
            }

            pub.CloseInput();
            await pub.SucceedAsync();
            await emulator.Process.SignalAsync("TERM");
            Assert.That(await emulator.Process.ExitAsync(), Is.Zero, emulator.Process.Errors);
        }

        AssertClean(report.Path, atLeast: 60);
        foreach (string rest in new[] { outbox.Path, $"{outbox.Path}-wal", $"{outbox.Path}-shm", $"{outbox.Path}-reserve" })
        {
            File.Delete(rest);
        }
    }

    [TestCase(null)]
    [TestCase("error")]
    [TestCase("warning")]
    public async Task A_finding_can_fail_the_emulator(string? from)
    {
        string path = NewReport(".xml");
        await using EmulatorProcess emulator = await EmulatorProcess.StartBareAsync(
            ["--tcp", "127.0.0.1:0", "--broker-port", "0", "--lint", path, .. from is null ? Array.Empty<string>() : ["--lint-fail", from]]);
        using RawModem raw = await RawModem.OpenAsync(emulator);
        await raw.SayAsync("AT+CSQ\rAT+CEREG?", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n\r\n+CEREG: 0,1\r\n\r\nOK\r\n");
        await emulator.Process.SignalAsync("TERM");
        Assert.That(await emulator.Process.ExitAsync(), Is.EqualTo(from is null ? 0 : 1));
        string failure = $"the linter found 1 error and 0 warnings (command-before-final-result). The report is {path}.";
        Assert.That(emulator.Process.Errors, from is null ? Does.Contain("Closed: the linter found 1 error and 0 warnings; the report is ") : Does.Contain(failure));
        XElement suite = XDocument.Load(path).Root!.Element("testsuite")!;
        Assert.That(suite.Attribute("failures")!.Value, Is.EqualTo("1"));
        Assert.That(suite.Elements("testcase").Single(test => test.Element("failure") is not null).Attribute("name")!.Value, Is.EqualTo("command-before-final-result"));
        Assert.That(suite.Elements("testcase").Count(), Is.GreaterThan(8));
        File.Delete(path);
    }

    [Test]
    public async Task A_killed_emulator_leaves_the_report_of_what_was_heard_so_far()
    {
        string path = NewReport(".json");
        await using EmulatorProcess emulator = await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker-port", "0", "--lint", path);
        Assert.That(Read(path)!["complete"]!.GetValue<bool>(), Is.False, "it is there when the modem is");
        using RawModem raw = await RawModem.OpenAsync(emulator);
        await raw.SayAsync("AT+CSQ\rAT+CEREG?", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n\r\n+CEREG: 0,1\r\n\r\nOK\r\n");
        await UntilAsync(path, found => found["errors"]!.GetValue<int>() == 1);
        await emulator.Process.SignalAsync("KILL");
        await emulator.Process.ExitAsync();
        Assert.That(Read(path)!["complete"]!.GetValue<bool>(), Is.False);
        File.Delete(path);
    }

    [Test]
    public async Task A_report_for_people_goes_to_stderr_when_asked()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker-port", "0", "--lint", "-");
        using RawModem raw = await RawModem.OpenAsync(emulator);
        await raw.SayAsync("AT");
        await emulator.Process.SignalAsync("INT");
        Assert.That(await emulator.Process.ExitAsync(), Is.Zero);
        Assert.That(emulator.Process.Errors, Does.Contain("0 errors, 0 warnings in 2 command lines and "));
    }

    [TestCase("--lint report", 2, "end it with .txt, .json or .xml, or give --lint-format")]
    [TestCase("--lint report --lint-format html", 2, "--lint-format takes text, json or junit, not 'html'")]
    [TestCase("--lint report.txt --lint-fail never", 2, "--lint-fail takes error or warning, not 'never'")]
    [TestCase("--lint report.txt --lint-recovery-time 0", 2, "--lint-recovery-time takes 1 to 86400 seconds, not 0")]
    [TestCase("--lint report.txt --lint-answer-time 2000", 2, "--lint-answer-time takes 0 to 1000 milliseconds, not 2000")]
    [TestCase("--lint-fail", 2, "--lint-fail needs --lint FILE")]
    [TestCase("--lint /nowhere/report.txt", 1, "its folder does not exist")]
    public async Task Options_that_make_no_sense_are_refused(string options, int code, string expected)
    {
        await using ToolProcess process = ToolProcess.Sim7600(["emulate", "--tcp", "127.0.0.1:0", "--broker-port", "0", .. options.Split(' ')]);
        Assert.That(await process.ExitAsync(), Is.EqualTo(code));
        Assert.That(process.Errors.TrimEnd().Split('\n'), Has.Length.EqualTo(1).And.One.Contains(expected));
    }

    private static void AssertClean(string path, int atLeast)
    {
        JsonNode json = Read(path)!;
        Assert.That(json["complete"]!.GetValue<bool>(), Is.True);
        Assert.That(json["rules"]!.AsArray().Where(rule => rule!["count"]!.GetValue<int>() > 0).Select(rule => rule!.ToJsonString()), Is.Empty);
        Assert.That(json["commands"]!.GetValue<int>(), Is.GreaterThanOrEqualTo(atLeast));
    }

    private static int CountOf(JsonNode report, string rule) =>
        report["rules"]!.AsArray().Single(each => each!["id"]!.GetValue<string>() == rule)!["count"]!.GetValue<int>();

    /// <summary>Reads a report again and again until it says what is expected; an emulator keeps it current.</summary>
    private static async Task UntilAsync(string path, Func<JsonNode, bool> fits)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            if (Read(path) is { } report && fits(report))
            {
                return;
            }
        }
        while (await look.WaitForNextTickAsync(limit.Token));
    }

    private static JsonNode? Read(string path) => File.ReadAllText(path) is { Length: > 0 } text ? JsonNode.Parse(text) : null;

    private static string NewReport(string extension) => $"{EmulatorProcess.NewLink()}{extension}";

    private static TemporaryFile Scenario(string json) => Payloads.InFile(System.Text.Encoding.UTF8.GetBytes(json));
}
