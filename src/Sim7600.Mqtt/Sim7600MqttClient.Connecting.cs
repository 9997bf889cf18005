using System.Diagnostics;
using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Mqtt.Commands;
using Sim7600.Mqtt.Diagnostics;
using Sim7600.Mqtt.Session;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <content>From START to CONNECT, and back.</content>
public sealed partial class Sim7600MqttClient
{
    private readonly MqttSession _session = new();

    // The place in the received order from which on a loss concerns this connection.
    private long _connected;

    // Where an acquired client was found connected, and what was done about it once, so that no step repeats for ever.
    private long? _found;
    private bool _released;
    private bool _disconnected;

    /// <summary>Where the session is in its life.</summary>
    public MqttSessionState State
    {
        get
        {
            lock (_gate)
            {
                return _session.State;
            }
        }
    }

    private MqttSessionEffect Effect
    {
        get
        {
            lock (_gate)
            {
                return _session.Effect;
            }
        }
    }

    private void Move(MqttSessionTrigger trigger)
    {
        lock (_gate)
        {
            MqttSessionState from = _session.State;
            if (_session.Fire(trigger))
            {
                _logger.Moved(Options.ClientIndex, from, _session.State, trigger);
            }
        }
    }

    internal static Task<Sim7600MqttClient> ConnectAsync(Sim7600Modem modem, MqttConnectOptions options, CancellationToken cancellationToken) =>
        ConnectAsync(modem, options, resumes: false, sink: null, cancellationToken);

    /// <summary>Connects for a caller that takes every message, whatever filter it belongs to.</summary>
    internal static Task<Sim7600MqttClient> ConnectAsync(
        Sim7600Modem modem, MqttConnectOptions options, Action<MqttMessage> sink, CancellationToken cancellationToken) =>
        ConnectAsync(modem, options, resumes: false, sink, cancellationToken);

    /// <summary>
    /// Connects for a caller that goes on with what a client of the same options had: it takes the acquired client as it is, leaves it acquired when
    /// it fails, for the next try, and takes every message.
    /// </summary>
    internal static Task<Sim7600MqttClient> ResumeAsync(
        Sim7600Modem modem, MqttConnectOptions options, Action<MqttMessage> sink, CancellationToken cancellationToken) =>
        ConnectAsync(modem, options, resumes: true, sink, cancellationToken);

    private static async Task<Sim7600MqttClient> ConnectAsync(
        Sim7600Modem modem, MqttConnectOptions options, bool resumes, Action<MqttMessage>? sink, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using Activity? activity = MqttTelemetry.BeginConnect(modem.Channel.Name, options);
        CmqttService service = CmqttService.Of(modem.Channel);
        service.Reserve(options.ClientIndex);
        var client = new Sim7600MqttClient(modem, options, sink);
        try
        {
            await client.EstablishAsync(resumes, cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            client.End(new MqttConnectionLoss(MqttConnectionLossKind.ClosedByHost, null, "it was never connected"));
            await client.StopListeningAsync().ConfigureAwait(false);
            service.Free(options.ClientIndex);
            throw;
        }
    }

    /// <summary>Lets go of a client whose connection has ended, without a word to the modem: the next one resumes it.</summary>
    internal async Task AbandonAsync()
    {
        Task closing;
        lock (_gate)
        {
            closing = _closing ??= LetGoAsync();
        }

        await closing.ConfigureAwait(false);
    }

    /// <summary>Ends the service whatever state it is in, so that the next client starts from nothing. Refusals do not matter.</summary>
    internal static async Task RestartServiceAsync(Sim7600Modem modem, MqttConnectOptions options, CancellationToken cancellationToken)
    {
        using AtLease lease = await modem.Channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        var commands = new Cmqtt(lease);
        await commands.DisconnectAsync(options.ClientIndex, options.PublishTimeoutSeconds, cancellationToken).ConfigureAwait(false);
        await commands.ReleaseAsync(options.ClientIndex, cancellationToken).ConfigureAwait(false);
        await commands.StopAsync(cancellationToken).ConfigureAwait(false);
        CmqttService.Of(modem.Channel).Stopped();
    }

    private async Task LetGoAsync()
    {
        End(new MqttConnectionLoss(MqttConnectionLossKind.ClosedByHost, null, "this program let go of it"));
        await StopListeningAsync().ConfigureAwait(false);
        _service.Free(Options.ClientIndex);
    }

    private async Task EstablishAsync(bool resumes, CancellationToken cancellationToken)
    {
        using AtLease lease = await _channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        using AtUrcSubscription heard = _channel.SubscribeUrcs();
        var commands = new Cmqtt(lease);
        try
        {
            while (Effect is not MqttSessionEffect.None)
            {
                Move(await DoAsync(Effect, lease, commands, heard, resumes, cancellationToken).ConfigureAwait(false));
            }

            _logger.Connected(Options.ClientIndex, Options);
            Begin(_connected);
        }
        catch (Exception exception)
        {
            bool touched = State is not MqttSessionState.Stopped;
            Move(MqttSessionTrigger.Failed);
            // Who will resume needs no clean modem, unless it ends.
            if (touched && (!resumes || cancellationToken.IsCancellationRequested))
            {
                await LeaveCleanAsync(commands, exception is OperationCanceledException or AtTimeoutException).ConfigureAwait(false);
            }

            Move(MqttSessionTrigger.LeftClean);
            if (_tls is not null && exception is MqttConnectException { Result.Code: CmqttResultCode.CertificateNotSet or CmqttResultCode.SslSessionFailed })
            {
                await _tls.DistrustFilesAsync(lease, _modem.Certificates).ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task<MqttSessionTrigger> DoAsync(
        MqttSessionEffect effect, AtLease lease, Cmqtt commands, AtUrcSubscription heard, bool resumes, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case MqttSessionEffect.StartService:
                if (_tls is not null)
                {
                    await _tls.ApplyAsync(lease, _modem.Certificates, _modem.Ssl, cancellationToken).ConfigureAwait(false);
                }

                return await StartAsync(commands, cancellationToken).ConfigureAwait(false);
            case MqttSessionEffect.AcquireClient:
                return await AcquireAsync(commands, cancellationToken).ConfigureAwait(false);
            case MqttSessionEffect.InspectClient:
                return await InspectAsync(commands, heard, resumes, cancellationToken).ConfigureAwait(false);
            case MqttSessionEffect.ReleaseClient:
                return await ReleaseAsync(commands, cancellationToken).ConfigureAwait(false);
            case MqttSessionEffect.Connect:
                await SetWillAsync(commands, cancellationToken).ConfigureAwait(false);
                return await ConnectAsync(commands, cancellationToken).ConfigureAwait(false);
            default:
                // Refusals do not matter: CONNECT finds out.
                await commands.DisconnectAsync(Options.ClientIndex, Options.PublishTimeoutSeconds, cancellationToken).ConfigureAwait(false);
                return MqttSessionTrigger.Disconnected;
        }
    }

    private async Task<MqttSessionTrigger> StartAsync(Cmqtt commands, CancellationToken cancellationToken)
    {
        CmqttAnswer answer = await commands.StartAsync(cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccess)
        {
            _service.Started();
            return MqttSessionTrigger.ServiceStarted;
        }

        return answer.Result.Code == CmqttResultCode.NetworkOpened
            ? MqttSessionTrigger.ServiceRunsAlready
            : throw new MqttConnectException("AT+CMQTTSTART", Options, answer.Result);
    }

    private async Task<MqttSessionTrigger> AcquireAsync(Cmqtt commands, CancellationToken cancellationToken)
    {
        CmqttAnswer answer = await commands.AcquireAsync(Options.ClientIndex, Options.ClientId, Options.UsesTls, cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccess)
        {
            _service.NoteAcquired(Options.ClientIndex);
            return MqttSessionTrigger.ClientAcquired;
        }

        return answer.Result.Code == CmqttResultCode.ClientUsed && !_released
            ? MqttSessionTrigger.ClientInUse
            : throw new MqttConnectException("AT+CMQTTACCQ", Options, answer.Result);
    }

    // Normal after a restart of the host alone (cmqtt.md 4). Its will cannot be read, nor which certificates it trusted: such a connection is made anew.
    private async Task<MqttSessionTrigger> InspectAsync(Cmqtt commands, AtUrcSubscription heard, bool resumes, CancellationToken cancellationToken)
    {
        int index = Options.ClientIndex;
        bool sameClient = await commands.IsAcquiredAsAsync(index, Options.ClientId, Options.UsesTls, cancellationToken).ConfigureAwait(false);
        _found = await commands.ConnectedSinceAsync(index, cancellationToken).ConfigureAwait(false);
        bool isDead = false;
        while (heard.Reader.TryRead(out AtUrc? urc))
        {
            isDead |= LossOf(urc) is not null; // after a failed keep-alive the modem calls it connected still
        }

        if (sameClient && _found is { } sequence && !isDead && Options.AdoptConnection && !Options.UsesTls && Options.Will is null
            && await commands.IsConnectedAsAsync(index, Options, cancellationToken).ConfigureAwait(false))
        {
            _logger.Adopting(index);
            _service.NotePayload(index, left: true);
            _connected = sequence;
            return MqttSessionTrigger.ConnectionIsOurs;
        }

        // An earlier program may have been killed inside of PAYLOAD or WILLMSG; what was filled in there must not be published.
        if (sameClient && resumes && _found is null && _service.IsAcquiredByUs(index))
        {
            return MqttSessionTrigger.ClientIsOurs;
        }

        _logger.TakingOver(index);
        return MqttSessionTrigger.ClientIsForeign;
    }

    private async Task<MqttSessionTrigger> ReleaseAsync(Cmqtt commands, CancellationToken cancellationToken)
    {
        int index = Options.ClientIndex;
        if (_found is not null)
        {
            await RepeatWhileBusyAsync("DISC", () => commands.DisconnectAsync(index, Options.PublishTimeoutSeconds, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        CmqttAnswer released = await RepeatWhileBusyAsync("REL", () => commands.ReleaseAsync(index, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!released.IsSuccess && released.Result.Code != CmqttResultCode.ClientNotAcquired)
        {
            throw new MqttConnectException("AT+CMQTTREL", Options, released.Result);
        }

        _released = true;
        _service.NotePayload(index, left: false);
        return MqttSessionTrigger.ClientReleased;
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

    private async Task<MqttSessionTrigger> ConnectAsync(Cmqtt commands, CancellationToken cancellationToken)
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
            if (answer.Result.Code == CmqttResultCode.OperationNotSupported && !_disconnected)
            {
                // Connected already, with whatever options the earlier run had.
                _disconnected = true;
                return MqttSessionTrigger.ConnectionExists;
            }

            _connected = answer.IsSuccess ? answer.Sequence : throw new MqttConnectException("AT+CMQTTCONNECT", Options, answer.Result);
            return MqttSessionTrigger.ConnectionAccepted;
        }
        catch (AtTimeoutException)
        {
            // The result can be lost although the modem connected (field-notes.md 10): ask before giving up.
            long? connected = await commands.ConnectedSinceAsync(index, cancellationToken).ConfigureAwait(false);
            if (connected is { } sequence)
            {
                _connected = sequence;
                return MqttSessionTrigger.ConnectionAccepted;
            }

            throw;
        }
    }

    private Task<CmqttAnswer> RepeatWhileBusyAsync(string operation, Func<Task<CmqttAnswer>> run, CancellationToken cancellationToken) =>
        RepeatAsync(operation, run, answer => answer.Result.Code == CmqttResultCode.ClientBusy ? answer.Result : null, cancellationToken);

    // Under the lease of the failed connect. Whatever goes wrong here must not hide why it failed.
    private async Task LeaveCleanAsync(Cmqtt commands, bool mayBeConnected)
    {
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

    private Task<CmqttAnswer> ReleaseAndStopAsync(Cmqtt commands, bool disconnect, CancellationToken cancellationToken) =>
        RepeatWhileBusyAsync("leaving", () => TryReleaseAndStopAsync(commands, disconnect, cancellationToken), cancellationToken);

    // The modem's 14 (busy) when it must be tried again; any other answer means that it is done.
    private async Task<CmqttAnswer> TryReleaseAndStopAsync(Cmqtt commands, bool disconnect, CancellationToken cancellationToken)
    {
        int index = Options.ClientIndex;
        if (disconnect)
        {
            // Other refusals (11 not connected) do not matter: what counts is that it is not connected afterwards.
            CmqttAnswer left = await commands.DisconnectAsync(index, Options.PublishTimeoutSeconds, cancellationToken).ConfigureAwait(false);
            if (left.Result.Code == CmqttResultCode.ClientBusy)
            {
                return left;
            }
        }

        CmqttAnswer released = await commands.ReleaseAsync(index, cancellationToken).ConfigureAwait(false);
        if (released.Result.Code == CmqttResultCode.ClientBusy)
        {
            return released;
        }

        if (_service.IsForUsToStop(index))
        {
            await commands.StopAsync(cancellationToken).ConfigureAwait(false);
            _service.Stopped();
        }

        return released;
    }

    private async Task CloseAsync()
    {
        MqttConnectionLoss? before = _lost.Task.IsCompletedSuccessfully ? await _lost.Task.ConfigureAwait(false) : null;
        using var limit = new CancellationTokenSource(CleanupTimeout, TimeProvider);
        try
        {
            if (before?.Kind is MqttConnectionLossKind.ModemRestarted or MqttConnectionLossKind.LinkLost)
            {
                // Nothing is left in the modem, or there is no way to it.
                return;
            }

            bool disconnect = before is null or { Kind: MqttConnectionLossKind.KeepAliveFailed };
            for (TimeSpan delay = FirstBusyDelay; ; delay = Longer(delay))
            {
                CmqttAnswer answer;
                using (AtLease lease = await _channel.AcquireAsync(limit.Token).ConfigureAwait(false))
                {
                    End(new MqttConnectionLoss(MqttConnectionLossKind.ClosedByHost, null, "this program closed it"));
                    if (delay == FirstBusyDelay)
                    {
                        Move(MqttSessionTrigger.Close);
                    }

                    answer = await TryReleaseAndStopAsync(new Cmqtt(lease), disconnect, limit.Token).ConfigureAwait(false);
                }

                if (answer.Result.Code != CmqttResultCode.ClientBusy)
                {
                    return;
                }

                if (delay == FirstBusyDelay)
                {
                    limit.CancelAfter(BusyCleanupTimeout);
                }

                _logger.Retrying(Options.ClientIndex, "leaving", answer.Result, delay);
                await Task.Delay(delay, TimeProvider, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Leaving the broker did not end in time. This client is closed; the modem may still hold client {Options.ClientIndex}, which the next connect goes on with or releases.");
        }
        finally
        {
            End(new MqttConnectionLoss(MqttConnectionLossKind.ClosedByHost, null, "this program closed it"));
            Move(MqttSessionTrigger.LeftClean);
            await StopListeningAsync().ConfigureAwait(false);
            _service.Free(Options.ClientIndex);
        }
    }
}
