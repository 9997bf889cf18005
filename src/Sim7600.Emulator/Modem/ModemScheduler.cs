namespace Sim7600.Emulator.Modem;

/// <summary>
/// Timers of one modem on a <see cref="TimeProvider"/>: what is due runs on the modem's loop, ordered by due time and, where
/// that is equal, by the order of scheduling.
/// </summary>
internal sealed class ModemScheduler : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly PriorityQueue<Entry, (TimeSpan Due, long Sequence)> _queue = new();
    private long _sequence;

    /// <summary>Creates the scheduler.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="post">Hands <see cref="RunDue"/> to the modem's loop.</param>
    public ModemScheduler(TimeProvider time, Action<Action> post)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => post(RunDue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Time since the modem was created.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Time until the next thing that is due, or null when nothing is scheduled. Called on the modem's loop.</summary>
    public TimeSpan? UntilNext()
    {
        while (_queue.TryPeek(out Entry? entry, out (TimeSpan Due, long Sequence) key))
        {
            if (entry.Action is not null)
            {
                return key.Due > Now ? key.Due - Now : TimeSpan.Zero;
            }

            _queue.Dequeue();
        }

        return null;
    }

    /// <summary>Runs an action after a delay. Called on the modem's loop.</summary>
    /// <param name="delay">The delay.</param>
    /// <param name="action">The action.</param>
    /// <param name="outlivesPower">True when <see cref="Clear"/> leaves it.</param>
    /// <returns>Disposing it cancels the action.</returns>
    public IDisposable After(TimeSpan delay, Action action, bool outlivesPower = false) => At(Now + delay, action, outlivesPower);

    /// <summary>Runs an action at a moment; several of one moment run in the order of these calls. Called on the modem's loop.</summary>
    /// <param name="due">The moment, as <see cref="Now"/> will be.</param>
    /// <param name="action">The action.</param>
    /// <param name="outlivesPower">True when <see cref="Clear"/> leaves it.</param>
    /// <returns>Disposing it cancels the action.</returns>
    public IDisposable At(TimeSpan due, Action action, bool outlivesPower = false)
    {
        var entry = new Entry(action, outlivesPower);
        _queue.Enqueue(entry, (due, _sequence++));
        Arm();
        return entry;
    }

    /// <summary>Forgets everything scheduled but what outlives the power.</summary>
    public void Clear()
    {
        (Entry, (TimeSpan, long))[] kept = [.. _queue.UnorderedItems.Where(item => item.Element.OutlivesPower)];
        _queue.Clear();
        _queue.EnqueueRange(kept);
        Arm();
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void RunDue()
    {
        while (_queue.TryPeek(out Entry? entry, out (TimeSpan Due, long Sequence) key) && (entry.Action is null || key.Due <= Now))
        {
            _queue.Dequeue();
            Action? action = entry.Action;
            entry.Dispose();
            action?.Invoke();
        }

        Arm();
    }

    private void Arm()
    {
        TimeSpan due = Timeout.InfiniteTimeSpan;
        if (_queue.TryPeek(out _, out (TimeSpan Due, long Sequence) key))
        {
            // Rounded up: a timer of the operating system has whole milliseconds, and firing early would only arm it again.
            double milliseconds = Math.Ceiling(Math.Max(0, (key.Due - Now).TotalMilliseconds));
            due = TimeSpan.FromMilliseconds(milliseconds);
        }

        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private sealed class Entry(Action action, bool outlivesPower) : IDisposable
    {
        public bool OutlivesPower => outlivesPower;

        public Action? Action { get; private set; } = action;

        public void Dispose() => Action = null;
    }
}
