using Microsoft.Extensions.Time.Testing;

namespace Sim7600.Conversations;

/// <summary>Virtual time that a test moves, and that tells when the code under test has started to wait, so that nothing is raced.</summary>
public class ScriptedTime : FakeTimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _armed = [];
    private int _timers;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many timers exist: what is left when all has ended is a leak.</summary>
    public int Timers => Volatile.Read(ref _timers);

    /// <summary>Waits until a timer of exactly this length was started, then lets that time pass.</summary>
    public async Task Passes(TimeSpan length)
    {
        await Awaits(length);
        Advance(length);
    }

    /// <summary>Lets waits of this length pass, as many as are started, until something has happened.</summary>
    public async Task PassesUntil(TimeSpan length, Func<bool> happened)
    {
        long started = Environment.TickCount64;
        while (!happened())
        {
            bool armed;
            lock (_gate)
            {
                armed = _armed.Remove(length);
            }

            if (armed)
            {
                Advance(length);
            }

            await Task.Delay(1, CancellationToken.None);
            if (Environment.TickCount64 - started > Patience.TotalMilliseconds)
            {
                throw new AssertionException($"Waits of {length} did not end in what was expected.");
            }
        }
    }

    /// <summary>Lets time pass in steps until a task ends, whenever nothing else happens meanwhile.</summary>
    /// <param name="task">What is waited for; its failure is the caller's to look at.</param>
    /// <param name="activity">A number that changes while something happens.</param>
    /// <param name="step">How much passes at once.</param>
    public async Task RunsUntil(Task task, Func<long> activity, TimeSpan step)
    {
        long started = Environment.TickCount64;
        long before = -1;
        while (!task.IsCompleted)
        {
            long now = activity();
            if (now == before)
            {
                Advance(step);
            }

            before = now;
            await Task.Delay(1, CancellationToken.None);
            if (Environment.TickCount64 - started > 3 * Patience.TotalMilliseconds)
            {
                throw new AssertionException("It never ended, however much time passed.");
            }
        }
    }

    /// <summary>Waits until a timer of exactly this length was started.</summary>
    public async Task Awaits(TimeSpan length)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_armed.Remove(length))
                {
                    return;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new AssertionException($"Nothing started to wait for {length}.");
            }
        }
    }

    /// <summary>Forgets the timers that were started so far.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _armed.Clear();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _timers);
        Note(dueTime);
        return new Observed(this, timer);
    }

    private void Note(TimeSpan due)
    {
        if (due == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        lock (_gate)
        {
            _armed.Add(due);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Observed(ScriptedTime owner, ITimer timer) : ITimer
    {
        private int _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = timer.Change(dueTime, period);
            owner.Note(dueTime);
            return changed;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Decrement(ref owner._timers);
            }

            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
