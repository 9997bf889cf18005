using System.Net;
using System.Net.Sockets;
using Sim7600.Emulator.Broker;

namespace Sim7600.Emulator.Network;

/// <summary>
/// The way from the modem's sockets into a real network. A network that plays a script can stand in for it. What fails
/// throws <see cref="SocketException"/>, whose code says why.
/// </summary>
internal interface INetworkDialer
{
    /// <summary>Opens a TCP connection.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="localPort">The port to call from; 0 is any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<DialedConnection> ConnectAsync(string host, int port, int localPort, CancellationToken cancellationToken);

    /// <summary>Makes a connection a TLS connection.</summary>
    /// <param name="connection">The open connection; it is closed when this fails.</param>
    /// <param name="request">How it is to be protected.</param>
    /// <param name="host">The host, for SNI, and what the certificate must name.</param>
    /// <param name="time">The modem's clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnusableFileException">A certificate or key file is not what it should be.</exception>
    /// <exception cref="TlsHandshakeException">The handshake failed.</exception>
    Task<DialedConnection> SecureAsync(DialedConnection connection, TlsRequest request, string host, TimeProvider time, CancellationToken cancellationToken);

    /// <summary>Opens a UDP socket.</summary>
    /// <param name="localPort">The port to listen on; 0 is any.</param>
    IDatagramSocket Bind(int localPort);

    /// <summary>Resolves a name.</summary>
    /// <returns>One or more addresses, IPv4 first.</returns>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);

    /// <summary>Sends one echo request.</summary>
    /// <returns>The time until the reply, or null when none came.</returns>
    Task<TimeSpan?> PingAsync(IPAddress address, int size, int timeToLive, TimeSpan limit, CancellationToken cancellationToken);
}
