namespace Sim7600.Emulator.Faults;

/// <summary>A fault that waits for a command or for publishes.</summary>
internal sealed class PendingFault(Fault fault, FaultTrigger trigger)
{
    public Fault Fault { get; } = fault;

    public FaultTrigger Trigger { get; } = trigger;

    /// <summary>The command that it waits for, or null when it waits for publishes.</summary>
    public CommandPattern? Command { get; } = trigger.Command is { } command ? CommandPattern.Parse(command) : null;

    /// <summary>Commands or publishes that it has seen.</summary>
    public int Seen { get; private set; }

    /// <summary>True when it will not happen again.</summary>
    public bool IsDone => Seen >= (Trigger.AfterPublishes ?? Trigger.Skip + Trigger.Times);

    /// <summary>What it waits for has come.</summary>
    /// <returns>True when it happens now.</returns>
    public bool See() => ++Seen >= (Trigger.AfterPublishes ?? Trigger.Skip + 1);
}
