namespace Sim7600.Emulator.Lint;

/// <summary>One place where a firmware broke a rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Modem">The modem's number, from 1.</param>
/// <param name="Time">Since the start of the emulator.</param>
/// <param name="Text">What happened, in one sentence.</param>
/// <param name="Exchange">The last lines of the conversation up to there.</param>
public sealed record LintFinding(LintRule Rule, int Modem, TimeSpan Time, string Text, IReadOnlyList<LintLine> Exchange);
