namespace Sim7600.Driver.Sockets;

/// <summary>What a failed open is about.</summary>
internal enum OpenFailure
{
    /// <summary>The peer, the network or the handshake: it is the caller's to know.</summary>
    Real,

    /// <summary>The number is in use in the modem, by an earlier run or another program.</summary>
    InUse,

    /// <summary>The service is not running (any more).</summary>
    ServiceDown,

    /// <summary>A certificate file is missing or cannot be read.</summary>
    Files,
}
