namespace Sim7600.Simulation;

/// <summary>
/// A clock that stands still while anything runs, and jumps to the next timer when nothing does. Timers that are due at the same
/// instant fire in the order in which they were set.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Lock _gate = new();
    private readonly PriorityQueue<(VirtualTimer Timer, long Setting), (long Due, long Setting)> _due = new();
    private long _now;
    private long _settings;

    /// <summary>Time since the start.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(Interlocked.Read(ref _now));

    /// <summary>How many timers are set: what a run leaves behind is a leak.</summary>
    public int PendingTimers { get; private set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _now);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Epoch + Now;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets virtual time pass: whenever nothing is left to do, the next timer fires.</summary>
    /// <param name="length">How much.</param>
    public Task PassAsync(TimeSpan length) => UntilAsync(() => false, length);

    /// <summary>Lets virtual time pass until something has happened.</summary>
    /// <param name="happened">What is waited for; looked at whenever nothing is left to do.</param>
    /// <param name="atMost">How long to wait at most.</param>
    public async Task UntilAsync(Func<bool> happened, TimeSpan atMost)
    {
        long end = _now + atMost.Ticks;
        while (true)
        {
            await SettleAsync();
            if (happened())
            {
                return;
            }

            if (TakeNext(end) is not { } timer)
            {
                Interlocked.Exchange(ref _now, end);
                return;
            }

            timer.Fire();
        }
    }

    /// <summary>Completes when the thread pool has nothing left to do.</summary>
    public static async Task SettleAsync()
    {
        do
        {
            await Task.Yield(); // behind all that is queued
        }
        while (ThreadPool.PendingWorkItemCount > 0);
    }

    private VirtualTimer? TakeNext(long end)
    {
        lock (_gate)
        {
            while (_due.TryPeek(out (VirtualTimer Timer, long Setting) next, out (long Due, long Setting) key))
            {
                if (next.Timer.Setting != next.Setting)
                {
                    _due.Dequeue(); // set anew, or disposed
                    continue;
                }

                if (key.Due > end)
                {
                    return null;
                }

                _due.Dequeue();
                PendingTimers--;
                next.Timer.Setting = 0;
                Interlocked.Exchange(ref _now, Math.Max(_now, key.Due));
                return next.Timer;
            }

            return null;
        }
    }

    private void Set(VirtualTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            PendingTimers -= timer.Setting == 0 ? 0 : 1;
            timer.Setting = 0;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                PendingTimers++;
                timer.Setting = ++_settings;
                _due.Enqueue((timer, timer.Setting), (_now + Math.Max(0, dueTime.Ticks), timer.Setting));
            }
        }
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        /// <summary>The number under which the timer waits; 0 when it does not.</summary>
        public long Setting { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            _period = period;
            time.Set(this, dueTime);
            return true;
        }

        public void Fire()
        {
            if (_period > TimeSpan.Zero)
            {
                time.Set(this, _period);
            }

            callback(state);
        }

        public void Dispose()
        {
            _disposed = true;
            time.Set(this, Timeout.InfiniteTimeSpan);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
