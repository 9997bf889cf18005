using System.Globalization;
using System.Text;

namespace Sim7600.Emulator.Lint;

/// <summary>The rules of the linter as documents; they are printed from the rules themselves.</summary>
public static class LintReference
{
    private const string Introduction = """
        # The linter

        Printed by `sim7600 lint-rules --markdown` from the rules themselves; a test fails when they part.

        ```
        sim7600 emulate --lint report.xml --lint-fail      # run the firmware, then Ctrl-C or SIGTERM
        ```

        An emulator is kinder than a modem: it is there at once, answers at once, and its network loses nothing. The linter listens while a
        firmware talks to it and reports what the firmware got right by luck. It reports what is certain, and is silent where there could be a good
        reason; no finding is no proof. What nobody tried it cannot hear: let things go wrong ([faults.md](faults.md)), for example with

        ```
        // rough.json: sim7600 emulate --boot real --scenario rough.json --lint report.txt
        { "faults": [
            { "on": "AT+CMQTTTOPIC", "skip": 5, "modem": "late-answer", "delayMs": 500 },
            { "on": "AT+CMQTTCONNECT", "modem": "reply", "reply": "+CMQTTCONNECT: 0,3" },
            { "on": "AT+CMQTTPAYLOAD", "skip": 9, "modem": "reply", "reply": "ERROR" },
            { "atMs": 60000, "mqtt": "ping" },
            { "atMs": 90000, "mqtt": "connlost" },
            { "atMs": 120000, "modem": "reset" },
        ] }
        ```

        | option | what |
        | --- | --- |
        | `--lint FILE` | where the report goes: `.txt`, `.json`, `.xml` (JUnit); `-` prints text on stderr at the end |
        | `--lint-format text\|json\|junit` | when the name does not say it |
        | `--lint-fail [error\|warning]` | exit code 1 when there is an error, or with `warning` any finding; in JUnit XML those are the failures |
        | `--lint-recovery-time S` | seconds that a firmware may do nothing about a loss, 1 to 86400; 180 unless given |
        | `--lint-answer-time MS` | how long the modem takes to answer, and at least from `OK` to a result line, 0 to 1000; 10 unless given |

        The file is there from the start, says that it is not complete, is replaced as a whole within a second or so after each finding, and once more at the
        end. An emulator that is killed leaves the last one. Of each rule the first three findings are kept with the conversation before them, further ones
        are counted. Passwords and keys are stars, payloads are a number of bytes.

        What came before what is told by counting bytes: a byte that had arrived when an answer left the modem was not sent because of it. The linter makes the
        modem slower (`--lint-answer-time`), since with one that answers at once waiting and not waiting look the same; beside that it changes nothing. A fault of
        the line (`line …`, `modem urc`, `starved-data`, `missing-prompt`, `freeze`) is not the firmware's: findings are dropped while it lasts, on a line that is
        only slow while it becomes so, and for `--lint-recovery-time` after it, except `secret-in-topic`.

        A finding quotes the conversation in the order and at the times at which the modem took lines and data; the host may have sent them earlier, and that is often the finding.

        In C#: `EmulatorOptions.Lint`, and `emulator.GetLintReport()` in a test.

        ## JSON

        Members are added in later versions, never changed or removed. Times are seconds since the start.

        ```
        { "format": 1, "complete": true, "seconds": 63.021, "commands": 214, "errors": 1, "warnings": 0,
          "rules": [ { "id": "wrong-length", "severity": "error", "title": "…", "why": "…", "advice": "…", "source": "…", "count": 1,
                       "findings": [ { "modem": 1, "at": 7.41, "text": "…",
                                       "exchange": [ { "at": 2.408, "from": "host", "text": "AT+CMQTTPAYLOAD=0,151" }, … ] } ] }, … ] }
        ```

        `errors` and `warnings` count findings, `commands` command lines. All rules are there, those that were kept too.

        ## Rules

        """;

    /// <summary>The rules for a terminal.</summary>
    /// <returns>Lines that end with LF.</returns>
    public static string ToText()
    {
        var text = new StringBuilder();
        foreach (LintRule rule in LintRules.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"{rule.Id} ({LintText.Word(rule.Severity)}): {rule.Title}\n");
            text.Append(CultureInfo.InvariantCulture, $"  Why     {rule.Why}\n  Do      {rule.Advice}\n  Source  {rule.Source}\n\n");
        }

        return text.ToString();
    }

    /// <summary>How the linter is used, and its rules, in Markdown.</summary>
    /// <returns>The document.</returns>
    public static string ToMarkdown()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (LintRule rule in LintRules.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {rule.Id}\n\n{rule.Title}. *{LintText.Word(rule.Severity)}*\n\n");
            text.Append(CultureInfo.InvariantCulture, $"* Why: {rule.Why}\n* Do: {rule.Advice}\n* Source: {rule.Source}\n");
        }

        return text.ToString();
    }
}
