namespace Sim7600.Emulator.Faults;

/// <summary>How long a fault is there.</summary>
internal enum FaultSpan
{
    /// <summary>It happens at the trigger.</summary>
    Once,

    /// <summary>It happens to the command that triggers it, else to the next one.</summary>
    Command,

    /// <summary>It happens to the next prompt.</summary>
    Prompt,

    /// <summary>It happens to the next connection, or to all during <c>forMs</c>.</summary>
    Next,

    /// <summary>It lasts <c>forMs</c>, or until it is cleared.</summary>
    Lasting,
}
