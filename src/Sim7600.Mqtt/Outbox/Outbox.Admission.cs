using System.Runtime.ExceptionServices;

namespace Sim7600.Mqtt;

/// <content>From EnqueueAsync to the store: in order, together where several wait, and as the limits say.</content>
public sealed partial class Outbox
{
    private readonly LinkedList<Admission> _intake = new();
    private Task _pump = Task.CompletedTask;
    private bool _pumping;

    // What is stored and what is being stored.
    private long _messages;
    private long _bytes;

    private void Admit(Admission request)
    {
        if (request.Size > Options.MaximumBytes)
        {
            throw new OutboxFullException($"A message of {request.Size} bytes never fits into an outbox of {Options.MaximumBytes} bytes.");
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            request.Place = _intake.AddLast(request);
            Pump();
        }
    }

    private void Withdraw(Admission request, Exception why)
    {
        lock (_gate)
        {
            if (request.Place?.List != _intake)
            {
                return;
            }

            _intake.Remove(request.Place);
            Pump();
        }

        request.Fail(why);
    }

    // Under the lock.
    private void Pump()
    {
        if (!_pumping && !_disposed && _intake.Count > 0)
        {
            _pumping = true;
            _pump = Task.Run(PumpAsync);
        }
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            Exception? failure = await TrySweepAsync().ConfigureAwait(false);
            List<Admission> admitted = [];
            List<OutboxEntry> victims = [];
            lock (_gate)
            {
                if (failure is null)
                {
                    Choose(admitted, victims);
                }
                else if (_intake.First is { } first)
                {
                    _intake.Remove(first);
                    first.Value.Fail(failure);
                    continue;
                }

                if (admitted.Count == 0 && victims.Count == 0)
                {
                    _pumping = false;
                    return;
                }
            }

            await StoreAsync(admitted, victims).ConfigureAwait(false);
        }
    }

    // Takes from the front of the intake what can be decided now.
    private void Choose(List<Admission> admitted, List<OutboxEntry> victims)
    {
        DateTimeOffset now = Now;
        while (_intake.First is { } first && admitted.Count < Page)
        {
            Admission request = first.Value;
            if (!Fits(request))
            {
                if (Options.WhenFull == OutboxWhenFull.Wait)
                {
                    LimitWaiting();
                    return;
                }

                if (Options.WhenFull == OutboxWhenFull.DropOldest)
                {
                    MakeRoom(request, victims);
                }

                if (!Fits(request) && Options.WhenFull == OutboxWhenFull.DropOldest && admitted.Count > 0)
                {
                    // What is chosen now is older than this one, and can be dropped once it is stored.
                    return;
                }
            }

            _intake.Remove(first);
            if (Fits(request))
            {
                request.Accept(now, Steady, Options.TimeToLive);
                _messages++;
                _bytes += request.Size;
                admitted.Add(request);
            }
            else if (Options.WhenFull == OutboxWhenFull.DropNewest)
            {
                Count(OutboxEventKind.Dropped);
                Tell(OutboxEventKind.Dropped, new OutboxEntry(request.Message, request.Size, request.Expires), null);
                request.Succeed(new OutboxReceipt(0, now));
            }
            else
            {
                request.Fail(Full(Options.WhenFull == OutboxWhenFull.DropOldest ? "and all its messages are being published" : ""));
            }
        }
    }

    private bool Fits(Admission request) => _messages < Options.MaximumMessages && _bytes + request.Size <= Options.MaximumBytes;

    private void MakeRoom(Admission request, List<OutboxEntry> victims)
    {
        while (!Fits(request) && _index.OldestIdle() is { } oldest)
        {
            // It leaves when the store has removed it. Until then it is nobody's to complete.
            _index.Hold(oldest);
            oldest.IsEnding = true;
            _messages--;
            _bytes -= oldest.Size;
            victims.Add(oldest);
        }
    }

    private void LimitWaiting()
    {
        if (Options.FullTimeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        foreach (Admission request in _intake.Where(request => !request.IsLimited).ToArray())
        {
            request.Limit(Options.TimeProvider, Options.FullTimeout, () => Withdraw(request, Full($"and no room came within {Options.FullTimeout}")));
        }
    }

    private OutboxFullException Full(string why) => new(
        $"The outbox is full{(why.Length > 0 ? " " : "")}{why}: it may hold {Options.MaximumMessages} messages and {Options.MaximumBytes} bytes. "
        + "The message was not accepted. Publish faster, enqueue less, or raise MaximumMessages or MaximumBytes.");

    private async Task StoreAsync(List<Admission> admitted, List<OutboxEntry> victims)
    {
        int dropped = 0;
        try
        {
            foreach (OutboxEntry victim in victims)
            {
                await _store.RemoveAsync(victim.Id, OutboxRemoval.Dropped, CancellationToken.None).ConfigureAwait(false);
                dropped++;
                Dropped(victim);
            }
        }
        catch (Exception exception)
        {
            victims.Skip(dropped).ToList().ForEach(NotDropped);
            admitted.ForEach(request => NotStored(request, exception));
            return;
        }

        // All are handed over before one is awaited, so that a store can take them in one piece.
        Task<long>[] adding = [.. admitted.Select(AddAsync)];
        for (int index = 0; index < adding.Length; index++)
        {
            Admission request = admitted[index];
            try
            {
                Stored(request, await adding[index].ConfigureAwait(false));
            }
            catch (Exception exception)
            {
                NotStored(request, exception);
            }
        }
    }

    private void Dropped(OutboxEntry victim)
    {
        lock (_gate)
        {
            _index.Remove(victim);
            Count(OutboxEventKind.Dropped);
            Tell(OutboxEventKind.Dropped, victim, null);
            Signal();
        }
    }

    private void NotDropped(OutboxEntry victim)
    {
        lock (_gate)
        {
            victim.IsEnding = false;
            _index.Unhold(victim);
            _messages++;
            _bytes += victim.Size;
            Signal();
        }
    }

    private async Task<long> AddAsync(Admission request) => await _store.AddAsync(request.Message, request.Callers).ConfigureAwait(false);

    private void Stored(Admission request, long id)
    {
        lock (_gate)
        {
            var entry = new OutboxEntry(request.Message with { Id = id }, request.Size, request.Expires);
            _index.Add(entry);
            Count(OutboxEventKind.Accepted);
            Tell(OutboxEventKind.Accepted, entry, null);
            Signal();
        }

        request.Succeed(new OutboxReceipt(id, request.Message.AcceptedAt));
    }

    private void NotStored(Admission request, Exception exception)
    {
        lock (_gate)
        {
            _messages--;
            _bytes -= request.Size;
        }

        request.Fail(exception);
    }

    private async Task<Exception?> TrySweepAsync()
    {
        try
        {
            await SweepAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    // Removes what has expired. When the store fails, what was not removed there comes again when the outbox is opened anew, and expires again.
    private async Task SweepAsync()
    {
        List<OutboxEntry> expired;
        lock (_gate)
        {
            expired = _index.RemoveExpired(Steady);
        }

        Exception? failure = null;
        foreach (OutboxEntry entry in expired)
        {
            try
            {
                await _store.RemoveAsync(entry.Id, OutboxRemoval.Expired, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // Those after it have left the index too, and must not go on taking room.
                failure ??= exception;
            }

            lock (_gate)
            {
                Free(entry, OutboxEventKind.Expired, null);
            }
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>One call of EnqueueAsync.</summary>
    private sealed class Admission(OutboxMessage message, CancellationToken callers) : IDisposable
    {
        private readonly TaskCompletionSource<OutboxReceipt> _receipt = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ITimer? _limit;

        public OutboxMessage Message { get; private set; } = message;

        public long Size { get; } = MemoryOutboxStore.SizeOf(message);

        public CancellationToken Callers { get; } = callers;

        public LinkedListNode<Admission>? Place { get; set; }

        public Task<OutboxReceipt> Receipt => _receipt.Task;

        public bool IsLimited => _limit is not null;

        /// <summary>When it expires, on the steady clock.</summary>
        public DateTimeOffset? Expires { get; private set; }

        public void Accept(DateTimeOffset now, DateTimeOffset steady, TimeSpan? timeToLive)
        {
            Message = Message with { AcceptedAt = now, ExpiresAt = now + timeToLive };
            Expires = steady + timeToLive;
        }

        public void Limit(TimeProvider time, TimeSpan length, Action onEnd) => _limit = time.CreateTimer(_ => onEnd(), null, length, Timeout.InfiniteTimeSpan);

        public void Succeed(OutboxReceipt receipt) => _receipt.TrySetResult(receipt);

        public void Fail(Exception exception) => _ = exception is OperationCanceledException ? _receipt.TrySetCanceled(Callers) : _receipt.TrySetException(exception);

        public void Dispose() => _limit?.Dispose();
    }
}
