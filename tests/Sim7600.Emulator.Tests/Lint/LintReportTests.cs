using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sim7600.Emulator.Lint;

namespace Sim7600.Emulator.Tests.Lint;

/// <summary>What a report holds and how it is written.</summary>
[Parallelizable(ParallelScope.All)]
public class LintReportTests
{
    [Test]
    public async Task The_first_findings_are_kept_and_all_are_counted()
    {
        await using ModemBench bench = LintBench.Create();
        for (int i = 0; i < 10; i++)
        {
            await bench.TypeAsync("AT+CSQ\rAT+CEREG?\r");
        }

        LintRuleResult result = bench.Lint.Rules.Single(each => each.Rule == LintRules.CommandBeforeFinalResult);
        Assert.That((result.Count, result.Findings.Count), Is.EqualTo((10L, LintOptions.MaximumQuotes)));
        Assert.That(bench.Lint.Count(LintSeverity.Error), Is.EqualTo(10));
        Assert.That(bench.Lint.Count(LintSeverity.Warning), Is.Zero);
        Assert.That(bench.Lint.ToText(), Does.Contain("error command-before-final-result, 10 ×").And.Contain("\n  and 7 more\n"));
    }

    [Test]
    public async Task A_finding_quotes_the_last_lines_only()
    {
        await using ModemBench bench = LintBench.Create();
        for (int i = 0; i < 30; i++)
        {
            await bench.SayAsync("AT\r", "\r\nOK\r\n");
        }

        await bench.TypeAsync($"AT+{new string('X', 600)}\r");
        LintFinding finding = bench.First(LintRules.CommandLineTooLong);
        Assert.That(finding.Exchange, Has.Count.EqualTo(10));
        Assert.That(finding.Exchange, Has.All.Property(nameof(LintLine.Text)).Length.LessThan(200));
    }

    [Test]
    public async Task JSON_has_the_shape_that_is_documented()
    {
        await using ModemBench bench = LintBench.Create();
        await bench.PassAsync(TimeSpan.FromMilliseconds(1500));
        await bench.TypeAsync("AT+CSQ\rAT+CEREG?\r");
        JsonNode json = JsonNode.Parse(bench.Lint.ToJson())!;
        Assert.That(json.AsObject().Select(member => member.Key), Is.EqualTo(new[] { "format", "complete", "seconds", "commands", "errors", "warnings", "rules" }));
        Assert.That(json["rules"]!.AsArray().Select(rule => (string?)rule!["id"]), Is.EqualTo(LintRules.All.Select(rule => rule.Id)));
        JsonNode rule = json["rules"]![2]!;
        Assert.That(rule.AsObject().Select(member => member.Key), Is.EqualTo(new[] { "id", "severity", "title", "why", "advice", "source", "count", "findings" }));
        Assert.That(rule["findings"]![0]!.ToJsonString(), Is.EqualTo(
            """{"modem":1,"at":1.5,"text":"0 ms after AT\u002BCSQ the next command came; the modem had not answered yet.","exchange":[{"at":1.5,"from":"host","text":"AT\u002BCSQ"},{"at":1.5,"from":"modem","text":"\u002BCSQ: 24,99"},{"at":1.5,"from":"modem","text":"OK"},{"at":1.5,"from":"host","text":"AT\u002BCEREG?"}]}"""));
    }

    [Test]
    public async Task JUnit_has_a_test_case_for_each_rule_and_fails_from_a_severity_on()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync("a/key=a2345678");
        Assert.That(Failures(bench.Lint.ToJUnitXml()), Is.Empty);
        Assert.That(Failures(bench.Lint.ToJUnitXml(LintSeverity.Warning)), Is.EqualTo(new[] { "secret-in-topic" }));
        XElement suite = XDocument.Parse(bench.Lint.ToJUnitXml()).Root!.Element("testsuite")!;
        Assert.That(suite.Elements("testcase").Select(test => test.Attribute("name")!.Value), Is.EqualTo(LintRules.All.Select(rule => rule.Id)));
        Assert.That(suite.Descendants("system-out").Single().Value, Does.Contain("a/key=****"));

        static IEnumerable<string> Failures(string xml) =>
            XDocument.Parse(xml).Descendants("failure").Select(failure => failure.Parent!.Attribute("name")!.Value);
    }

    [Test]
    public async Task Without_a_command_no_finding_means_nothing_and_the_report_says_so()
    {
        await using ModemBench bench = LintBench.Create();
        Assert.That(bench.Lint.ToText(), Does.Contain("this says nothing about any firmware"));
    }

    [Test]
    public async Task Who_is_told_of_findings_cannot_stop_the_modem()
    {
        int calls = 0;
        await using var bench = new ModemBench(lint: new LintOptions
        {
            AnswerTime = TimeSpan.Zero,
            Changed = () =>
            {
                calls++;
                throw new InvalidOperationException("broken");
            },
        });
        await bench.TypeAsync("AT+CSQ\rAT+CSQ\r");
        await bench.TypeAsync("AT+CSQ\rAT+CSQ\r");
        await bench.SayAsync("AT\r", "\r\nOK\r\n");
        Assert.That(calls, Is.EqualTo(1));
        Assert.That(bench.CountOf(LintRules.CommandBeforeFinalResult), Is.EqualTo(2));
    }

    [Test]
    public async Task An_emulator_reports_to_a_test_and_says_when_it_is_complete()
    {
        Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(new() { Pty = false, Tcp = new(System.Net.IPAddress.Loopback, 0), Lint = new() });
        Assert.That(emulator.GetLintReport().IsComplete, Is.False);
        await emulator.DisposeAsync();
        Assert.That(emulator.GetLintReport().IsComplete, Is.True);

        await using Sim7600Emulator without = await Sim7600Emulator.StartAsync(new() { Pty = false, Tcp = new(System.Net.IPAddress.Loopback, 0) });
        Assert.That(() => without.GetLintReport(), Throws.InvalidOperationException.With.Message.Contains("EmulatorOptions.Lint"));
    }

    [TestCase(0, 10)]
    [TestCase(90_000, 10)]
    [TestCase(60, 1001)]
    public async Task Times_out_of_range_are_refused(int recovery, int answer)
    {
        var options = new EmulatorOptions { Pty = false, Tcp = new(System.Net.IPAddress.Loopback, 0), Lint = new() { RecoveryTime = TimeSpan.FromSeconds(recovery), AnswerTime = TimeSpan.FromMilliseconds(answer) } };
        EmulatorException error = (await Assert.ThrowsAsync<EmulatorException>(() => Sim7600Emulator.StartAsync(options)))!;
        Assert.That(error.Message, Does.Contain("LintOptions."));
    }
}
