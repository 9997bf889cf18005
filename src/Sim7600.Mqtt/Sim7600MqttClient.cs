using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Mqtt.Commands;
using Sim7600.Mqtt.Diagnostics;
using Sim7600.Mqtt.Session;
using Sim7600.Mqtt.Subscribing;
using Sim7600.Protocol;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <summary>
/// One connection to a broker through one of the modem's two MQTT clients. It owns the client index from START to REL; when the connection
/// ends it stays ended, connect again for a new one.
/// </summary>
public sealed partial class Sim7600MqttClient : IAsyncDisposable
{
    /// <summary>How long cleaning up may take: leaving a subscription, disconnecting, releasing.</summary>
    public static readonly TimeSpan CleanupTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take where the modem answers 14 (busy): its longest operation, 120 s, and some slack (<c>cmqtt.md</c> 12).</summary>
    public static readonly TimeSpan BusyCleanupTimeout = TimeSpan.FromSeconds(150);

    // A result line may follow the loss that explains it; the logs have it just before (field-notes.md 11).
    private static readonly TimeSpan LossGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstBusyDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestBusyDelay = TimeSpan.FromSeconds(2);

    private readonly Sim7600Modem _modem;
    private readonly AtChannel _channel;
    private readonly TlsSetup? _tls;

    // What is left of a filter must not overtake, on its way to the modem, what wants it anew.
    private readonly SemaphoreSlim _filterTurn = new(1, 1);
    private readonly CmqttService _service;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lostLater;
    private readonly CancellationToken _isLostLater;
    private readonly TaskCompletionSource<MqttConnectionLoss> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _closing;
    private readonly Action<MqttMessage>? _sink;

    private Sim7600MqttClient(Sim7600Modem modem, MqttConnectOptions options, Action<MqttMessage>? sink)
    {
        _sink = sink;
        _modem = modem;
        _channel = modem.Channel;
        _tls = TlsSetup.Of(options);
        Options = options;
        _service = CmqttService.Of(modem.Channel);
        _logger = modem.Options.Channel.LoggerFactory.CreateLogger<Sim7600MqttClient>();
        _lostLater = new CancellationTokenSource(Timeout.InfiniteTimeSpan, TimeProvider);
        _isLostLater = _lostLater.Token;
        _isLostLater.UnsafeRegister(source => ((CancellationTokenSource)source!).Dispose(), _lostLater); // its timer has done its work
        _assembler = new MessageAssembler(options.ClientIndex, _logger);
        _urcs = _channel.SubscribeUrcs(UrcCapacity);
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>The options it was connected with.</summary>
    public MqttConnectOptions Options { get; }

    /// <summary>True until the connection ends.</summary>
    public bool IsConnected => !_lost.Task.IsCompleted;

    /// <summary>Completes once, with the cause, when the connection ends, also by disconnecting. It never fails.</summary>
    public Task<MqttConnectionLoss> ConnectionLost => _lost.Task;

    internal TimeProvider TimeProvider => _channel.TimeProvider;

    /// <summary>
    /// Publishes one message: TOPIC, PAYLOAD and PUB in one piece, so that concurrent publishers do not mix. While the modem answers 14
    /// (busy) it is repeated, for <see cref="MqttConnectOptions.BusyTimeout"/> at most; a bare <c>ERROR</c>, which a lost byte makes too, twice.
    /// </summary>
    /// <param name="topic">The topic, 1 to 1024 bytes in UTF-8, without wildcards and NUL. It is sent by count, so that quotes and line ends may be in it.</param>
    /// <param name="payload">0 to 10,240 bytes, whatever they are.</param>
    /// <param name="qos">The quality of service.</param>
    /// <param name="retain">True to let the broker keep the message.</param>
    /// <param name="ct">Gives up. Before PUB was sent nothing is published; after, the outcome is unknown.</param>
    /// <returns>
    /// The true end: delivered; refused, when it was certainly not published; or unknown, when it may have been. A number that the modem gives
    /// after the message may have left (6, 16, 17, 26 …) is unknown, not refused; see <see cref="PublishStatus"/>.
    /// </returns>
    /// <exception cref="ArgumentException">Topic or payload are not what the modem takes; the message names the character or the limit. Nothing was sent.</exception>
    /// <exception cref="MqttConnectionLostException">The connection ended before PUB was sent: not published.</exception>
    /// <exception cref="AtException">No answer, a restart or a lost line before PUB was sent: not published.</exception>
    /// <exception cref="InvalidOperationException">
    /// The message is empty, and an earlier publish was broken off after its payload was set: the modem would send that payload.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<PublishOutcome> PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtMostOnce, bool retain = false, CancellationToken ct = default)
    {
        _ = Cmqtt.PublishTopicBytes(topic, nameof(topic));
        Cmqtt.EnsureLength(payload.Length, 0, CmqttLimits.Payload, "payload", nameof(payload));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)qos, 2, nameof(qos));
        return await (MqttTelemetry.MeasuresPublishes ? MeasurePublishAsync(topic, payload, qos, retain, ct) : PublishCheckedAsync(topic, payload, qos, retain, ct)).ConfigureAwait(false);
    }

    /// <summary>Subscribes to one filter at QoS 0 and gives its messages. See <see cref="SubscribeAsync(IReadOnlyCollection{string}, MqttQualityOfServiceLevel, CancellationToken)"/>.</summary>
    /// <param name="filter">The topic filter; <c>+</c> and <c>#</c> are wildcards.</param>
    /// <param name="ct">Ends the enumeration and unsubscribes.</param>
    /// <inheritdoc cref="SubscribeAsync(IReadOnlyCollection{string}, MqttQualityOfServiceLevel, CancellationToken)" path="/returns"/>
    /// <inheritdoc cref="SubscribeAsync(IReadOnlyCollection{string}, MqttQualityOfServiceLevel, CancellationToken)" path="/exception"/>
    public IAsyncEnumerable<MqttMessage> SubscribeAsync(string filter, CancellationToken ct = default) =>
        SubscribeAsync([filter], MqttQualityOfServiceLevel.AtMostOnce, ct);

    /// <summary>
    /// Gives the messages of some filters. It subscribes when the enumeration starts, not before, and unsubscribes when it ends, however it
    /// ends; use <see cref="OpenSubscriptionAsync"/> where the subscription must stand before something else is done.
    /// </summary>
    /// <param name="filters">The topic filters, each 1 to 1024 bytes.</param>
    /// <param name="qos">The highest QoS that the broker should send with.</param>
    /// <param name="ct">Ends the enumeration and unsubscribes.</param>
    /// <returns>The messages.</returns>
    /// <exception cref="ArgumentException">A filter is not valid or cannot be carried; thrown at once, nothing was sent.</exception>
    /// <exception cref="MqttSubscribeException">Refused; thrown by the enumeration.</exception>
    /// <exception cref="MqttConnectionLostException">The connection ended; thrown by the enumeration after the messages that came before.</exception>
    /// <exception cref="AtException">No answer, a restart, or a lost line; thrown by the enumeration.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; thrown by the enumeration.</exception>
    public IAsyncEnumerable<MqttMessage> SubscribeAsync(IReadOnlyCollection<string> filters, MqttQualityOfServiceLevel qos, CancellationToken ct = default)
    {
        string[] checkedFilters = CheckFilters(filters, qos);
        return EnumerateAsync(checkedFilters, qos, ct);
    }

    /// <summary>Subscribes now. Retained messages are not missed: they are taken from the moment before SUB is sent.</summary>
    /// <param name="filters">The topic filters, each 1 to 1024 bytes.</param>
    /// <param name="qos">The highest QoS that the broker should send with; the granted one is not reported.</param>
    /// <param name="ct">Gives up; what was subscribed so far is left again.</param>
    /// <returns>The subscription, which stands. Dispose it to unsubscribe.</returns>
    /// <exception cref="ArgumentException">A filter is not valid or cannot be carried; nothing was sent.</exception>
    /// <exception cref="MqttSubscribeException">The modem or the broker refused one of them; the others were left again.</exception>
    /// <exception cref="MqttConnectionLostException">The connection ended.</exception>
    /// <exception cref="AtException">No answer, a restart, or a lost line.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<MqttSubscription> OpenSubscriptionAsync(
        IReadOnlyCollection<string> filters, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtMostOnce, CancellationToken ct = default)
    {
        string[] wanted = CheckFilters(filters, qos);
        ct.ThrowIfCancellationRequested();
        ThrowIfLost();
        var subscription = new MqttSubscription(this, wanted, Options.SubscriptionCapacity);
        Register(subscription);
        try
        {
            await _filterTurn.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                foreach (string filter in wanted)
                {
                    await SubscribeFilterAsync(filter, qos, ct).ConfigureAwait(false);
                }
            }
            finally
            {
                _filterTurn.Release();
            }

            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Disconnects orderly: DISC, REL, and STOP when this program started the service and no other client uses it.</summary>
    /// <param name="ct">Gives up; the client counts as closed in any case.</param>
    /// <returns>
    /// A task that completes within <see cref="CleanupTimeout"/>, or within <see cref="BusyCleanupTimeout"/> where the modem still waits for an answer of
    /// the broker and refuses to disconnect before.
    /// </returns>
    /// <exception cref="AtException">No answer, or the line is gone; the client is closed nevertheless.</exception>
    /// <exception cref="TimeoutException">It did not end within that time; the client is closed nevertheless.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task DisconnectAsync(CancellationToken ct = default)
    {
        Task closing;
        lock (_gate)
        {
            closing = _closing ??= CloseAsync();
        }

        await closing.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Disconnects as well as it can; it never throws.</summary>
    /// <returns>A task that completes as <see cref="DisconnectAsync"/> does.</returns>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await DisconnectAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            NoteCleanupFailure(exception);
        }
    }

    internal void NoteCleanupFailure(Exception exception) => _logger.CleanupFailed(Options.ClientIndex, exception.Message);

    internal async Task UnsubscribeAsync(MqttSubscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            await _filterTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Unregister(subscription);
            throw;
        }

        try
        {
            foreach (string filter in Unregister(subscription))
            {
                if (!IsConnected)
                {
                    return;
                }

                await UnsubscribeFilterAsync(filter, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _filterTurn.Release();
        }
    }

    /// <summary>Subscribes to one filter that was checked before; its messages go where the others go.</summary>
    internal async Task SubscribeFilterAsync(string filter, MqttQualityOfServiceLevel qos, CancellationToken cancellationToken)
    {
        CmqttAnswer answer = await RepeatOnLeaseAsync(
            "SUB", new PassingRefusals(mayBeInvalidOnce: true), (commands, token) => commands.SubscribeAsync(Options.ClientIndex, filter, (int)qos, token), cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw new MqttSubscribeException("Subscribing to", filter, answer.Result);
        }
    }

    internal async Task UnsubscribeFilterAsync(string filter, CancellationToken cancellationToken)
    {
        CmqttAnswer answer = await RepeatOnLeaseAsync(
            "UNSUB", new PassingRefusals(mayBeInvalidOnce: false), (commands, token) => commands.UnsubscribeAsync(Options.ClientIndex, filter, token), cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess && IsConnected)
        {
            throw new MqttSubscribeException("Unsubscribing from", filter, answer.Result);
        }
    }

    /// <summary>Asks the modem, which may have lost the connection without a word, or the word of which was lost.</summary>
    internal async Task<bool> AskIsConnectedAsync(CancellationToken cancellationToken)
    {
        using AtLease lease = await _channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        return await new Cmqtt(lease).IsConnectedAsync(Options.ClientIndex, cancellationToken).ConfigureAwait(false);
    }

    private static string[] CheckFilters(IReadOnlyCollection<string> filters, MqttQualityOfServiceLevel qos)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)qos, 2, nameof(qos));
        if (filters.Count == 0)
        {
            throw new ArgumentException("Name at least one topic filter.", nameof(filters));
        }

        foreach (string filter in filters)
        {
            _ = Cmqtt.FilterBytes(filter, nameof(filters));
        }

        return [.. filters];
    }

    private static TimeSpan Longer(TimeSpan delay) => 2 * delay < LongestBusyDelay ? 2 * delay : LongestBusyDelay;

    private async IAsyncEnumerable<MqttMessage> EnumerateAsync(
        string[] filters, MqttQualityOfServiceLevel qos, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MqttSubscription subscription = await OpenSubscriptionAsync(filters, qos, cancellationToken).ConfigureAwait(false);
        await using (subscription.ConfigureAwait(false))
        {
            await foreach (MqttMessage message in subscription.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return message;
            }
        }
    }

    private async Task<PublishOutcome> MeasurePublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQualityOfServiceLevel qos, bool retain, CancellationToken ct)
    {
        using Activity? activity = MqttTelemetry.BeginPublish(_channel.Name, Options, topic, payload.Length, qos);
        long started = TimeProvider.GetTimestamp();
        PublishOutcome? outcome = null;
        Exception? error = null;
        try
        {
            return outcome = await PublishCheckedAsync(topic, payload, qos, retain, ct).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            MqttTelemetry.PublishEnded(activity, _channel.Name, Options.ClientIndex, qos, TimeProvider.GetElapsedTime(started), outcome, error);
        }
    }

    private async Task<PublishOutcome> PublishCheckedAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQualityOfServiceLevel qos, bool retain, CancellationToken ct)
    {
        var passing = new PassingRefusals(mayBeInvalidOnce: false);
        return await WhileConnectedAsync(
            token => RepeatAsync(
                "PUB",
                () =>
                {
                    ThrowIfLost();
                    return PublishOnceAsync(topic, payload, (int)qos, retain, ct, token);
                },
                outcome => outcome is { Status: PublishStatus.Refused, Result: { } result } && passing.Includes(result) ? result : null,
                token),
            ct).ConfigureAwait(false);
    }

    private async Task<PublishOutcome> PublishOnceAsync(
        string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, CancellationToken callers, CancellationToken cancellationToken)
    {
        int index = Options.ClientIndex;
        using AtLease lease = await _channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        var commands = new Cmqtt(lease);
        if (payload.IsEmpty && _service.IsPayloadLeft(index))
        {
            throw new InvalidOperationException(
                "An earlier publish was broken off after its payload was set, and the modem would send that payload with this empty message. "
                + "Publish a message with a payload first, or connect again.");
        }

        long unasked = _channel.UnaskedResults;
        CmqttAnswer answer = await commands.TopicAsync(index, topic, cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccess && !payload.IsEmpty)
        {
            _service.NotePayload(index, left: true);
            answer = await commands.PayloadAsync(index, payload, cancellationToken).ConfigureAwait(false);
        }

        if (!answer.IsSuccess)
        {
            return PublishOutcome.Refused(answer.Result);
        }

        if (_channel.UnaskedResults != unasked)
        {
            throw _channel.NotUnderstood("AT+CMQTTPAYLOAD", "more final results or prompts than there were commands, as when a digit of its length is lost on the line and the modem takes a part of the data only");
        }

        try
        {
            answer = await commands.PublishAsync(index, qos, Options.PublishTimeoutSeconds, retain, cancellationToken).ConfigureAwait(false);
            _service.NotePayload(index, left: false);
            if (_channel.UnaskedResults != unasked)
            {
                _channel.RequestSynchronisation();
                return PublishOutcome.Unknown("the modem gave more final results or prompts than there were commands, so bytes of them were lost on the line, and the message may have been cut");
            }

            return PublishOutcome.OfAnswer(answer.Result);
        }
        catch (AtException exception) when (exception.WasWritten)
        {
            return PublishOutcome.Unknown($"PUB was sent and its result never came: {exception.Message.TrimEnd('.')}");
        }
        catch (OperationCanceledException) when (!callers.IsCancellationRequested)
        {
            MqttConnectionLoss loss = await _lost.Task.ConfigureAwait(false);
            return PublishOutcome.Unknown($"PUB was sent and the connection ended before its result: {loss.Description}");
        }
    }

    private Task<CmqttAnswer> RepeatOnLeaseAsync(
        string operation, PassingRefusals passing, Func<Cmqtt, CancellationToken, Task<CmqttAnswer>> run, CancellationToken cancellationToken) =>
        WhileConnectedAsync(
            token => RepeatAsync(
                operation,
                async () =>
                {
                    ThrowIfLost();
                    using AtLease lease = await _channel.AcquireAsync(token).ConfigureAwait(false);
                    return await run(new Cmqtt(lease), token).ConfigureAwait(false);
                },
                answer => passing.Includes(answer.Result) ? answer.Result : null,
                token),
            cancellationToken);

    // Its token is cancelled with the connection, which then is what ended it.
    private async Task<T> WhileConnectedAsync<T>(Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _isLostLater);
        try
        {
            return await run(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MqttConnectionLostException(await _lost.Task.ConfigureAwait(false));
        }
    }

    // Again as long as the refusal, which is null for any other outcome, is one that passes; for BusyTimeout at most.
    private async Task<T> RepeatAsync<T>(string operation, Func<Task<T>> run, Func<T, CmqttResult?> passingRefusal, CancellationToken cancellationToken)
    {
        long started = TimeProvider.GetTimestamp();
        for (TimeSpan delay = FirstBusyDelay; ; delay = Longer(delay))
        {
            T outcome = await run().ConfigureAwait(false);
            if (passingRefusal(outcome) is not { } refusal || TimeProvider.GetElapsedTime(started) + delay > Options.BusyTimeout)
            {
                return outcome;
            }

            _logger.Retrying(Options.ClientIndex, operation, refusal, delay);
            await Task.Delay(delay, TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private void ThrowIfLost()
    {
        if (_lost.Task.IsCompletedSuccessfully)
        {
            throw new MqttConnectionLostException(_lost.Task.Result);
        }
    }
}
