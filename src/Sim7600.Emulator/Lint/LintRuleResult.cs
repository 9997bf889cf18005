namespace Sim7600.Emulator.Lint;

/// <summary>What became of one rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Count">How often it was broken, by all modems together.</param>
/// <param name="Findings">The first of them, at most <see cref="LintOptions.MaximumQuotes"/>.</param>
public sealed record LintRuleResult(LintRule Rule, long Count, IReadOnlyList<LintFinding> Findings);
