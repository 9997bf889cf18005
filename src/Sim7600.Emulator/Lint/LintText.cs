using System.Globalization;
using System.Text;

namespace Sim7600.Emulator.Lint;

/// <summary>A report for people.</summary>
internal static class LintText
{
    public static string Of(LintReport report)
    {
        var text = new StringBuilder();
        long errors = report.Count(LintSeverity.Error);
        long warnings = report.Count(LintSeverity.Warning);
        text.Append(CultureInfo.InvariantCulture, $"{Number(errors, "error")}, {Number(warnings, "warning")} in {Number(report.Commands, "command line")} and {Seconds(report.Duration)} s");
        text.Append(report.IsComplete ? ".\n" : "; the emulator was still running.\n");
        if (report.Commands == 0)
        {
            text.Append("No command line was heard: this says nothing about any firmware.\n");
        }

        foreach (LintRuleResult result in report.Rules.Where(result => result.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Word(result.Rule.Severity)} {result.Rule.Id}, {result.Count} ×: {result.Rule.Title}\n");
            text.Append(CultureInfo.InvariantCulture, $"  Why     {result.Rule.Why}\n  Do      {result.Rule.Advice}\n  Source  {result.Rule.Source}\n");
            AppendFindings(text, result);
        }

        string[] kept = [.. report.Rules.Where(result => result.Count == 0).Select(result => result.Rule.Id)];
        if (kept.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nNot broken: {string.Join(", ", kept)}\n");
        }

        return text.ToString();
    }

    /// <summary>The kept findings of a rule with their conversations.</summary>
    public static void AppendFindings(StringBuilder text, LintRuleResult result)
    {
        foreach (LintFinding finding in result.Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  modem {finding.Modem}, {Seconds(finding.Time)} s: {finding.Text}\n");
            foreach (LintLine line in finding.Exchange)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {Seconds(line.Time),9}  {(line.IsFromHost ? ">" : "<")} {line.Text}\n");
            }
        }

        if (result.Count > result.Findings.Count)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  and {result.Count - result.Findings.Count} more\n");
        }
    }

    public static string Word(LintSeverity severity) => severity.ToString().ToLowerInvariant();

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture);

    private static string Number(long count, string word) => string.Create(CultureInfo.InvariantCulture, $"{count} {word}{(count == 1 ? "" : "s")}");
}
