namespace Sim7600.Emulator.Broker;

/// <summary>What <c>AT+CMQTTCONNECT</c> asks for, with what was set before it.</summary>
internal sealed record ConnectRequest
{
    /// <summary>Host of the address, as the firmware wrote it.</summary>
    public required string Host { get; init; }

    /// <summary>Port of the address, 1883 when it named none.</summary>
    public required int Port { get; init; }

    /// <summary>The client id.</summary>
    public required string ClientId { get; init; }

    /// <summary>3 for MQTT 3.1, 4 for MQTT 3.1.1.</summary>
    public required int MqttVersion { get; init; }

    /// <summary>Keep-alive in seconds.</summary>
    public required int KeepAlive { get; init; }

    /// <summary>The clean-session flag.</summary>
    public required bool CleanSession { get; init; }

    /// <summary>User name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>Password, or null; never logged.</summary>
    public byte[]? Password { get; init; }

    /// <summary>Will topic, or null when there is no will.</summary>
    public string? WillTopic { get; init; }

    /// <summary>Will message.</summary>
    public byte[] WillMessage { get; init; } = [];

    /// <summary>QoS of the will, 0..2.</summary>
    public int WillQos { get; init; }

    /// <summary>How the connection is protected, or null for plain TCP.</summary>
    public TlsRequest? Tls { get; init; }

    /// <summary>QoS 2 messages of the MQTT session that are not complete.</summary>
    public IncompleteReceipts Receipts { get; init; } = new();
}
