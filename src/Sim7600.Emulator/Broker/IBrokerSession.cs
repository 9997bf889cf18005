using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Broker;

/// <summary>
/// The network side of one CMQTT client: one MQTT connection. Operations end with the code that the modem shows; they do not
/// throw for what a network can do. Cancelling one leaves its outcome open.
/// </summary>
internal interface IBrokerSession : IAsyncDisposable
{
    /// <summary>Connects and waits for CONNACK.</summary>
    Task<CmqttResultCode> ConnectAsync(ConnectRequest request, CancellationToken cancellationToken);

    /// <summary>Publishes; ends after PUBACK (QoS 1) or PUBCOMP (QoS 2).</summary>
    Task<CmqttResultCode> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>Subscribes to all filters in one SUBSCRIBE; ends after SUBACK.</summary>
    Task<CmqttResultCode> SubscribeAsync(IReadOnlyList<(string Filter, int Qos)> filters, CancellationToken cancellationToken);

    /// <summary>Unsubscribes from all filters in one UNSUBSCRIBE; ends after UNSUBACK.</summary>
    Task<CmqttResultCode> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken);

    /// <summary>Sends PINGREQ; ends after PINGRESP. When the connection ends instead, <see cref="ISessionEvents"/> tells that.</summary>
    Task<CmqttResultCode> PingAsync(CancellationToken cancellationToken);

    /// <summary>Sends DISCONNECT and closes; <see cref="IAsyncDisposable.DisposeAsync"/> alone closes without it.</summary>
    Task<CmqttResultCode> DisconnectAsync(CancellationToken cancellationToken);
}
