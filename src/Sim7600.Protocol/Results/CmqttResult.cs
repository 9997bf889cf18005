namespace Sim7600.Protocol.Results;

/// <summary>A CMQTT result number with what a person needs: its name, what it means, and what to do next.</summary>
/// <remarks>Numbers 0–34: AT command manual V3.00, 16.3.1; 35: A76XX MQTT note. Advice: from real sessions and client code.</remarks>
public sealed record CmqttResult
{
    private static readonly CmqttResult[] Table =
    [
        new(CmqttResultCode.Success, "done", "nothing"),
        new(CmqttResultCode.Failure, "general failure", "check registration and signal, then restart the service (DISC, REL, STOP, START)"),
        new(CmqttResultCode.BadUtf8String, "a topic, client id or will is not valid UTF-8", "send UTF-8, or switch the check off with AT+CMQTTCFG=\"checkUTF8\",<i>,0"),
        new(CmqttResultCode.SocketConnectFailed, "the TCP connection to the broker failed", "check the broker's address and port, and that it accepts connections from the mobile network"),
        new(CmqttResultCode.SocketCreateFailed, "no socket could be created", "close unused connections, or restart the service"),
        new(CmqttResultCode.SocketCloseFailed, "the socket could not be closed", "restart the service (DISC, REL, STOP, START)"),
        new(CmqttResultCode.ReceiveFailed, "the broker dropped the link in mid-operation", "check the broker's access rules for this topic and client id, then connect again"),
        new(CmqttResultCode.NetworkOpenFailed, "the packet data context could not be opened", "check SIM, APN (AT+CGDCONT) and registration (AT+CEREG?), then start again"),
        new(CmqttResultCode.NetworkCloseFailed, "the packet data context could not be closed", "wait and stop again, or reset the modem"),
        new(CmqttResultCode.NetworkNotOpened, "the MQTT service is not started", "send AT+CMQTTSTART first"),
        new(CmqttResultCode.ClientIndexError, "the client index is not 0 or 1", "use 0 or 1"),
        new(CmqttResultCode.NoConnection, "the client is not connected to a broker", "connect (again); after +CMQTTCONNLOST the client is still acquired"),
        new(CmqttResultCode.InvalidParameter, "a parameter is invalid", "check ranges; the server address starts with tcp:// even for TLS"),
        new(CmqttResultCode.OperationNotSupported, "the operation is not allowed in this state", "for CONNECT: the client is connected already; ask AT+CMQTTDISC?"),
        new(CmqttResultCode.ClientBusy, "another operation of this client is still running", "wait for its result line, then repeat"),
        new(CmqttResultCode.RequireConnectionFailed, "the CONNECT request could not be sent", "check the network; with TLS check SNI (AT+CSSLCFG=\"enableSNI\")"),
        new(CmqttResultCode.SocketSendFailed, "sending on the socket failed", "check the network, then connect again"),
        new(CmqttResultCode.Timeout, "the broker did not answer in time", "check signal and broker; whether the message arrived is unknown"),
        new(CmqttResultCode.TopicEmpty, "no topic is set", "send AT+CMQTTTOPIC before each publish: PUB consumes it"),
        new(CmqttResultCode.ClientUsed, "the client is acquired already", "go on with it, or release it (AT+CMQTTREL); normal after a restart of the host alone"),
        new(CmqttResultCode.ClientNotAcquired, "the client is not acquired", "send AT+CMQTTACCQ first"),
        new(CmqttResultCode.ClientNotReleased, "a client is still acquired", "disconnect and release every client before AT+CMQTTSTOP"),
        new(CmqttResultCode.LengthOutOfRange, "a length is out of range", "topics: 1 to 1024 bytes; payload: 1 to 10240 bytes"),
        new(CmqttResultCode.NetworkOpened, "the MQTT service is started already", "go on with it; normal after a restart of the host alone"),
        new(CmqttResultCode.PacketError, "an MQTT packet is malformed", "check that the port speaks MQTT 3.1.1"),
        new(CmqttResultCode.DnsError, "the broker's host name could not be resolved", "check the name and the network's DNS"),
        new(CmqttResultCode.SocketClosedByServer, "the broker closed the connection", "check the port and whether it wants TLS (8883 mostly does) or a client certificate (brokers hang up without one), and that no other device has the same client id"),
        new(CmqttResultCode.RefusedProtocolVersion, "the broker refused the MQTT version", "use MQTT 3.1.1 on the broker's side"),
        new(CmqttResultCode.RefusedClientId, "the broker refused the client id", "choose another client id"),
        new(CmqttResultCode.RefusedServerUnavailable, "the broker is not available", "wait, then connect again"),
        new(CmqttResultCode.RefusedUserNameOrPassword, "the broker refused user name or password", "correct them; do not retry unchanged"),
        new(CmqttResultCode.RefusedNotAuthorized, "the broker did not authorise the client", "check the broker's access rules; do not retry unchanged"),
        new(CmqttResultCode.HandshakeFailed, "the TLS handshake failed", "check that the CA certificate is of the authority that signed the broker's, that SNI is on (enableSNI), the TLS version, a client certificate if the broker wants one, and, when dates are checked, the modem's clock (AT+CCLK?)"),
        new(CmqttResultCode.CertificateNotSet, "a certificate that this authentication mode needs is not set", "set cacert of the SSL context for authmode 1, and also clientcert and clientkey for authmode 2"),
        new(CmqttResultCode.SslSessionFailed, "the TLS session could not be opened", "check that the certificate files are stored (AT+CCERTLIST) and are valid PEM with LF line ends (CR LF is refused) or DER, that key and client certificate belong together, and the key's password; old firmware may need an update"),
        new(CmqttResultCode.DisconnectFailed, "disconnecting failed", "release the client and restart the service"),
    ];

    /// <summary>What a bare <c>ERROR</c> says: refused, and the modem did not say why (<c>cmqtt.md</c> 3.5).</summary>
    public static CmqttResult Unspecified { get; } = new(
        CmqttResultCode.Unspecified, "the modem refused without a number", "check the order of the commands and their parameters; restart the service when it repeats");

    /// <summary>A result line whose number cannot be read, or one that contradicts the final result: what happened is not known.</summary>
    public static CmqttResult Unreadable { get; } = new(
        CmqttResultCode.Unspecified, "the modem's result cannot be read", "check cable, supply and baud rate; whether the operation was done is unknown");

    private CmqttResult(CmqttResultCode code, string meaning, string advice)
    {
        Code = code;
        Meaning = meaning;
        Advice = advice;
    }

    /// <summary>Every documented result in the order of its number.</summary>
    public static IReadOnlyList<CmqttResult> All => Table;

    /// <summary>The number's name.</summary>
    public CmqttResultCode Code { get; }

    /// <summary>The number on the wire.</summary>
    public int Number => (int)Code;

    /// <summary>What the number means, as part of a sentence.</summary>
    public string Meaning { get; }

    /// <summary>What to try next, as part of a sentence.</summary>
    public string Advice { get; }

    /// <summary>True for 0.</summary>
    public bool IsSuccess => Code == CmqttResultCode.Success;

    /// <summary>Looks a number up. A number outside the table gets a result that says so; it is never success.</summary>
    /// <param name="number">The number after <c>+CMQTTx: i,</c>.</param>
    /// <returns>The result.</returns>
    public static CmqttResult FromNumber(int number) => number >= 0 && number < Table.Length
        ? Table[number]
        : new CmqttResult((CmqttResultCode)number, "a number that no manual lists", "report it with the modem's firmware version (AT+CGMR)");

    /// <summary><c>30 (RefusedUserNameOrPassword: the broker refused user name or password)</c>.</summary>
    public override string ToString() => $"{Number} ({Code}: {Meaning})";
}
