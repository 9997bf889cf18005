using Sim7600.Driver.Sockets;

namespace Sim7600.Mqtt.Channels;

/// <summary>How MQTTnet's own client uses the modem's sockets. Immutable; change a copy with <c>with</c>.</summary>
public sealed record MqttChannelOptions
{
    /// <summary>Receive mode, times and buffer of the socket.</summary>
    public SocketOptions Socket { get; init; } = new();

    /// <summary>
    /// Certificates for clients whose options ask for TLS (<c>WithTlsOptions</c>); a client whose options ask for none is then refused, instead of
    /// going without. Null takes the trust chain and the target settings of MQTTnet's own options; a client certificate can be given here only,
    /// since the modem needs its private key.
    /// </summary>
    public SocketTlsOptions? Tls { get; init; }
}
