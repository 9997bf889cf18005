using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Mqtt.Session;
using Sim7600.Protocol;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <content>One connection after the other, and MQTTnet's words for how they end.</content>
public sealed partial class ModemMqttClient
{
    // CONNACK 1 to 5, in MQTTnet's words.
    private static MqttClientConnectResult? ResultOf(MqttConnectException exception)
    {
        MqttClientConnectResultCode? code = exception.Result?.Code switch
        {
            CmqttResultCode.RefusedProtocolVersion => MqttClientConnectResultCode.UnsupportedProtocolVersion,
            CmqttResultCode.RefusedClientId => MqttClientConnectResultCode.ClientIdentifierNotValid,
            CmqttResultCode.RefusedServerUnavailable => MqttClientConnectResultCode.ServerUnavailable,
            CmqttResultCode.RefusedUserNameOrPassword => MqttClientConnectResultCode.BadUserNameOrPassword,
            CmqttResultCode.RefusedNotAuthorized => MqttClientConnectResultCode.NotAuthorized,
            _ => null,
        };
        return code is { } known ? new MqttClientConnectResult { ResultCode = known, ReasonString = exception.Message } : null;
    }

    private static MqttClientConnectResult Accepted() => new()
    {
        ResultCode = MqttClientConnectResultCode.Success,
        MaximumQoS = MqttQualityOfServiceLevel.ExactlyOnce,
        RetainAvailable = true,
        WildcardSubscriptionAvailable = true,
    };

    // What a connection ended with, or what a call came to, as code that knows MQTTnet expects it.
    private static Exception Translated(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        MqttConnectionLostException => new MqttClientDisconnectedException(exception),
        MqttException { Result.Code: CmqttResultCode.Timeout } => new MqttCommunicationTimedOutException(exception),
        MqttException or CertificateUploadException or SslSettingRefusedException => new MqttCommunicationException(exception.Message, exception),
        AtTimeoutException or TimeoutException => new MqttCommunicationTimedOutException(exception),
        AtException => new MqttCommunicationException(exception.Message, exception),
        OperationCanceledException when !cancellationToken.IsCancellationRequested => new MqttCommunicationTimedOutException(exception),
        _ => exception,
    };

    private static MqttClientDisconnectReason ReasonOf(MqttConnectionLoss loss) => loss.Kind switch
    {
        MqttConnectionLossKind.ClosedByHost => MqttClientDisconnectReason.NormalDisconnection,
        MqttConnectionLossKind.KeepAliveFailed => MqttClientDisconnectReason.KeepAliveTimeout,
        _ => MqttClientDisconnectReason.UnspecifiedError,
    };

    private async Task<Sim7600MqttClient> OpenAsync(MqttConnectOptions options, Connection connection, CancellationToken cancellationToken)
    {
        using CancellationTokenSource general = Limit(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(general.Token, _disposing.Token);
        for (int index = 0; ; index++)
        {
            // A connection of an earlier program is not gone on with: with clean session this one must begin without its subscriptions.
            MqttConnectOptions wanted = options with { ClientIndex = index, AdoptConnection = false };
            try
            {
                return await Sim7600MqttClient.ConnectAsync(_modem, wanted, message => connection.Messages.Writer.TryWrite(message), limit.Token).ConfigureAwait(false);
            }
            catch (InvalidOperationException exception)
            {
                if (index == CmqttLimits.Clients - 1)
                {
                    throw new InvalidOperationException("Both MQTT clients of this modem are in use: disconnect one of them first.", exception);
                }
            }
        }
    }

    // As MQTTnet does: its general time-out counts where the caller gave no token.
    private CancellationTokenSource Limit(CancellationToken cancellationToken) => cancellationToken.CanBeCanceled
        ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken)
        : new CancellationTokenSource(Options.Timeout > TimeSpan.Zero ? Options.Timeout : Timeout.InfiniteTimeSpan, TimeProvider);

    private async Task<T> RequestAsync<T>(Func<Sim7600MqttClient, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        if (!IsConnected || _connection is not { } connection)
        {
            throw new MqttClientNotConnectedException();
        }

        using CancellationTokenSource limit = Limit(cancellationToken);
        try
        {
            return await run(connection.Client, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            // MQTTnet's word for it, also when the caller cancelled.
            throw new MqttCommunicationTimedOutException(exception);
        }
        catch (Exception exception) when (exception is AtException or MqttConnectionLostException)
        {
            throw Translated(exception, cancellationToken);
        }
    }

    private async Task<string?> UnlessRefusedAsync(Func<Sim7600MqttClient, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await RequestAsync(
                async (client, token) =>
                {
                    await run(client, token).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (MqttSubscribeException refused)
        {
            return refused.Message;
        }
    }

    private async Task WatchAsync(Connection connection)
    {
        MqttConnectionLoss loss = await connection.Client.ConnectionLost.ConfigureAwait(false);
        if (ReferenceEquals(_connection, connection) && Move(Status.Connected, Status.Disconnecting))
        {
            await CloseAsync(connection).ConfigureAwait(false);
            RaiseDisconnected(true, null, ReasonOf(loss), loss.Description, new MqttCommunicationException(loss.Description, new MqttConnectionLostException(loss)));
        }
    }

    // Never throws: the client's own disposal does not.
    private async Task CloseAsync(Connection connection)
    {
        await connection.Client.DisposeAsync().ConfigureAwait(false);
        Forget(connection);
    }

    private void Forget(Connection connection)
    {
        connection.Messages.Writer.TryComplete();
        Volatile.Write(ref _status, (int)Status.Disconnected);
    }

    private async Task DeliverAsync(Connection connection, string clientId)
    {
        await foreach (MqttMessage message in connection.Messages.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                var packet = new MqttPublishPacket { Topic = message.Topic, PayloadSegment = message.Payload.ToArray() };
                var received = new MqttApplicationMessage { Topic = message.Topic, PayloadSegment = packet.Payload.First.ToArray() };
                await _received.InvokeAsync(new MqttApplicationMessageReceivedEventArgs(clientId, received, packet, (_, _) => Task.CompletedTask)).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                _logger.HandlerFailed(exception, clientId, nameof(ApplicationMessageReceivedAsync));
            }
        }
    }

    // Not awaited by who disconnects, so that a handler can connect again.
    private void RaiseDisconnected(
        bool wasConnected, MqttClientConnectResult? result, MqttClientDisconnectReason reason, string? reasonString, Exception? exception)
    {
        var arguments = new MqttClientDisconnectedEventArgs(wasConnected, result, reason, reasonString, null, exception);
        string clientId = Options.ClientId;
        _ = Task.Run(async () =>
        {
            try
            {
                await _disconnected.InvokeAsync(arguments).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                _logger.HandlerFailed(failure, clientId, nameof(DisconnectedAsync));
            }
        });
    }

    private sealed class Connection
    {
        public Sim7600MqttClient Client { get; set; } = null!;

        public Task Delivering { get; set; } = Task.CompletedTask;

        // Without a limit, as MQTTnet's own client has it: the handler's speed is the caller's affair.
        public Channel<MqttMessage> Messages { get; } = Channel.CreateUnbounded<MqttMessage>(new UnboundedChannelOptions { SingleReader = true });
    }
}
