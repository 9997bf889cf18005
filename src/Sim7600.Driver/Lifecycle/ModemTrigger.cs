namespace Sim7600.Driver.Lifecycle;

/// <summary>What moves a supervised modem from state to state: the outcome of an effect, or something that came unasked.</summary>
public enum ModemTrigger
{
    /// <summary>This program wants the modem.</summary>
    Open,

    /// <summary>The port is open and <c>AT</c> was answered.</summary>
    Answered,

    /// <summary>Nothing answered, or a command got no answer.</summary>
    NoAnswer,

    /// <summary>The SIM can be used.</summary>
    SimReady,

    /// <summary>The SIM is missing, busy, or wants a PIN.</summary>
    SimNotReady,

    /// <summary>The SIM will not become ready without a person: a wrong PIN, a PUK, or a PIN that nobody gave.</summary>
    SimRefused,

    /// <summary>No SIM became ready in time.</summary>
    SimNotFound,

    /// <summary>The network took the modem.</summary>
    NetworkFound,

    /// <summary>No network took the modem in time.</summary>
    NetworkNotFound,

    /// <summary>The registration ended.</summary>
    NetworkLost,

    /// <summary>The packet data context stands.</summary>
    PacketDataReady,

    /// <summary>The packet data context could not be set up.</summary>
    PacketDataFailed,

    /// <summary>A user of the modem could not go on although the modem looked well.</summary>
    TroubleReported,

    /// <summary>The modem booted (<c>RDY</c>): settings and sessions are gone.</summary>
    Booted,

    /// <summary>The modem switches off.</summary>
    PoweringDown,

    /// <summary>The serial line is gone.</summary>
    LineLost,

    /// <summary>A rung of the recovery ladder was carried out.</summary>
    RungDone,

    /// <summary>A rung of the recovery ladder could not be carried out.</summary>
    RungFailed,

    /// <summary>The modem is to be switched on again.</summary>
    PowerOn,

    /// <summary>This program does not want the modem any more.</summary>
    Close,
}
