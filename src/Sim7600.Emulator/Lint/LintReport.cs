namespace Sim7600.Emulator.Lint;

/// <summary>What the linter has heard so far.</summary>
/// <param name="Duration">How long it has listened.</param>
/// <param name="IsComplete">True when the emulator has ended, false for a report of a run that goes on, or that was killed.</param>
/// <param name="Commands">How many command lines it has heard, of all modems; without any, no findings mean nothing.</param>
/// <param name="Rules">All rules in the order of <see cref="LintRules.All"/>.</param>
public sealed record LintReport(TimeSpan Duration, bool IsComplete, long Commands, IReadOnlyList<LintRuleResult> Rules)
{
    /// <summary>How many findings there are of a severity.</summary>
    /// <param name="severity">The severity.</param>
    /// <returns>Their number.</returns>
    public long Count(LintSeverity severity) => Rules.Where(result => result.Rule.Severity == severity).Sum(result => result.Count);

    /// <summary>The report for people.</summary>
    /// <returns>Lines that end with LF.</returns>
    public string ToText() => LintText.Of(this);

    /// <summary>The report as JSON; its shape is in docs/lint.md.</summary>
    /// <returns>One object, indented.</returns>
    public string ToJson() => LintJson.Of(this);

    /// <summary>The report as JUnit XML: a test case for each rule.</summary>
    /// <param name="failsFrom">The severity from which on a finding is a failure; below it, it is output of a test case that passed.</param>
    /// <returns>The document.</returns>
    public string ToJUnitXml(LintSeverity failsFrom = LintSeverity.Error) => LintJUnit.Of(this, failsFrom);
}
