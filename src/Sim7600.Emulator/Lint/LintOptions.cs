namespace Sim7600.Emulator.Lint;

/// <summary>How the linter listens.</summary>
public sealed record LintOptions
{
    /// <summary>Findings of one rule that are kept with their conversation; further ones are counted.</summary>
    public const int MaximumQuotes = 3;

    /// <summary>
    /// How long a firmware may do nothing about a lost connection, network or modem before that is a finding, 1 s to 1 day.
    /// After a fault of the line, findings are dropped for as long: what the firmware saw then is not known.
    /// </summary>
    public TimeSpan RecoveryTime { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>
    /// How long the modem takes to answer a command, and from <c>OK</c> to the result of a network operation at least, 0 to
    /// 1 s. An emulator that answers at once hides who does not wait; a real unit was seen to take 9 ms for a START that had
    /// nothing to do.
    /// </summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Called when the report has changed; null calls nobody. The modems call it themselves, several at a time: it must not wait.
    /// </summary>
    public Action? Changed { get; init; }
}
