using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using Sim7600.Driver.Sockets;

namespace Sim7600.Mqtt.Channels;

/// <summary>One connection of MQTTnet's client over a socket of the modem.</summary>
internal sealed class ModemMqttChannel(SocketsFeature sockets, MqttChannelTarget target, SocketOptions options) : IMqttChannel
{
    private SocketStream? _socket;

    public X509Certificate2? ClientCertificate => null;

    public EndPoint RemoteEndPoint => target.EndPoint;

    public EndPoint? LocalEndPoint => null;

    public bool IsSecureConnection => target.Tls is not null;

    public async Task ConnectAsync(CancellationToken cancellationToken) => _socket = target.Tls is { } tls
        ? await sockets.OpenTlsAsync(target.Host, target.Port, tls, options, cancellationToken).ConfigureAwait(false)
        : await sockets.OpenTcpAsync(target.Host, target.Port, options, cancellationToken).ConfigureAwait(false);

    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        if (_socket is { } socket)
        {
            await socket.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Open.ReadAsync(buffer, offset, count, cancellationToken);

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        // One write for one packet: its pieces would cost an AT command each.
        ReadOnlyMemory<byte> packet = buffer.IsSingleSegment ? buffer.First : buffer.ToArray();
        await Open.WriteAsync(packet, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _socket?.Dispose();

    private SocketStream Open => _socket ?? throw new InvalidOperationException("The channel is not connected.");
}
