namespace Sim7600.Protocol.Results;

/// <summary>The <c>&lt;err&gt;</c> number of every AT+CMQTT* answer (manual V3.00, 16.3.1; 35 from the A76XX note).</summary>
public enum CmqttResultCode
{
    /// <summary>Not a number of the modem: it answered <c>ERROR</c> and no number.</summary>
    Unspecified = -1,

    /// <summary>Success.</summary>
    Success = 0,

    /// <summary>General failure.</summary>
    Failure = 1,

    /// <summary>A topic, id or will is not valid UTF-8 while <c>checkUTF8</c> is on.</summary>
    BadUtf8String = 2,

    /// <summary>The TCP connection failed.</summary>
    SocketConnectFailed = 3,

    /// <summary>No socket could be created.</summary>
    SocketCreateFailed = 4,

    /// <summary>The socket could not be closed.</summary>
    SocketCloseFailed = 5,

    /// <summary>Receiving failed, mostly because the broker dropped the link in mid-operation.</summary>
    ReceiveFailed = 6,

    /// <summary>The network (PDP context) could not be opened.</summary>
    NetworkOpenFailed = 7,

    /// <summary>The network could not be closed.</summary>
    NetworkCloseFailed = 8,

    /// <summary>The MQTT service is not started.</summary>
    NetworkNotOpened = 9,

    /// <summary>The client index is not 0 or 1.</summary>
    ClientIndexError = 10,

    /// <summary>The client is not connected.</summary>
    NoConnection = 11,

    /// <summary>A parameter is invalid.</summary>
    InvalidParameter = 12,

    /// <summary>The operation is not allowed now, for example CONNECT while connected.</summary>
    OperationNotSupported = 13,

    /// <summary>Another operation of this client is running.</summary>
    ClientBusy = 14,

    /// <summary>The CONNECT request could not be made.</summary>
    RequireConnectionFailed = 15,

    /// <summary>Sending failed.</summary>
    SocketSendFailed = 16,

    /// <summary>The operation's time ran out.</summary>
    Timeout = 17,

    /// <summary>No topic is set.</summary>
    TopicEmpty = 18,

    /// <summary>The client is acquired already.</summary>
    ClientUsed = 19,

    /// <summary>The client is not acquired.</summary>
    ClientNotAcquired = 20,

    /// <summary>A client is still acquired.</summary>
    ClientNotReleased = 21,

    /// <summary>A length is out of range.</summary>
    LengthOutOfRange = 22,

    /// <summary>The MQTT service is started already.</summary>
    NetworkOpened = 23,

    /// <summary>An MQTT packet is malformed.</summary>
    PacketError = 24,

    /// <summary>The host name could not be resolved.</summary>
    DnsError = 25,

    /// <summary>The server closed the socket.</summary>
    SocketClosedByServer = 26,

    /// <summary>CONNACK 1.</summary>
    RefusedProtocolVersion = 27,

    /// <summary>CONNACK 2.</summary>
    RefusedClientId = 28,

    /// <summary>CONNACK 3.</summary>
    RefusedServerUnavailable = 29,

    /// <summary>CONNACK 4.</summary>
    RefusedUserNameOrPassword = 30,

    /// <summary>CONNACK 5.</summary>
    RefusedNotAuthorized = 31,

    /// <summary>The TLS handshake failed.</summary>
    HandshakeFailed = 32,

    /// <summary>A certificate that the SSL context needs is not set.</summary>
    CertificateNotSet = 33,

    /// <summary>The SSL session could not be opened.</summary>
    SslSessionFailed = 34,

    /// <summary>Disconnecting failed (A76XX siblings only).</summary>
    DisconnectFailed = 35,
}
