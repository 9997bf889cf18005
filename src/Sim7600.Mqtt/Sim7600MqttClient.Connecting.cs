using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Mqtt.Commands;
using Sim7600.Mqtt.Session;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <content>From START to CONNECT, and back.</content>
public sealed partial class Sim7600MqttClient
{
    internal static async Task<Sim7600MqttClient> ConnectAsync(Sim7600Modem modem, MqttConnectOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CmqttService service = CmqttService.Of(modem.Channel);
        service.Reserve(options.ClientIndex);
        var client = new Sim7600MqttClient(modem, options);
        try
        {
            await client.EstablishAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            client.End(new MqttConnectionLoss(MqttConnectionLossKind.ClosedByHost, null, "it was never connected"));
            await client.StopListeningAsync().ConfigureAwait(false);
            service.Free(options.ClientIndex);
            throw;
        }
    }

    private async Task EstablishAsync(CancellationToken cancellationToken)
    {
        using AtLease lease = await _channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        var commands = new Cmqtt(lease);
        bool touched = false;
        try
        {
            if (_tls is not null)
            {
                await _tls.ApplyAsync(lease, _modem.Certificates, _modem.Ssl, cancellationToken).ConfigureAwait(false);
            }

            CmqttAnswer answer = await commands.StartAsync(cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess)
            {
                _service.Started();
            }
            else if (answer.Result.Code != CmqttResultCode.NetworkOpened)
            {
                throw new MqttConnectException("AT+CMQTTSTART", Options, answer.Result);
            }

            touched = true;
            await AcquireAsync(commands, cancellationToken).ConfigureAwait(false);
            await SetWillAsync(commands, cancellationToken).ConfigureAwait(false);
            long connected = await ConnectAsync(commands, cancellationToken).ConfigureAwait(false);
            _logger.Connected(Options.ClientIndex, Options);
            Begin(connected);
        }
        catch (Exception exception)
        {
            await LeaveCleanAsync(commands, touched, exception is OperationCanceledException or AtTimeoutException).ConfigureAwait(false);
            if (_tls is not null && exception is MqttConnectException { Result.Code: CmqttResultCode.CertificateNotSet or CmqttResultCode.SslSessionFailed })
            {
                await _tls.DistrustFilesAsync(lease, _modem.Certificates).ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task AcquireAsync(Cmqtt commands, CancellationToken cancellationToken)
    {
        int index = Options.ClientIndex;
        CmqttAnswer answer = await commands.AcquireAsync(index, Options.ClientId, Options.UsesTls, cancellationToken).ConfigureAwait(false);
        if (answer.Result.Code == CmqttResultCode.ClientUsed)
        {
            // Normal after a restart of the host alone. Its id and its server type may be others, so release it and acquire it as ours.
            _logger.TakingOver(index);
            if (await commands.IsConnectedAsync(index, cancellationToken).ConfigureAwait(false))
            {
                await commands.DisconnectAsync(index, Options.PublishTimeoutSeconds, cancellationToken).ConfigureAwait(false);
            }

            CmqttAnswer released = await RepeatWhileBusyAsync("REL", () => commands.ReleaseAsync(index, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (!released.IsSuccess && released.Result.Code != CmqttResultCode.ClientNotAcquired)
            {
                throw new MqttConnectException("AT+CMQTTREL", Options, released.Result);
            }

            answer = await commands.AcquireAsync(index, Options.ClientId, Options.UsesTls, cancellationToken).ConfigureAwait(false);
        }

        if (!answer.IsSuccess)
        {
            throw new MqttConnectException("AT+CMQTTACCQ", Options, answer.Result);
        }
    }

    private async Task SetWillAsync(Cmqtt commands, CancellationToken cancellationToken)
    {
        if (Options.Will is not { } will)
        {
            return;
        }

        int index = Options.ClientIndex;
        CmqttAnswer answer = await commands.WillTopicAsync(index, will.Topic, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw new MqttConnectException("AT+CMQTTWILLTOPIC", Options, answer.Result);
        }

        answer = await commands.WillMessageAsync(index, will.Payload, (int)will.QualityOfService, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw new MqttConnectException("AT+CMQTTWILLMSG", Options, answer.Result);
        }
    }

    // Gives the place in the received order from which on a loss concerns this connection.
    private async Task<long> ConnectAsync(Cmqtt commands, CancellationToken cancellationToken)
    {
        int index = Options.ClientIndex;
        TimeSpan limit = _tls is not null && _tls.ConnectTimeout > Options.ConnectTimeout ? _tls.ConnectTimeout : Options.ConnectTimeout;
        async Task<CmqttAnswer> Once()
        {
            if (_tls is not null)
            {
                CmqttAnswer chosen = await commands.SslContextAsync(index, _tls.Context, cancellationToken).ConfigureAwait(false);
                if (!chosen.IsSuccess)
                {
                    throw new MqttConnectException("AT+CMQTTSSLCFG", Options, chosen.Result);
                }
            }

            return await commands.ConnectAsync(
                index, Options.Address, Options.KeepAliveSeconds, Options.CleanSession, Options.UserName, Options.Password, limit, cancellationToken)
                .ConfigureAwait(false);
        }

        try
        {
            CmqttAnswer answer = await RepeatWhileBusyAsync("CONNECT", Once, cancellationToken).ConfigureAwait(false);
            if (answer.Result.Code == CmqttResultCode.OperationNotSupported)
            {
                // Connected already, with whatever options the earlier run had.
                await commands.DisconnectAsync(index, Options.PublishTimeoutSeconds, cancellationToken).ConfigureAwait(false);
                answer = await RepeatWhileBusyAsync("CONNECT", Once, cancellationToken).ConfigureAwait(false);
            }

            return answer.IsSuccess ? answer.Sequence : throw new MqttConnectException("AT+CMQTTCONNECT", Options, answer.Result);
        }
        catch (AtTimeoutException)
        {
            // The result can be lost although the modem connected (field-notes.md 10): ask before giving up.
            long? connected = await commands.ConnectedSinceAsync(index, cancellationToken).ConfigureAwait(false);
            if (connected is { } sequence)
            {
                return sequence;
            }

            throw;
        }
    }

    private async Task<CmqttAnswer> RepeatWhileBusyAsync(string operation, Func<Task<CmqttAnswer>> run, CancellationToken cancellationToken)
    {
        long started = TimeProvider.GetTimestamp();
        for (TimeSpan delay = FirstBusyDelay; ; delay = Longer(delay))
        {
            CmqttAnswer answer = await run().ConfigureAwait(false);
            if (answer.Result.Code != CmqttResultCode.ClientBusy || TimeProvider.GetElapsedTime(started) + delay > Options.BusyTimeout)
            {
                return answer;
            }

            _logger.Retrying(Options.ClientIndex, operation, answer.Result, delay);
            await Task.Delay(delay, TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    // Under the lease of the failed connect. Whatever goes wrong here must not hide why it failed.
    private async Task LeaveCleanAsync(Cmqtt commands, bool touched, bool mayBeConnected)
    {
        if (!touched)
        {
            return;
        }

        using var limit = new CancellationTokenSource(CleanupTimeout, TimeProvider);
        try
        {
            await ReleaseAndStopAsync(commands, disconnect: mayBeConnected, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            NoteCleanupFailure(exception);
        }
    }

    private async Task ReleaseAndStopAsync(Cmqtt commands, bool disconnect, CancellationToken cancellationToken)
    {
        int index = Options.ClientIndex;
        if (disconnect)
        {
            // Refusals (11 not connected) do not matter: what counts is that it is not connected afterwards.
            await commands.DisconnectAsync(index, Options.PublishTimeoutSeconds, cancellationToken).ConfigureAwait(false);
        }

        await RepeatWhileBusyAsync("REL", () => commands.ReleaseAsync(index, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (_service.IsForUsToStop(index))
        {
            await commands.StopAsync(cancellationToken).ConfigureAwait(false);
            _service.Stopped();
        }
    }

    private async Task CloseAsync()
    {
        MqttConnectionLoss? before = _lost.Task.IsCompletedSuccessfully ? await _lost.Task.ConfigureAwait(false) : null;
        try
        {
            if (before?.Kind is MqttConnectionLossKind.ModemRestarted or MqttConnectionLossKind.LinkLost)
            {
                // Nothing is left in the modem, or there is no way to it.
                return;
            }

            using var limit = new CancellationTokenSource(CleanupTimeout, TimeProvider);
            using AtLease lease = await _channel.AcquireAsync(limit.Token).ConfigureAwait(false);
            End(new MqttConnectionLoss(MqttConnectionLossKind.ClosedByHost, null, "this program closed it"));
            bool disconnect = before is null or { Kind: MqttConnectionLossKind.KeepAliveFailed };
            await ReleaseAndStopAsync(new Cmqtt(lease), disconnect, limit.Token).ConfigureAwait(false);
        }
        finally
        {
            End(new MqttConnectionLoss(MqttConnectionLossKind.ClosedByHost, null, "this program closed it"));
            await StopListeningAsync().ConfigureAwait(false);
            _service.Free(Options.ClientIndex);
        }
    }
}
