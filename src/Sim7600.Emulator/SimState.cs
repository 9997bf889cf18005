namespace Sim7600.Emulator;

/// <summary>The state of the SIM card.</summary>
public enum SimState
{
    /// <summary>Inserted and unlocked.</summary>
    Ready,

    /// <summary>No card.</summary>
    Absent,

    /// <summary>Locked, waiting for the PIN.</summary>
    Pin,

    /// <summary>Blocked, waiting for the PUK.</summary>
    Puk,
}
