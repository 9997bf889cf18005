using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Server;

namespace Sim7600.Emulator.Broker;

/// <summary>
/// The TLS port of the embedded broker. MQTTnet's own serves one certificate; this one serves the certificate of the host that
/// the client means: by SNI, else by what the modem's side announced for the connection, else of this computer.
/// </summary>
internal sealed partial class TlsServerAdapter : IMqttServerAdapter
{
    /// <summary>How long a client may take for its handshake. Clients are real programs, so this is real time.</summary>
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(60);

    private readonly DevelopmentAuthority _authority;
    private readonly ILogger _log;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<EndPoint, string> _announced = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private Task _accepting = Task.CompletedTask;
    private MqttServerOptions _options = new();
    private IMqttNetLogger? _mqttLog;

    /// <summary>Takes the port.</summary>
    /// <param name="port">The TCP port on 127.0.0.1; 0 takes any free one.</param>
    /// <param name="authority">Issues the certificates.</param>
    /// <param name="log">The emulator's log.</param>
    /// <exception cref="SocketException">The port is taken or not permitted.</exception>
    public TlsServerAdapter(int port, DevelopmentAuthority authority, ILogger log)
    {
        _authority = authority;
        _log = log;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <inheritdoc/>
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>Says which host the client at an end point means; for modems that send no SNI.</summary>
    public void Announce(EndPoint client, string host) => _announced[Plain(client)] = host;

    /// <inheritdoc/>
    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        _options = options;
        _mqttLog = logger;
        _listener.Listen();
        _accepting = AcceptAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                Task serving = Task.Run(() => ServeAsync(socket));
                _connections.TryAdd(serving, true);
                _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // stopped
        }
        catch (SocketException error)
        {
            LogAcceptFault(error);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        EndPoint? client = null;
        try
        {
            client = Plain(socket.RemoteEndPoint!);
            socket.NoDelay = true;
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await using (stream.ConfigureAwait(false))
            {
                using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
                {
                    limit.CancelAfter(HandshakeLimit);
                    await stream.AuthenticateAsServerAsync(ChooseCertificate, client, limit.Token).ConfigureAwait(false);
                }

                if (ClientHandler is { } handler)
                {
                    var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(_options.WriterBufferSize, _options.WriterBufferSizeMax));
                    using var channel = new MqttTcpChannel(stream, EndPoint, client, clientCertificate: null);
                    using var adapter = new MqttChannelAdapter(channel, formatter, _mqttLog);
                    await handler(adapter).WaitAsync(_stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // stopped
        }
        catch (Exception error) when (error is AuthenticationException or IOException or SocketException or OperationCanceledException)
        {
            string reason = error.GetBaseException().Message;
            LogNoHandshake(client, reason);
        }
        catch (Exception error)
        {
            LogConnectionFault(error, client);
        }
        finally
        {
            socket.Dispose();
            if (client is not null)
            {
                _announced.TryRemove(client, out _);
            }
        }
    }

    private ValueTask<SslServerAuthenticationOptions> ChooseCertificate(SslStream stream, SslClientHelloInfo hello, object? client, CancellationToken cancellationToken)
    {
        string? host = hello.ServerName.Length > 0 ? hello.ServerName : _announced.GetValueOrDefault((EndPoint)client!);
        return ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _authority.CertificateFor(host),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        });
    }

    /// <summary>A dual-mode socket calls 127.0.0.1 by its IPv6 form.</summary>
    private static EndPoint Plain(EndPoint endPoint) =>
        endPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port) : endPoint;

    [LoggerMessage(EventId = 2311, Level = LogLevel.Information, Message = "Broker: no TLS handshake with {Client}: {Reason}")]
    private partial void LogNoHandshake(EndPoint? client, string reason);

    [LoggerMessage(EventId = 2312, Level = LogLevel.Error, Message = "Broker: the TLS connection of {Client} failed in the emulator")]
    private partial void LogConnectionFault(Exception error, EndPoint? client);

    [LoggerMessage(EventId = 2313, Level = LogLevel.Error, Message = "Broker: the TLS port takes no more connections")]
    private partial void LogAcceptFault(Exception error);
}
