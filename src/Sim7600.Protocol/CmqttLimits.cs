namespace Sim7600.Protocol;

/// <summary>
/// Lengths and ranges of the AT+CMQTT* commands. Lengths are bytes, times are seconds. Source unless named otherwise:
/// SIM7500_SIM7600 AT command manual V3.00, chapter 16.
/// </summary>
public static class CmqttLimits
{
    /// <summary>MQTT clients that one modem has: index 0 and 1.</summary>
    public const int Clients = 2;

    /// <summary>SSL contexts, 0..9.</summary>
    public const int SslContexts = 10;

    /// <summary>Client id, 1..128 bytes (firmware of 2018: 23).</summary>
    public const int ClientId = 128;

    /// <summary>Shortest server address, <c>tcp://</c> included.</summary>
    public const int ServerAddressMinimum = 9;

    /// <summary>Longest server address, <c>tcp://</c> included.</summary>
    public const int ServerAddress = 256;

    /// <summary>The only scheme a server address may have, with TLS too (field logs: <c>ssl://</c> gives error 12).</summary>
    public const string AddressScheme = "tcp://";

    /// <summary>Port when the address names none, with TLS too.</summary>
    public const int DefaultPort = 1883;

    /// <summary>Shortest keep-alive (firmware of 2018: 60).</summary>
    public const int KeepAliveMinimum = 1;

    /// <summary>Longest keep-alive: 18 hours.</summary>
    public const int KeepAlive = 64800;

    /// <summary>User name, 1..256 bytes.</summary>
    public const int UserName = 256;

    /// <summary>Password, 1..256 bytes.</summary>
    public const int Password = 256;

    /// <summary>Will topic, 1..1024 bytes.</summary>
    public const int WillTopic = 1024;

    /// <summary>Will message, 1..1024 bytes (manual of 2018: 10240).</summary>
    public const int WillMessage = 1024;

    /// <summary>Topic of a publish, a subscription or an unsubscription, 1..1024 bytes.</summary>
    public const int Topic = 1024;

    /// <summary>Payload of a publish and of a received message, 1..10240 bytes; empty is sent by leaving PAYLOAD out.</summary>
    public const int Payload = 10240;

    /// <summary>Bytes of all topics cached by SUBTOPIC, and by UNSUBTOPIC, together.</summary>
    public const int CachedTopics = 5120;

    /// <summary>Shortest time-out of a publish that the manual allows (a field driver sends 1 and is accepted).</summary>
    public const int PublishTimeoutMinimum = 60;

    /// <summary>Longest time-out of a publish.</summary>
    public const int PublishTimeout = 180;

    /// <summary>Shortest time-out of a disconnect besides 0, which means none.</summary>
    public const int DisconnectTimeoutMinimum = 60;

    /// <summary>Longest time-out of a disconnect.</summary>
    public const int DisconnectTimeout = 180;

    /// <summary>Largest piece of a received payload behind one <c>+CMQTTRXPAYLOAD</c> header.</summary>
    public const int ReceivePiece = 1500;

    /// <summary>Longest answer time of START, REL, CONNECT, DISC, PUB, SUB and UNSUB.</summary>
    public const int MaximumResponseSeconds = 120;
}
