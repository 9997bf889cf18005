using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Broker;

/// <summary>One connection of one CMQTT client, made by MQTTnet. What a network does to it becomes the modem's code.</summary>
internal sealed partial class MqttBrokerSession : IBrokerSession
{
    private const int Unconnected = 0;
    private const int Connected = 1;
    private const int Ended = 2;

    /// <summary>The longest handshake of a connection that the emulator itself protects.</summary>
    private static readonly TimeSpan AddedNegotiationTime = TimeSpan.FromSeconds(60);

    private readonly BrokerDestination _destination;
    private readonly ISessionEvents _events;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ModemAdapterFactory _adapters;
    private readonly IMqttClient _client;
    private readonly CancellationTokenSource _life = new();
    private TlsMaterial? _material;
    private int _state = Unconnected;
    private volatile bool _wasReset;

    public MqttBrokerSession(BrokerDestination destination, ISessionEvents events, TimeProvider time, ILogger log)
    {
        _destination = destination;
        _events = events;
        _time = time;
        _log = log;
        _adapters = new ModemAdapterFactory(events);
        _client = new MqttClientFactory().CreateMqttClient(_adapters);
        _client.DisconnectedAsync += _ =>
        {
            // MQTTnet tells server stop and take-over as a normal disconnect: all that we did not ask for is a loss.
            TellLoss(_wasReset ? 2 : 1);
            return Task.CompletedTask;
        };
    }

    public async Task<CmqttResultCode> ConnectAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        _adapters.Receipts = request.Receipts;
        DnsEndPoint endPoint = (request.Tls is null ? _destination.Plain : _destination.Tls) ?? new DnsEndPoint(request.Host, request.Port);
        if (request.Tls is not null && _destination.RefusesTls)
        {
            LogConnectFailed(endPoint.Host, endPoint.Port, CmqttResultCode.SocketConnectFailed, "the embedded broker was started without a TLS port");
            return CmqttResultCode.SocketConnectFailed;
        }

        TlsDialer? dialer = null;
        try
        {
            dialer = CreateDialer(request, endPoint);
            MqttClientConnectResult result = await _client.ConnectAsync(Options(request, endPoint, dialer), cancellationToken).ConfigureAwait(false);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
            {
                LogRefused(endPoint.Host, endPoint.Port, result.ResultCode);
            }
            else if (Interlocked.CompareExchange(ref _state, Connected, Unconnected) == Unconnected && !_client.IsConnected)
            {
                TellLoss(1); // lost before we could hear of it
            }

            return CodeOf(result.ResultCode);
        }
        catch (Exception) when (Volatile.Read(ref _state) == Ended)
        {
            return CmqttResultCode.Timeout; // the modem has given the session up and told why; no broker is to blame
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            (CmqttResultCode code, string reason) = Explain(error, dialer, cancellationToken.IsCancellationRequested);
            LogConnectFailed(endPoint.Host, endPoint.Port, code, reason);
            return code;
        }
    }

    public Task<CmqttResultCode> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken) => RunAsync("publish", async life =>
    {
        MqttClientPublishResult result = await _client.PublishAsync(
            new MqttApplicationMessage
            {
                Topic = message.Topic,
                PayloadSegment = message.Payload,
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)message.Qos,
                Retain = message.Retain,
                Dup = message.Duplicate && message.Qos > 0, // MQTT forbids it with QoS 0 (3.3.1.1); the modem's way is not known
            },
            life).ConfigureAwait(false);
        return result.IsSuccess ? CmqttResultCode.Success : CmqttResultCode.Failure;
    }, cancellationToken);

    public Task<CmqttResultCode> SubscribeAsync(IReadOnlyList<(string Filter, int Qos)> filters, CancellationToken cancellationToken) => RunAsync("subscribe", async life =>
    {
        var options = new MqttClientSubscribeOptions
        {
            TopicFilters =
            [
                .. filters.Select(filter => new MqttTopicFilter { Topic = filter.Filter, QualityOfServiceLevel = (MqttQualityOfServiceLevel)filter.Qos }),
            ],
        };
        MqttClientSubscribeResult result = await _client.SubscribeAsync(options, life).ConfigureAwait(false);
        foreach (MqttClientSubscribeResultItem item in result.Items.Where(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2))
        {
            // The modem reports one number for the whole SUBSCRIBE and hides a filter's refusal (cmqtt.md 5.14).
            LogFilterRefused(item.TopicFilter.Topic, item.ResultCode);
        }

        return CmqttResultCode.Success;
    }, cancellationToken);

    public Task<CmqttResultCode> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken) => RunAsync("unsubscribe", async life =>
    {
        await _client.UnsubscribeAsync(new MqttClientUnsubscribeOptions { TopicFilters = [.. filters] }, life).ConfigureAwait(false);
        return CmqttResultCode.Success;
    }, cancellationToken);

    public Task<CmqttResultCode> PingAsync(CancellationToken cancellationToken) => RunAsync("ping", async life =>
    {
        await _client.PingAsync(life).ConfigureAwait(false);
        return CmqttResultCode.Success;
    }, cancellationToken);

    public Task<CmqttResultCode> DisconnectAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _state, Ended);
        return RunAsync("disconnect", async life =>
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), life).ConfigureAwait(false);
            return CmqttResultCode.Success;
        }, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _state, Ended);
        _life.Cancel();
        _client.Dispose();
        _life.Dispose();
        _material?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes what opens the connection when it needs TLS; null when it needs none.</summary>
    /// <exception cref="UnusableFileException">A certificate or key file is not what it should be.</exception>
    private TlsDialer? CreateDialer(ConnectRequest request, DnsEndPoint endPoint)
    {
        if (request.Tls is { } tls)
        {
            _material = TlsMaterial.Load(tls);
            return new TlsDialer(tls, _material, request.Host, _time, _destination.Announce) { Reset = NoteReset };
        }

        if (!_destination.AddsTls)
        {
            return null;
        }

        tls = new TlsRequest
        {
            OffersTls13 = true,
            VerifiesServer = true,
            VerifiesHostName = true,
            SendsServerName = true,
            Now = TimeProvider.System.GetUtcNow(),
            NegotiationTime = AddedNegotiationTime,
        };
        _material = TlsMaterial.Load(tls);
        return new TlsDialer(tls, _material, endPoint.Host, _time, announce: null) { Reset = NoteReset };
    }

    private MqttClientOptions Options(ConnectRequest request, DnsEndPoint endPoint, TlsDialer? dialer)
    {
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder()
            .WithTcpServer(endPoint.Host, endPoint.Port)
            .WithProtocolVersion(request.MqttVersion == 3 ? MqttProtocolVersion.V310 : MqttProtocolVersion.V311)
            .WithClientId(request.ClientId)
            .WithCleanSession(request.CleanSession)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(request.KeepAlive))
            .WithTimeout(TimeSpan.FromMinutes(10)); // the modem's own time-outs decide, on its own clock
        if (request.UserName is not null)
        {
            options = options.WithCredentials(request.UserName, request.Password);
        }

        if (request.WillTopic is not null)
        {
            options = options.WithWillTopic(request.WillTopic)
                .WithWillPayload(request.WillMessage)
                .WithWillQualityOfServiceLevel((MqttQualityOfServiceLevel)request.WillQos);
        }

        return options.WithStreamProvider(dialer is null ? new TcpDialer(NoteReset) : dialer).Build();
    }

    /// <summary>The modem's code for a connection that did not come about, and the reason for people.</summary>
    private static (CmqttResultCode Code, string Reason) Explain(Exception error, TlsDialer? dialer, bool isCancelled)
    {
        if (isCancelled)
        {
            return (CmqttResultCode.Timeout, "the modem's own time is over");
        }

        if (error is UnusableFileException)
        {
            return (CmqttResultCode.SslSessionFailed, error.Message);
        }

        if (dialer?.Failure is { } failure)
        {
            return (CmqttResultCode.HandshakeFailed, failure);
        }

        CmqttResultCode code = CodeOf(error, connecting: true);
        string reason = Innermost(error).Message;
        return dialer is { IsSecured: true } && code == CmqttResultCode.SocketClosedByServer
            ? (code, $"the server closed the connection after the TLS handshake, as servers do that demand a client certificate and got none (authmode 2 or 3 shows one): {reason}")
            : (code, reason);
    }

    private void NoteReset() => _wasReset = true;

    private void TellLoss(int cause)
    {
        if (Interlocked.CompareExchange(ref _state, Ended, Connected) == Connected)
        {
            _events.ConnectionLost(cause);
        }
    }

    /// <summary>
    /// Runs an operation until it ends or the modem no longer waits for it. Then it still goes on, up to the acknowledgement
    /// that nobody hears: to cancel it could cut a packet in the middle, and the broker would misread all that follows.
    /// </summary>
    private async Task<CmqttResultCode> RunAsync(string operation, Func<CancellationToken, Task<CmqttResultCode>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(operation, action, _life.Token, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            return CmqttResultCode.Timeout;
        }
    }

    private async Task<CmqttResultCode> TryAsync(string operation, Func<CancellationToken, Task<CmqttResultCode>> action, CancellationToken life, CancellationToken waiting)
    {
        try
        {
            return await action(life).ConfigureAwait(false);
        }
        catch (Exception) when (life.IsCancellationRequested)
        {
            return CmqttResultCode.Timeout; // given up together with the session
        }
        catch (Exception) when (waiting.IsCancellationRequested)
        {
            return CmqttResultCode.Timeout; // the modem said so long ago
        }
        catch (ObjectDisposedException) when (Volatile.Read(ref _state) == Ended)
        {
            return CmqttResultCode.NoConnection; // the modem has dropped the session itself, so nobody waits for this
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            CmqttResultCode code = CodeOf(error, connecting: false);
            LogOperationFailed(operation, code, Innermost(error).Message);
            return code;
        }
    }

    private static CmqttResultCode CodeOf(MqttClientConnectResultCode code) => code switch
    {
        MqttClientConnectResultCode.Success => CmqttResultCode.Success,
        MqttClientConnectResultCode.UnsupportedProtocolVersion => CmqttResultCode.RefusedProtocolVersion,
        MqttClientConnectResultCode.ClientIdentifierNotValid => CmqttResultCode.RefusedClientId,
        MqttClientConnectResultCode.ServerUnavailable => CmqttResultCode.RefusedServerUnavailable,
        MqttClientConnectResultCode.BadUserNameOrPassword => CmqttResultCode.RefusedUserNameOrPassword,
        MqttClientConnectResultCode.NotAuthorized => CmqttResultCode.RefusedNotAuthorized,
        _ => CmqttResultCode.RequireConnectionFailed,
    };

    private static CmqttResultCode CodeOf(Exception error, bool connecting)
    {
        for (Exception? each = error; each is not null; each = each.InnerException)
        {
            switch (each)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery }:
                    return CmqttResultCode.DnsError;
                case SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown }:
                    return connecting ? CmqttResultCode.SocketClosedByServer : CmqttResultCode.ReceiveFailed;
                case SocketException:
                    return connecting ? CmqttResultCode.SocketConnectFailed : CmqttResultCode.SocketSendFailed;
                case MqttProtocolViolationException:
                    return connecting ? CmqttResultCode.PacketError : CmqttResultCode.InvalidParameter;
                case ArgumentException:
                    return CmqttResultCode.InvalidParameter;
                default:
                    break;
            }
        }

        return connecting ? CmqttResultCode.SocketClosedByServer : CmqttResultCode.ReceiveFailed;
    }

    private static Exception Innermost(Exception error) => error.InnerException is null ? error : Innermost(error.InnerException);

    [LoggerMessage(EventId = 2201, Level = LogLevel.Warning, Message = "Broker {Host}:{Port} refused the connection: {Code}")]
    private partial void LogRefused(string host, int port, MqttClientConnectResultCode code);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Warning, Message = "No connection to broker {Host}:{Port}, the modem says {Code}: {Reason}")]
    private partial void LogConnectFailed(string host, int port, CmqttResultCode code, string reason);

    [LoggerMessage(EventId = 2203, Level = LogLevel.Warning, Message = "MQTT {Operation} failed, the modem says {Code}: {Reason}")]
    private partial void LogOperationFailed(string operation, CmqttResultCode code, string reason);

    [LoggerMessage(EventId = 2204, Level = LogLevel.Warning, Message = "The broker refused the subscription to {Filter} ({Code}); the modem does not report that")]
    private partial void LogFilterRefused(string filter, MqttClientSubscribeResultCode code);
}
