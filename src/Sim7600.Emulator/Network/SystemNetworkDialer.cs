using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Sim7600.Emulator.Broker;

namespace Sim7600.Emulator.Network;

/// <summary>The network of the machine that the emulator runs on.</summary>
internal sealed class SystemNetworkDialer : INetworkDialer
{
    /// <inheritdoc/>
    public async Task<DialedConnection> ConnectAsync(string host, int port, int localPort, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPAddress> addresses = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        var remote = new IPEndPoint(addresses[0], port);
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (localPort > 0)
            {
                socket.Bind(new IPEndPoint(Any(remote.AddressFamily), localPort));
            }

            await socket.ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
            return new DialedConnection(new NetworkStream(socket, ownsSocket: true), remote);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<DialedConnection> SecureAsync(
        DialedConnection connection, TlsRequest request, string host, TimeProvider time, CancellationToken cancellationToken) =>
        connection with { Stream = await SecuredStream.SecureAsync(connection.Stream, request, host, time, cancellationToken).ConfigureAwait(false) };

    /// <inheritdoc/>
    public IDatagramSocket Bind(int localPort) => new Datagrams(localPort);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        return addresses.Length == 0
            ? throw new SocketException((int)SocketError.HostNotFound)
            : [.. addresses.OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)];
    }

    /// <inheritdoc/>
    public async Task<TimeSpan?> PingAsync(IPAddress address, int size, int timeToLive, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var ping = new Ping();
        PingReply reply = await ping
            .SendPingAsync(address, limit, new byte[size], new PingOptions(timeToLive, dontFragment: false), cancellationToken)
            .ConfigureAwait(false);
        return reply.Status == IPStatus.Success ? TimeSpan.FromMilliseconds(reply.RoundtripTime) : null;
    }

    private static IPAddress Any(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;

    private sealed class Datagrams(int localPort) : IDatagramSocket
    {
        private readonly UdpClient _socket = new(localPort, AddressFamily.InterNetwork);

        public async Task SendAsync(byte[] datagram, IPEndPoint to, CancellationToken cancellationToken) =>
            await _socket.SendAsync(datagram, to, cancellationToken).ConfigureAwait(false);

        public async Task<(byte[] Datagram, IPEndPoint From)> ReceiveAsync(CancellationToken cancellationToken)
        {
            UdpReceiveResult result = await _socket.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            return (result.Buffer, result.RemoteEndPoint);
        }

        public void Dispose() => _socket.Dispose();
    }
}
