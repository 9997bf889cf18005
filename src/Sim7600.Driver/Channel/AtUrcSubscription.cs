using System.Threading.Channels;

namespace Sim7600.Driver.Channel;

/// <summary>
/// One listener's queue of unsolicited lines. It is bounded: when the listener is too slow the newest lines are dropped and counted,
/// and the reader of the link never waits.
/// </summary>
public sealed class AtUrcSubscription : IDisposable
{
    private readonly AtChannel _owner;
    private readonly Channel<AtUrc> _queue;
    private long _dropped;

    internal AtUrcSubscription(AtChannel owner, int capacity)
    {
        _owner = owner;
        _queue = System.Threading.Channels.Channel.CreateBounded<AtUrc>(new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleWriter = true,
            AllowSynchronousContinuations = false,
        });
    }

    /// <summary>The queue. It completes without an error when the channel closes or the subscription is disposed.</summary>
    public ChannelReader<AtUrc> Reader => _queue.Reader;

    /// <summary>How many lines were dropped because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Ends the subscription; what is queued can still be read.</summary>
    public void Dispose() => _owner.Unsubscribe(this);

    internal bool Offer(AtUrc urc)
    {
        if (_queue.Writer.TryWrite(urc))
        {
            return true;
        }

        Interlocked.Increment(ref _dropped);
        return false;
    }

    internal void Complete() => _queue.Writer.TryComplete();
}
