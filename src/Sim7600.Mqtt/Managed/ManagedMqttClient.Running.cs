using System.Diagnostics;
using System.Globalization;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Driver.Lifecycle;
using Sim7600.Driver.Recovery;
using Sim7600.Mqtt.Diagnostics;
using Sim7600.Mqtt.Session;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <content>The loop: modem, connection, outbox, and what to do when one of them fails.</content>
public sealed partial class ManagedMqttClient
{
    // How long the supervisor may take to find out what we have found already.
    private static readonly TimeSpan SupervisorGrace = TimeSpan.FromSeconds(30);
    private const int UnknownLimit = 2;
    private int _refusals;
    private bool _restartsService;

    // After a failed keep-alive the modem goes on with a dead connection until it is told to disconnect (manual V3.00, 16.3.3).
    private bool _connectsAnew;

    // How the last publish ended, while the outbox could not store it: it is not published again for that.
    private (long Id, PublishOutcome Outcome)? _unstored;

    private async Task RunAsync()
    {
        // What it does for days is no part of the trace in which it was begun.
        Activity.Current = null;
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                await RunOnceAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // disposed
        }
        finally
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    private async Task EndAsync()
    {
        await Supervisor.DisposeAsync().ConfigureAwait(false);
        try
        {
            await Outbox.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            MqttTelemetry.Hide(this);
            Move(ManagedMqttState.Closed, "this program closed it");
            _messages.Writer.TryComplete();
            _steps.End();
        }
    }

    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        OnlinePeriod online;
        try
        {
            if (Supervisor.State != ModemState.Online)
            {
                Move(ManagedMqttState.WaitingForModem, $"the modem is {Supervisor.State}");
            }

            online = await Supervisor.WaitOnlineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ModemFaultedException exception)
        {
            await FaultAsync(exception, cancellationToken).ConfigureAwait(false);
            Supervisor.Start();
            return;
        }

        Failure failure = await ConnectAndServeAsync(online, cancellationToken).ConfigureAwait(false);
        await RecoverAsync(online, failure, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Failure> ConnectAndServeAsync(OnlinePeriod online, CancellationToken cancellationToken)
    {
        Sim7600MqttClient? client = null;
        long? since = null;
        try
        {
            Move(ManagedMqttState.Connecting, $"to {Options.Connection}");
            if (_restartsService)
            {
                _restartsService = false;
                await Sim7600MqttClient.RestartServiceAsync(online.Modem, Options.Connection, cancellationToken).ConfigureAwait(false);
            }

            MqttConnectOptions options = _connectsAnew ? Options.Connection with { AdoptConnection = false } : Options.Connection;
            client = await Sim7600MqttClient.ResumeAsync(online.Modem, options, Receive, cancellationToken).ConfigureAwait(false);
            _connectsAnew = false;
            await SubscribeAllAsync(client, cancellationToken).ConfigureAwait(false);
            since = _time.GetTimestamp();
            _refusals = 0;
            Move(ManagedMqttState.Connected, $"to {Options.Connection}");
            Failure failure = await ServeAsync(client, cancellationToken).ConfigureAwait(false);
            return failure;
        }
        catch (MqttConnectException exception)
        {
            return new Failure(exception, exception.Message) { Code = exception.Result?.Code };
        }
        catch (Exception exception) when (exception is AtException or MqttException or OutboxStoreException or ArgumentException or InvalidOperationException)
        {
            return new Failure(exception, exception.Message);
        }
        finally
        {
            if (since is { } start && _time.GetElapsedTime(start) >= Options.Modem.Recovery.StableAfter)
            {
                _ladder.Reset();
                Supervisor.ReportHealthy();
            }

            lock (_gate)
            {
                _client = null;
            }

            if (client is not null)
            {
                _connectsAnew = client.ConnectionLost.IsCompleted && (await client.ConnectionLost.ConfigureAwait(false)).Kind == MqttConnectionLossKind.KeepAliveFailed;
                await LeaveAsync(client).ConfigureAwait(false);
            }
        }
    }

    // Orderly when this program ends; otherwise the next connection resumes what the modem still has.
    private ValueTask LeaveAsync(Sim7600MqttClient client) =>
        _stopping.IsCancellationRequested ? client.DisposeAsync() : new ValueTask(client.AbandonAsync());

    private async Task SubscribeAllAsync(Sim7600MqttClient client, CancellationToken cancellationToken)
    {
        KeyValuePair<string, MqttQualityOfServiceLevel>[] wanted;
        lock (_gate)
        {
            // Whoever subscribes from now on does so by itself.
            _client = client;
            wanted = [.. _filters];
        }

        foreach ((string filter, MqttQualityOfServiceLevel qos) in wanted)
        {
            await _filterTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (IsWanted(filter, qos))
                {
                    await client.SubscribeFilterAsync(filter, qos, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (MqttSubscribeException exception) when (client.IsConnected && exception.Result?.Code != CmqttResultCode.ClientBusy)
            {
                _logger.SubscribeRefused(Options.Connection.ClientIndex, filter, exception.Message);
            }
            finally
            {
                _filterTurn.Release();
            }
        }
    }

    private void Receive(MqttMessage message) => _messages.Writer.TryWrite(message);

    private async Task<Failure> ServeAsync(Sim7600MqttClient client, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watching = StopAtLossAsync(client, stop);
        int unknown = 0;
        try
        {
            await OfStoreAsync(StoreEndAsync, stop.Token).ConfigureAwait(false);
            while (client.IsConnected)
            {
                OutboxMessage message = await OfStoreAsync(Outbox.NextAsync, stop.Token).ConfigureAwait(false);
                PublishOutcome outcome = await PublishAsync(client, message).ConfigureAwait(false);
                _unstored = (message.Id, outcome);
                await OfStoreAsync(StoreEndAsync, stop.Token).ConfigureAwait(false);
                unknown = outcome.MayHaveArrived ? unknown + 1 : 0;
                bool unconnected = outcome.Result?.Code is CmqttResultCode.NoConnection or CmqttResultCode.ClientNotAcquired or CmqttResultCode.NetworkNotOpened;
                if (client.IsConnected && (unconnected || unknown == UnknownLimit || (unknown > 0 && !await client.AskIsConnectedAsync(stop.Token).ConfigureAwait(false))))
                {
                    return new Failure(null, outcome.Reason);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The connection ended while nothing was to be published.
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }

        MqttConnectionLoss loss = await client.ConnectionLost.ConfigureAwait(false);
        return new Failure(null, loss.Description) { Loss = loss.Kind };
    }

    private static async Task StopAtLossAsync(Sim7600MqttClient client, CancellationTokenSource stop)
    {
        try
        {
            await client.ConnectionLost.WaitAsync(stop.Token).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // stopped first
        }
    }

    // A message that was taken is always given back or ended, whatever happens.
    private async Task<PublishOutcome> PublishAsync(Sim7600MqttClient client, OutboxMessage message)
    {
        PublishOutcome outcome;
        try
        {
            outcome = await client.PublishAsync(message.Topic, message.Payload, message.QualityOfService, message.Retain, _abandoning.Token).ConfigureAwait(false);
            if (outcome.Result == CmqttResult.Unspecified && !await client.AskIsConnectedAsync(_abandoning.Token).ConfigureAwait(false))
            {
                // A modem that has lost its connection, or its mind, says ERROR to every message: that is not the message's fault.
                client.Distrust("the modem answered ERROR to a message and knows of no connection");
                throw new MqttConnectionLostException(await client.ConnectionLost.ConfigureAwait(false));
            }
        }
        catch (Exception exception) when (exception is MqttConnectionLostException or AtException or InvalidOperationException)
        {
            Outbox.Release(message.Id);
            throw;
        }
        catch (OperationCanceledException)
        {
            outcome = PublishOutcome.Unknown("this program ended while it was being published");
        }
        catch (ArgumentException exception)
        {
            // No program of this version stored it.
            outcome = PublishOutcome.Invalid($"what is stored can never be published: {exception.Message}");
        }

        if (!outcome.IsDelivered)
        {
            _logger.NotDelivered(Options.Connection.ClientIndex, message.Id, message.Topic, outcome);
        }

        return outcome;
    }

    private async Task<bool> StoreEndAsync(CancellationToken cancellationToken)
    {
        if (_unstored is { } end)
        {
            // How a publish ended is stored also when this program ends.
            await Outbox.CompleteAsync(end.Id, end.Outcome, CancellationToken.None).ConfigureAwait(false);
            _unstored = null;
        }

        return true;
    }

    // A disk that is full or does not answer is no refusal: the connection stays, so that messages are still received, and the store is tried again.
    private async Task<T> OfStoreAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        RecoveryOptions recovery = Options.Modem.Recovery;
        for (TimeSpan delay = recovery.FirstDelay; ; delay = delay * 2 < recovery.LongestDelay ? delay * 2 : recovery.LongestDelay)
        {
            try
            {
                return await work(cancellationToken).ConfigureAwait(false);
            }
            catch (OutboxStoreException exception) when (exception.Problem is not (OutboxStoreProblem.Damaged or OutboxStoreProblem.Closed))
            {
                _logger.StoreFailed(Options.Connection.ClientIndex, delay, exception.Message);
                Move(ManagedMqttState.Recovering, string.Create(CultureInfo.InvariantCulture, $"{exception.Message} The connection stays; the outbox is tried again in {delay.TotalSeconds:0.#} s."));
            }

            await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
            Move(ManagedMqttState.Connected, $"to {Options.Connection}, and trying the outbox again");
        }
    }

    private async Task RecoverAsync(OnlinePeriod online, Failure failure, CancellationToken cancellationToken)
    {
        if (failure.IsOfTheModem)
        {
            // The supervisor sees it too, or is told.
            if (failure.Error is AtTimeoutException or ModemNotRespondingException)
            {
                Supervisor.ReportSilence(failure.Reason);
            }

            Move(ManagedMqttState.Recovering, failure.Reason);
            await EndOfAsync(online, SupervisorGrace, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (failure.Error is OutboxStoreException || (failure.IsRefusal && ++_refusals >= Options.RefusalLimit))
        {
            _refusals = 0;
            await FaultAsync(failure.Error!, cancellationToken).ConfigureAwait(false);
            return;
        }

        // A payload that a broken-off publish left in the modem goes only with the service.
        RecoveryStep? step = _ladder.Next(failure.Error is InvalidOperationException ? RecoveryRung.ServiceRestart : RecoveryRung.MqttReconnect);
        if (step is null)
        {
            _ladder.StartOver();
            _logger.Escalating(Options.Connection.ClientIndex, failure.Reason);
            Move(ManagedMqttState.Recovering, failure.Reason);
            Supervisor.ReportTrouble(failure.Reason);
            await EndOfAsync(online, SupervisorGrace, cancellationToken).ConfigureAwait(false);
            return;
        }

        _logger.Climbing(Options.Connection.ClientIndex, step, failure.Reason);
        using Activity? climbing = MqttTelemetry.Climb(Options.Modem.PortName, Options.Connection.ClientIndex, step);
        Move(ManagedMqttState.Recovering, failure.Reason, step);
        _restartsService = step.Rung == RecoveryRung.ServiceRestart;
        _connectsAnew |= _restartsService;
        await EndOfAsync(online, step.Delay, cancellationToken).ConfigureAwait(false);
    }

    // A pause that the end of the modem's online time cuts short.
    private async Task EndOfAsync(OnlinePeriod online, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, online.Ended);
        try
        {
            await Task.Delay(atMost, _time, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // the modem is offline
        }
    }

    private async Task FaultAsync(Exception error, CancellationToken cancellationToken)
    {
        Task retry;
        lock (_gate)
        {
            _retry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            retry = _retry.Task;
        }

        _logger.GaveUp(Options.Connection.ClientIndex, error.Message);
        Move(ManagedMqttState.Faulted, error.Message, error: error);
        await retry.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Move(ManagedMqttState state, string reason, RecoveryStep? rung = null, Exception? error = null)
    {
        var step = new ManagedMqttTransition(_time.GetUtcNow(), state, rung, reason);
        _latest = step;
        switch (state)
        {
            case ManagedMqttState.Connected:
                _connected.Come(step);
                break;
            case ManagedMqttState.Faulted:
                _connected.Fail(new MqttFaultedException($"The client gave up: {reason} Call Retry when it is mended.", (error as MqttException)?.Result));
                break;
            case ManagedMqttState.Closed:
                _connected.Fail(new MqttFaultedException("The client is disposed."));
                break;
            default:
                _connected.Go();
                break;
        }

        _logger.Moved(Options.Connection.ClientIndex, state, reason);
        _steps.Say(step);
    }

    private sealed record Failure(Exception? Error, string Reason)
    {
        public CmqttResultCode? Code { get; init; }

        public MqttConnectionLossKind? Loss { get; init; }

        public bool IsOfTheModem => Error is AtChannelClosedException or AtModemRestartedException or AtTimeoutException or ModemNotRespondingException
            || Loss is MqttConnectionLossKind.LinkLost or MqttConnectionLossKind.ModemRestarted;

        // What the broker or the modem says of client id, credentials and certificates does not change by asking again.
        public bool IsRefusal => Error is ArgumentException || Code is CmqttResultCode.RefusedProtocolVersion or CmqttResultCode.RefusedClientId
            or CmqttResultCode.RefusedUserNameOrPassword or CmqttResultCode.RefusedNotAuthorized or CmqttResultCode.CertificateNotSet;
    }
}
