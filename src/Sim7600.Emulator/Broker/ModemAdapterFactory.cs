using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Sim7600.Emulator.Broker;

/// <summary>
/// Stands between MQTTnet's client and its socket where the client's own ways are not the modem's. The keep-alive time goes into
/// CONNECT, but MQTTnet does not ping: it lets its own sends postpone the ping and so never notices a half-open link; the modem
/// pings on its own clock. Messages are told in the order in which they arrive, before the end of the connection that follows
/// them: MQTTnet's own queue forgets what it holds when the connection ends. QoS 2 messages are told once.
/// </summary>
internal sealed class ModemAdapterFactory : IMqttClientAdapterFactory
{
    private readonly MqttClientAdapterFactory _inner = new();
    private readonly ISessionEvents _events;

    /// <summary>Creates the factory for one connection.</summary>
    /// <param name="events">Told each message and each packet.</param>
    public ModemAdapterFactory(ISessionEvents events) => _events = events;

    /// <summary>The QoS 2 messages whose exchange is not complete; set before connecting.</summary>
    public IncompleteReceipts Receipts { get; set; } = new();

    public IMqttChannelAdapter CreateClientAdapter(MqttClientOptions options, MqttPacketInspector packetInspector, IMqttNetLogger logger)
    {
        var keepAlive = (ushort)options.KeepAlivePeriod.TotalSeconds;
        options.KeepAlivePeriod = TimeSpan.Zero;
        return new Channel(_inner.CreateClientAdapter(options, packetInspector, logger), this, keepAlive);
    }

    private void Look(MqttPacket? packet, MqttProtocolVersion version)
    {
        if (packet is not null)
        {
            _events.PacketPassed(packet, toBroker: false);
        }

        switch (packet)
        {
            case MqttConnAckPacket { ReturnCode: MqttConnectReturnCode.ConnectionAccepted, IsSessionPresent: false } when version == MqttProtocolVersion.V311:
                Receipts.Clear(); // MQTT 3.1 does not say whether the broker knows the session
                break;
            case MqttPubRelPacket release:
                Receipts.Complete(release.PacketIdentifier);
                break;
            case MqttPublishPacket publish
                when publish.QualityOfServiceLevel != MqttQualityOfServiceLevel.ExactlyOnce || Receipts.Begin(publish.PacketIdentifier):
                _events.MessageReceived(Encoding.UTF8.GetBytes(publish.Topic), publish.Payload.ToArray());
                break;
            default:
                break;
        }
    }

    private sealed class Channel(IMqttChannelAdapter inner, ModemAdapterFactory owner, ushort keepAlive) : IMqttChannelAdapter
    {
        public long BytesReceived => inner.BytesReceived;

        public long BytesSent => inner.BytesSent;

        public X509Certificate2 ClientCertificate => inner.ClientCertificate;

        public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

        public EndPoint LocalEndPoint => inner.LocalEndPoint;

        public bool IsSecureConnection => inner.IsSecureConnection;

        public MqttPacketFormatterAdapter PacketFormatterAdapter => inner.PacketFormatterAdapter;

        public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

        public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

        public async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
        {
            MqttPacket packet = await inner.ReceivePacketAsync(cancellationToken).ConfigureAwait(false);
            owner.Look(packet, PacketFormatterAdapter.ProtocolVersion);
            return packet;
        }

        public void ResetStatistics() => inner.ResetStatistics();

        public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
        {
            if (packet is MqttConnectPacket connect)
            {
                connect.KeepAlivePeriod = keepAlive;
            }

            owner._events.PacketPassed(packet, toBroker: true);
            return inner.SendPacketAsync(packet, cancellationToken);
        }

        public void Dispose() => inner.Dispose();
    }
}
