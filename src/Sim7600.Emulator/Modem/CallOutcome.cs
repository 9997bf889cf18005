namespace Sim7600.Emulator.Modem;

/// <summary>How the network treats a voice call that the modem dials.</summary>
internal enum CallOutcome
{
    /// <summary>It rings until somebody hangs up.</summary>
    Rings,

    /// <summary>It cannot be made: <c>NO CARRIER</c> after a while, as in a log of SIM7600EI.</summary>
    Unreachable,

    /// <summary>It is answered.</summary>
    Answered,

    /// <summary>The other side is busy.</summary>
    Busy,
}
