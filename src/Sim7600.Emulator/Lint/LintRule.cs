namespace Sim7600.Emulator.Lint;

/// <summary>One thing that the linter looks for.</summary>
/// <param name="Id">Its name in reports, in small letters with hyphens.</param>
/// <param name="Title">What a firmware does that it should not.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Why">Why it fails on a real modem.</param>
/// <param name="Advice">What to do instead.</param>
/// <param name="Source">Where that is known from.</param>
public sealed record LintRule(string Id, string Title, LintSeverity Severity, string Why, string Advice, string Source);
