using System.Threading.Channels;

namespace Sim7600.Mqtt;

/// <summary>Follows what happens in an outbox. Dispose it to stop.</summary>
public sealed class OutboxWatch : IDisposable
{
    private readonly Channel<OutboxEvent> _queue;
    private readonly Action<OutboxWatch> _leave;
    private long _missed;

    internal OutboxWatch(int capacity, Action<OutboxWatch> leave)
    {
        _leave = leave;
        _queue = Channel.CreateBounded<OutboxEvent>(new BoundedChannelOptions(capacity) { AllowSynchronousContinuations = false });
    }

    /// <summary>How many events were not kept because they were not read fast enough. The outbox never waits for who watches it.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>The events since the watch began, in order.</summary>
    /// <param name="cancellationToken">Ends the enumeration; the watch goes on.</param>
    /// <returns>The events; the enumeration ends by itself when watch or outbox are disposed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IAsyncEnumerable<OutboxEvent> ReadAllAsync(CancellationToken cancellationToken = default) => _queue.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Stops following; what waits can still be read.</summary>
    public void Dispose()
    {
        _leave(this);
        End();
    }

    internal void Offer(OutboxEvent happened)
    {
        if (!_queue.Writer.TryWrite(happened))
        {
            Interlocked.Increment(ref _missed);
        }
    }

    internal void End() => _queue.Writer.TryComplete();
}
