namespace Sim7600.Emulator.Lint;

/// <summary>One line of a conversation, as it may be shown: passwords and keys are stars, payloads are a number of bytes.</summary>
/// <param name="Time">Since the start of the emulator.</param>
/// <param name="IsFromHost">True when the host sent it, false when the modem printed it.</param>
/// <param name="Text">The line without its line end.</param>
public sealed record LintLine(TimeSpan Time, bool IsFromHost, string Text);
