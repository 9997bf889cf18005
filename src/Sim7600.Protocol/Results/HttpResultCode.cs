namespace Sim7600.Protocol.Results;

/// <summary>Numbers that stand in <c>+HTTPACTION</c> where no HTTP status came (HTTP(S) application note V3.00).</summary>
public enum HttpResultCode
{
    /// <summary>The network is missing or failed.</summary>
    NetworkError = 601,

    /// <summary>The name could not be resolved.</summary>
    DnsError = 603,

    /// <summary>The server closed the connection.</summary>
    ConnectionClosed = 704,

    /// <summary>No answer in time.</summary>
    Timeout = 705,

    /// <summary>Sending or receiving failed.</summary>
    TransferFailed = 706,

    /// <summary>No TLS session could be made, for example because a certificate file cannot be read (inferred).</summary>
    NewSslSessionFailed = 710,

    /// <summary>The name could not be resolved, as real units say it.</summary>
    DnsFailed = 713,

    /// <summary>The TCP connection could not be made.</summary>
    ConnectFailed = 714,

    /// <summary>The TLS handshake failed.</summary>
    HandshakeFailed = 715,

    /// <summary>No network.</summary>
    NoNetwork = 717,

    /// <summary>The SSL context's <c>authmode</c> needs a certificate that is not set or not in the modem.</summary>
    CertificatesMissing = 719,

    /// <summary>The server's answer took too long.</summary>
    ServerTimeout = 720,
}
