using MQTTnet.Protocol;
using Sim7600.Mqtt.Commands;
using Sim7600.Mqtt.Diagnostics;
using Sim7600.Protocol;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <summary>
/// A queue of messages to be published. Producers enqueue; who has a connection takes the next message, publishes it and says how it ended. What
/// was accepted leaves only delivered, expired, refused or dropped, each counted: a message whose end is unknown is tried again, so that it arrives
/// at least once. Messages of one topic keep their order, also while the first of them is being retried.
/// </summary>
/// <remarks>All members may be used concurrently. It knows nothing of the modem.</remarks>
public sealed partial class Outbox : IAsyncDisposable
{
    private const int Page = 256;
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly IOutboxStore _store;
    private readonly Lock _gate = new();
    private readonly OutboxIndex _index = new();
    private readonly List<OutboxWatch> _watches = [];
    private readonly ITimer _timer;
    private readonly DateTimeOffset _openedAt;
    private readonly long _openedStamp;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OutboxCounters _counters;
    private bool _disposed;

    private Outbox(IOutboxStore store, OutboxOptions options)
    {
        _store = store;
        Options = options;
        _openedAt = Now;
        _openedStamp = options.TimeProvider.GetTimestamp();
        _timer = options.TimeProvider.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The options.</summary>
    public OutboxOptions Options { get; }

    /// <summary>What it has done since it was opened, and what it holds now.</summary>
    public OutboxCounters Counters
    {
        get
        {
            lock (_gate)
            {
                return _counters with { Pending = _index.Count, PendingBytes = _index.Bytes };
            }
        }
    }

    /// <summary>Opens an outbox with what its store has kept.</summary>
    /// <param name="store">Where messages are kept; the outbox disposes it, also when opening fails.</param>
    /// <param name="options">Limits and times; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The outbox.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="OutboxStoreException">The store could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<Outbox> OpenAsync(IOutboxStore store, OutboxOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        options ??= new OutboxOptions();
        try
        {
            options.Validate();
            var outbox = new Outbox(store, options);
            await outbox.LoadAsync(cancellationToken).ConfigureAwait(false);
            return outbox;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes a message over. Calls are accepted in the order in which they were made, whether they are awaited in between or not.</summary>
    /// <param name="topic">The topic, 1 to 1024 bytes in UTF-8, without wildcards and NUL.</param>
    /// <param name="payload">0 to 10,240 bytes, whatever they are; copied at once.</param>
    /// <param name="qos">The quality of service to publish it with.</param>
    /// <param name="retain">True to let the broker keep it.</param>
    /// <param name="tag">The caller's own mark, kept with the message and given with its events; null for none.</param>
    /// <param name="ct">Withdraws it while it waits for room; once its storing has begun the call gives the true end.</param>
    /// <returns>The receipt. The message is then as safe as the store makes it.</returns>
    /// <exception cref="ArgumentException">Topic or payload are not what the modem takes; the message names the character or the limit.</exception>
    /// <exception cref="OutboxFullException">There is no room (<see cref="OutboxOptions.WhenFull"/>), or never will be for so large a message.</exception>
    /// <exception cref="OutboxStoreException">It could not be stored.</exception>
    /// <exception cref="ObjectDisposedException">The outbox was disposed.</exception>
    /// <exception cref="OperationCanceledException">It was withdrawn, and is not accepted.</exception>
    public async Task<OutboxReceipt> EnqueueAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce,
        bool retain = false,
        string? tag = null,
        CancellationToken ct = default)
    {
        _ = Cmqtt.PublishTopicBytes(topic, nameof(topic));
        Cmqtt.EnsureLength(payload.Length, 0, CmqttLimits.Payload, "payload", nameof(payload));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)qos, 2u, nameof(qos));
        ct.ThrowIfCancellationRequested();
        var message = new OutboxMessage(0, topic, payload.ToArray(), qos, retain, default, null, tag, 0);
        using var request = new Admission(message, ct);
        Admit(request);
        using (ct.UnsafeRegister(_ => Withdraw(request, new OperationCanceledException(ct)), null))
        {
            return await request.Receipt.ConfigureAwait(false);
        }
    }

    /// <summary>Takes the next message that is due, to publish it: the oldest one whose topic has no earlier message that is taken or rests.</summary>
    /// <param name="ct">Gives up waiting; no message is taken then.</param>
    /// <returns>The message. It stays with the caller until <see cref="CompleteAsync"/> or <see cref="Release"/>.</returns>
    /// <exception cref="OutboxStoreException">The store failed; no message is taken.</exception>
    /// <exception cref="ObjectDisposedException">The outbox was disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<OutboxMessage> NextAsync(CancellationToken ct = default)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            await SweepAsync().ConfigureAwait(false);
            OutboxEntry? entry;
            Task changed;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                changed = _changed.Task;
                DateTimeOffset now = Steady;
                entry = _index.Take(now);
                if (entry?.ExpiresAt <= now)
                {
                    _index.GiveBack(entry, restsUntil: null);
                    continue;
                }

                ArmTimer();
            }

            if (entry is null)
            {
                await changed.WaitAsync(ct).ConfigureAwait(false);
            }
            else if (await ReadAsync(entry, ct).ConfigureAwait(false) is { } message)
            {
                return message;
            }
        }
    }

    /// <summary>
    /// Says how publishing a taken message ended. Delivered: it is removed. Refused for its own sake as often as
    /// <see cref="OutboxOptions.MaximumRefusals"/> says: it is given up and removed. Otherwise, unknown among it, it is tried again after a rest.
    /// </summary>
    /// <param name="id">The message's number.</param>
    /// <param name="outcome">The publish's end.</param>
    /// <param name="ct">Withdraws it while storing it has not begun.</param>
    /// <returns>A task that completes when it is stored. A message that is delivered and not yet removed may be published again after a crash.</returns>
    /// <exception cref="InvalidOperationException">Nobody has taken a message of this number, or its end is being stored.</exception>
    /// <exception cref="OutboxStoreException">It could not be stored; the message is still taken, so call it again.</exception>
    /// <exception cref="OperationCanceledException">It was withdrawn; the message is still taken, so call it again.</exception>
    public async Task CompleteAsync(long id, PublishOutcome outcome, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        OutboxEntry entry;
        lock (_gate)
        {
            entry = TakenEntry(id);
            entry.IsEnding = true;
        }

        try
        {
            bool refused = IsRefusalOfMessage(outcome);
            if (outcome.IsDelivered)
            {
                await _store.RemoveAsync(id, OutboxRemoval.Delivered, ct).ConfigureAwait(false);
                Finish(entry, OutboxEventKind.Delivered, outcome);
            }
            else if (IsForEver(outcome) || (refused && entry.Refusals + 1 >= Options.MaximumRefusals))
            {
                await _store.RemoveAsync(id, OutboxRemoval.Refused, ct).ConfigureAwait(false);
                Finish(entry, OutboxEventKind.Refused, outcome);
            }
            else
            {
                await _store.CountAttemptAsync(id, ct).ConfigureAwait(false);
                Rest(entry, refused, outcome);
            }
        }
        catch
        {
            lock (_gate)
            {
                entry.IsEnding = false;
            }

            throw;
        }
    }

    /// <summary>Gives a taken message back that certainly was not sent, because the connection ended before. It is due at once and no attempt is counted.</summary>
    /// <param name="id">The message's number.</param>
    /// <exception cref="InvalidOperationException">Nobody has taken a message of this number, or its end is being stored.</exception>
    public void Release(long id)
    {
        lock (_gate)
        {
            GiveBack(TakenEntry(id));
        }
    }

    /// <summary>Follows what happens from now on.</summary>
    /// <param name="capacity">How many events may wait to be read; beyond that they are counted in <see cref="OutboxWatch.Missed"/>.</param>
    /// <returns>The watch. Dispose it to stop.</returns>
    public OutboxWatch Watch(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var watch = new OutboxWatch(capacity, Leave);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _watches.Add(watch);
        }

        return watch;
    }

    /// <summary>Ends waiting calls, ends what is being stored, and closes the store. Messages that are taken stay in the store.</summary>
    /// <returns>A task that completes when the store is closed.</returns>
    /// <exception cref="OutboxStoreException">The store did not close in time.</exception>
    public async ValueTask DisposeAsync()
    {
        Admission[] waiting;
        OutboxWatch[] watches;
        Task pumping;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            waiting = [.. _intake];
            _intake.Clear();
            watches = [.. _watches];
            pumping = _pump;
            Signal();
        }

        foreach (Admission request in waiting)
        {
            request.Fail(new ObjectDisposedException(nameof(Outbox)));
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        await pumping.ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        foreach (OutboxWatch watch in watches)
        {
            watch.End();
        }
    }

    /// <summary>Whose it is, for metrics; null for an outbox of its own.</summary>
    internal string? Owner { get; set; }

    private DateTimeOffset Now => Options.TimeProvider.GetUtcNow();

    // Rest and life are measured on a clock that nobody sets: a device's own jumps by years when the network tells it the time.
    private DateTimeOffset Steady => _openedAt + Options.TimeProvider.GetElapsedTime(_openedStamp);

    // The modem's reasons that lie in topic or payload. All others pass with time, or when the connection is made anew.
    private static bool IsRefusalOfMessage(PublishOutcome outcome) => outcome is { Status: PublishStatus.Refused, Result: { } result }
        && (result == CmqttResult.Unspecified
            || result.Code is CmqttResultCode.BadUtf8String or CmqttResultCode.InvalidParameter or CmqttResultCode.TopicEmpty or CmqttResultCode.LengthOutOfRange);

    // Without a number nobody but this library refused it, and will again.
    private static bool IsForEver(PublishOutcome outcome) => outcome is { Status: PublishStatus.Refused, Result: null };

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<OutboxMessage> page;
        long last = 0;
        do
        {
            page = await _store.ListAsync(last, Page, cancellationToken).ConfigureAwait(false);
            foreach (OutboxMessage message in page)
            {
                last = message.Id;
                _index.Add(new OutboxEntry(message, MemoryOutboxStore.SizeOf(message), message.ExpiresAt));
            }
        }
        while (page.Count == Page);
        _messages = _index.Count;
        _bytes = _index.Bytes;
    }

    private async Task<OutboxMessage?> ReadAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<OutboxMessage> found = await _store.ListAsync(entry.Id - 1, 1, cancellationToken).ConfigureAwait(false);
            return found is [{ } message] && message.Id == entry.Id
                ? message
                : throw new OutboxStoreException(
                    OutboxStoreProblem.Failed, $"Message {entry.Id} is gone from the outbox's store: somebody else removed it. Open the outbox anew.");
        }
        catch
        {
            lock (_gate)
            {
                GiveBack(entry);
            }

            throw;
        }
    }

    private OutboxEntry TakenEntry(long id) => _index.Find(id) is { IsTaken: true, IsEnding: false } entry
        ? entry
        : throw new InvalidOperationException($"Message {id} is not with anybody: take it with NextAsync first, and complete or release it once.");

    private void GiveBack(OutboxEntry entry)
    {
        _index.GiveBack(entry, restsUntil: null);
        Signal();
        Pump();
    }

    private void Rest(OutboxEntry entry, bool refused, PublishOutcome outcome)
    {
        lock (_gate)
        {
            entry.IsEnding = false;
            entry.Attempts++;
            entry.Refusals += refused ? 1 : 0;
            double factor = Math.Pow(2, Math.Min(entry.Failures++, 30));
            TimeSpan delay = Options.RetryDelay * factor < Options.RetryDelayMaximum ? Options.RetryDelay * factor : Options.RetryDelayMaximum;
            _index.GiveBack(entry, Steady + delay);
            Tell(OutboxEventKind.Retrying, entry, outcome);
            Signal();
            Pump();
        }
    }

    private void Finish(OutboxEntry entry, OutboxEventKind how, PublishOutcome outcome)
    {
        lock (_gate)
        {
            _index.Remove(entry);
            Free(entry, how, outcome);
        }
    }

    private void Free(OutboxEntry entry, OutboxEventKind how, PublishOutcome? outcome)
    {
        _messages--;
        _bytes -= entry.Size;
        Count(how);
        Tell(how, entry, outcome);
        Signal();
        Pump();
    }

    private void Count(OutboxEventKind kind) => _counters = kind switch
    {
        OutboxEventKind.Accepted => _counters with { Accepted = _counters.Accepted + 1 },
        OutboxEventKind.Delivered => _counters with { Delivered = _counters.Delivered + 1 },
        OutboxEventKind.Refused => _counters with { Refused = _counters.Refused + 1 },
        OutboxEventKind.Expired => _counters with { Expired = _counters.Expired + 1 },
        OutboxEventKind.Dropped => _counters with { Dropped = _counters.Dropped + 1 },
        _ => _counters,
    };

    private void Tell(OutboxEventKind kind, OutboxEntry entry, PublishOutcome? outcome)
    {
        MqttTelemetry.OutboxChanged(Owner, kind);
        if (_watches.Count > 0)
        {
            var happened = new OutboxEvent(kind, entry.Id, entry.Topic, entry.Tag, entry.Attempts, outcome);
            _watches.ForEach(watch => watch.Offer(happened));
        }
    }

    private void Leave(OutboxWatch watch)
    {
        lock (_gate)
        {
            _watches.Remove(watch);
        }
    }

    // Wakes who waits for a message.
    private void Signal()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ArmTimer();
    }

    private void ArmTimer()
    {
        if (_disposed || _index.NextChange is not { } moment)
        {
            return;
        }

        double milliseconds = Math.Ceiling((moment - Steady).TotalMilliseconds);
        TimeSpan wait = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, LongestTimer.TotalMilliseconds));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _changed.TrySetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Pump();
            }
        }
    }
}
