namespace Sim7600.Protocol.Results;

/// <summary>Numbers behind <c>+CCHOPEN</c>, <c>+CCHSEND</c> and the other CCH commands (AT command manual V3.00, chapter 10).</summary>
public enum CchResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The server ended the handshake with an alert.</summary>
    Alert = 1,

    /// <summary>Unknown error.</summary>
    Unknown = 2,

    /// <summary>Busy.</summary>
    Busy = 3,

    /// <summary>The peer has closed the connection.</summary>
    ClosedByPeer = 4,

    /// <summary>No answer in time.</summary>
    Timeout = 5,

    /// <summary>Sending or receiving failed.</summary>
    TransferFailed = 6,

    /// <summary>Out of memory.</summary>
    OutOfMemory = 7,

    /// <summary>A parameter is wrong.</summary>
    InvalidParameter = 8,

    /// <summary>The network failed.</summary>
    NetworkError = 9,

    /// <summary>No TLS session could be made, for example because a certificate file cannot be read (inferred).</summary>
    OpenSessionFailed = 10,

    /// <summary>The operation does not fit the session's state.</summary>
    WrongState = 11,

    /// <summary>No socket could be created.</summary>
    CreateSocketFailed = 12,

    /// <summary>The name could not be resolved.</summary>
    DnsFailed = 13,

    /// <summary>The TCP connection could not be made.</summary>
    ConnectFailed = 14,

    /// <summary>The TLS handshake failed: version, cipher, certificate or host name.</summary>
    HandshakeFailed = 15,

    /// <summary>Closing failed.</summary>
    CloseFailed = 16,

    /// <summary>There is no network.</summary>
    NoNetwork = 17,

    /// <summary>Sending took too long.</summary>
    SendTimeout = 18,

    /// <summary>The SSL context's <c>authmode</c> needs a certificate that is not set or not in the modem.</summary>
    CertificatesMissing = 19,
}
