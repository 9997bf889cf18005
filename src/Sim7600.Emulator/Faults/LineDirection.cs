namespace Sim7600.Emulator.Faults;

/// <summary>Which bytes of the serial line a fault touches.</summary>
public enum LineDirection
{
    /// <summary>What the modem prints.</summary>
    ToHost,

    /// <summary>What the host sends.</summary>
    ToModem,
}
