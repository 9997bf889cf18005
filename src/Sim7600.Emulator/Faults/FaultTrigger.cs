namespace Sim7600.Emulator.Faults;

/// <summary>
/// When a fault happens: at a time, when a command arrives, or after publishes; at once when none of them is given.
/// </summary>
public sealed record FaultTrigger
{
    /// <summary>At once.</summary>
    public static FaultTrigger Now { get; } = new();

    /// <summary>Time since the modem was created, 0 to 24 days in whole milliseconds; a time that has passed is now.</summary>
    public TimeSpan? At { get; init; }

    /// <summary>
    /// The command on whose arrival it happens, before the command runs: its name with <c>AT</c>, such as <c>AT+CMQTTPUB</c>, for all
    /// forms, or with <c>?</c>, <c>=</c> or <c>=?</c> behind it for one of them.
    /// </summary>
    public string? Command { get; init; }

    /// <summary>Arrivals of the command that pass before, 0 to 1 000 000.</summary>
    public int Skip { get; init; }

    /// <summary>On how many arrivals of the command it happens, 1 to 1 000 000.</summary>
    public int Times { get; init; } = 1;

    /// <summary>After how many publishes from the injection on that the modem told as successful, 1 to 1 000 000.</summary>
    public int? AfterPublishes { get; init; }

    /// <summary>How long it lasts, 1 ms to 1 day in whole milliseconds; null lasts until it is cleared. Only for faults that last.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>At a time.</summary>
    /// <param name="time">Time since the modem was created.</param>
    /// <returns>The trigger.</returns>
    public static FaultTrigger AtTime(TimeSpan time) => new() { At = time };

    /// <summary>On a command.</summary>
    /// <param name="command">As <see cref="Command"/>.</param>
    /// <param name="skip">As <see cref="Skip"/>.</param>
    /// <param name="times">As <see cref="Times"/>.</param>
    /// <returns>The trigger.</returns>
    public static FaultTrigger OnCommand(string command, int skip = 0, int times = 1) => new() { Command = command, Skip = skip, Times = times };

    /// <summary>After publishes.</summary>
    /// <param name="count">As <see cref="AfterPublishes"/>.</param>
    /// <returns>The trigger.</returns>
    public static FaultTrigger OnPublishes(int count) => new() { AfterPublishes = count };
}
