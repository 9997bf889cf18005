using System.Net;
using System.Net.Sockets;
using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Network;

namespace Sim7600.Emulator.Tests;

/// <summary>A network that plays a script: names it knows, echo replies in order, and connections whose far end the test holds.</summary>
internal sealed class ScriptedNetwork : INetworkDialer
{
    public Dictionary<string, IPAddress> Names { get; } = [];

    public Queue<TimeSpan?> Echoes { get; } = new();

    /// <summary>What <see cref="ConnectAsync"/> fails with; null never answers.</summary>
    public SocketError? ConnectFailure { get; set; }

    public async Task<DialedConnection> ConnectAsync(string host, int port, int localPort, CancellationToken cancellationToken)
    {
        if (ConnectFailure is { } failure)
        {
            throw new SocketException((int)failure);
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException();
    }

    public Task<DialedConnection> SecureAsync(
        DialedConnection connection, TlsRequest request, string host, TimeProvider time, CancellationToken cancellationToken) => Task.FromResult(connection);

    public IDatagramSocket Bind(int localPort) => throw new SocketException((int)SocketError.AddressAlreadyInUse);

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        Names.TryGetValue(host, out IPAddress? address)
            ? Task.FromResult<IReadOnlyList<IPAddress>>([address])
            : throw new SocketException((int)SocketError.HostNotFound);

    public Task<TimeSpan?> PingAsync(IPAddress address, int size, int timeToLive, TimeSpan limit, CancellationToken cancellationToken) =>
        Task.FromResult(Echoes.Dequeue());
}
