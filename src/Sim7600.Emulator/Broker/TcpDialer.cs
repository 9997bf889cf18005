using System.Net;
using System.Net.Sockets;
using MQTTnet.Channel;

namespace Sim7600.Emulator.Broker;

/// <summary>Opens one plain TCP connection for MQTTnet's client.</summary>
/// <param name="reset">Called when the peer has reset the connection.</param>
internal sealed class TcpDialer(Action reset) : IMqttClientStreamProvider
{
    /// <inheritdoc/>
    public async Task<Stream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new WatchedSocketStream(socket, reset);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
