using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Sim7600.Emulator.Broker;

namespace Sim7600.Emulator;

/// <summary>The MQTT broker inside the emulator: MQTTnet's server on loopback, open to any other client of this machine.</summary>
public sealed partial class EmbeddedBroker : IAsyncDisposable
{
    /// <summary>Messages kept for <see cref="ExpectPublishAsync"/>; the oldest go first.</summary>
    private const int KeptMessages = 1000;

    /// <summary>MQTTnet drops the oldest message of a slow session silently at its limit, so the limit is high and drops are logged.</summary>
    private const int MaximumPendingMessages = 100_000;

    private readonly MqttServer _server;
    private readonly ILogger _log;
    private readonly TlsServerAdapter? _tls;
    private readonly DevelopmentAuthority? _authority;
    private readonly Channel<BrokerMessage> _published = Channel.CreateBounded<BrokerMessage>(
        new BoundedChannelOptions(KeptMessages) { FullMode = BoundedChannelFullMode.DropOldest });

    private EmbeddedBroker(MqttServer server, TlsServerAdapter? tls, DevelopmentAuthority? authority, ILogger log)
    {
        _server = server;
        _tls = tls;
        _authority = authority;
        _log = log;
        _server.InterceptingPublishAsync += published =>
        {
            MqttApplicationMessage message = published.ApplicationMessage;
            _published.Writer.TryWrite(new BrokerMessage(
                message.Topic, message.Payload.ToArray(), message.QualityOfServiceLevel, message.Retain, published.ClientId));
            return Task.CompletedTask;
        };
        _server.ClientConnectedAsync += connected =>
        {
            LogConnected(connected.ClientId);
            return Task.CompletedTask;
        };
        _server.ClientDisconnectedAsync += disconnected =>
        {
            LogDisconnected(disconnected.ClientId);
            return Task.CompletedTask;
        };
        _server.QueuedApplicationMessageOverwrittenAsync += overwritten =>
        {
            LogDropped(overwritten.ReceiverClientId);
            return Task.CompletedTask;
        };
    }

    /// <summary>Where the broker listens.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Where the broker takes TLS connections, or null when it takes none.</summary>
    public IPEndPoint? TlsEndPoint => _tls?.EndPoint;

    /// <summary>
    /// The CA certificate, as PEM, that the broker's TLS certificates lead to; made at each start. Null without a TLS port.
    /// </summary>
    public string? CertificateAuthority => _authority?.Pem;

    /// <summary>Says which host the TLS client at an end point means, for those that send no SNI.</summary>
    internal void Announce(EndPoint client, string host) => _tls?.Announce(client, host);

    /// <summary>Starts a broker.</summary>
    /// <param name="port">The TCP port on 127.0.0.1; 0 takes any free one.</param>
    /// <param name="tlsPort">The TCP port for TLS; 0 takes any free one, null opens none.</param>
    /// <param name="time">The modems' clock, for which certificates must be valid.</param>
    /// <param name="log">The log.</param>
    /// <returns>The running broker.</returns>
    /// <exception cref="EmulatorException">A port is taken or not permitted.</exception>
    internal static async Task<EmbeddedBroker> StartAsync(int port, int? tlsPort, TimeProvider time, ILogger log)
    {
        DevelopmentAuthority? authority = tlsPort is null ? null : new DevelopmentAuthority(time);
        try
        {
            return await StartAsync(port, tlsPort, authority, log).ConfigureAwait(false);
        }
        catch
        {
            authority?.Dispose();
            throw;
        }
    }

    private static async Task<EmbeddedBroker> StartAsync(int port, int? tlsPort, DevelopmentAuthority? authority, ILogger log)
    {
        // MQTTnet reports port 0 back in some versions only: a free port is found first, and found anew if somebody was faster.
        for (int attempt = 0; ; attempt++)
        {
            int chosen = port == 0 ? FindFreePort() : port;
            MqttServerOptions options = new MqttServerOptionsBuilder()
                .WithDefaultEndpoint()
                .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
                .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
                .WithDefaultEndpointPort(chosen)
                .WithMaxPendingMessagesPerClient(MaximumPendingMessages)
                .WithPersistentSessions()
                .Build();
            var factory = new MqttServerFactory();
            TlsServerAdapter? tls = OpenTls(tlsPort, authority, log);
            IEnumerable<IMqttServerAdapter> adapters = factory.DefaultServerAdapters.Select(create => create(factory));
            MqttServer server = factory.CreateMqttServer(
                options, [.. (tls is null ? adapters : adapters.Append(tls)).Select(adapter => new AnonymousClientAdapter(adapter))]);
            var broker = new EmbeddedBroker(server, tls, authority, log);
            try
            {
                await broker._server.StartAsync().ConfigureAwait(false);
                broker.EndPoint = new IPEndPoint(IPAddress.Loopback, chosen);
                return broker;
            }
            catch (SocketException error)
            {
                broker._server.Dispose();
                if (port != 0 || attempt == 10)
                {
                    throw new EmulatorException(
                        error.SocketErrorCode == SocketError.AccessDenied
                            ? $"The embedded broker may not listen on 127.0.0.1:{chosen}: ports below 1024 need more rights. Choose another with --broker-port, 0 for any."
                            : $"The embedded broker cannot listen on 127.0.0.1:{chosen}: {(error.SocketErrorCode == SocketError.AddressAlreadyInUse ? "another program has the port" : error.Message)}. Stop it, or choose another port with --broker-port (0 for any), or use that broker with --broker mqtt://127.0.0.1:{chosen}.",
                        error);
                }
            }
        }
    }

    /// <summary>Waits for a message that any client publishes; messages since the start, or since the last call, count.</summary>
    /// <param name="topic">The exact topic.</param>
    /// <param name="cancellationToken">Ends the wait; there is no other limit.</param>
    /// <returns>The first message on that topic; messages on other topics before it are skipped.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<BrokerMessage> ExpectPublishAsync(string topic, CancellationToken cancellationToken)
    {
        while (true)
        {
            BrokerMessage message = await _published.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (message.Topic == topic)
            {
                return message;
            }
        }
    }

    /// <summary>Publishes a message as the broker itself.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="payload">The payload; any size.</param>
    /// <param name="qos">The quality of service.</param>
    /// <param name="retain">Keep it for later subscribers.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that completes when the broker took the message.</returns>
    public Task PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtMostOnce,
        bool retain = false,
        CancellationToken cancellationToken = default) =>
        _server.InjectApplicationMessage(
            new InjectedMqttApplicationMessage(new MqttApplicationMessage
            {
                Topic = topic,
                PayloadSegment = payload.ToArray(),
                QualityOfServiceLevel = qos,
                Retain = retain,
            })
            { SenderClientId = "broker" },
            cancellationToken);

    /// <summary>The ids of the clients that are connected now.</summary>
    /// <returns>The ids.</returns>
    public async Task<IReadOnlyList<string>> GetClientsAsync() =>
        [.. (await _server.GetClientsAsync().ConfigureAwait(false)).Select(client => client.Id)];

    /// <summary>Closes all connections and the port.</summary>
    /// <returns>A task that completes when the broker has ended.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsStarted)
        {
            await _server.StopAsync(new MqttServerStopOptions()).ConfigureAwait(false);
        }

        _server.Dispose();
        _authority?.Dispose();
        _published.Writer.TryComplete();
    }

    private static TlsServerAdapter? OpenTls(int? port, DevelopmentAuthority? authority, ILogger log)
    {
        if (port is null || authority is null)
        {
            return null;
        }

        try
        {
            return new TlsServerAdapter(port.Value, authority, log);
        }
        catch (SocketException error)
        {
            throw new EmulatorException(
                $"The embedded broker cannot listen for TLS on 127.0.0.1:{port}: {(error.SocketErrorCode == SocketError.AddressAlreadyInUse ? "another program has the port" : error.Message)}. Choose another with --broker-tls-port, 0 for any, off for none.",
                error);
        }
    }

    private static int FindFreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "Broker: client {ClientId} connected")]
    private partial void LogConnected(string clientId);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Information, Message = "Broker: client {ClientId} disconnected")]
    private partial void LogDisconnected(string clientId);

    [LoggerMessage(EventId = 2303, Level = LogLevel.Warning, Message = "Broker: a message for slow client {ClientId} was dropped")]
    private partial void LogDropped(string clientId);
}
