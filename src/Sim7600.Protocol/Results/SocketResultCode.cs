namespace Sim7600.Protocol.Results;

/// <summary>Numbers behind <c>+NETOPEN</c>, <c>+CIPOPEN</c>, <c>+CIPCLOSE</c> and <c>+CIPERROR</c> (AT command manual V3.00, 11.6).</summary>
public enum SocketResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The network failed.</summary>
    NetworkFailure = 1,

    /// <summary><c>AT+NETOPEN</c> is missing, or the network was lost.</summary>
    NetworkNotOpened = 2,

    /// <summary>A parameter is wrong.</summary>
    WrongParameter = 3,

    /// <summary>The operation does not fit the link's state: what a send on a dead link and a close of a closed one give.</summary>
    OperationNotSupported = 4,

    /// <summary>No socket could be created.</summary>
    CreateSocketFailed = 5,

    /// <summary>The local port could not be taken.</summary>
    BindFailed = 6,

    /// <summary>The server listens already.</summary>
    AlreadyListening = 7,

    /// <summary>Busy.</summary>
    Busy = 8,

    /// <summary>Sockets are open.</summary>
    SocketsOpened = 9,

    /// <summary>No answer in time.</summary>
    Timeout = 10,

    /// <summary>The name could not be resolved.</summary>
    DnsFailed = 11,

    /// <summary>Unknown error.</summary>
    Unknown = 12,
}
