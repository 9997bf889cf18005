using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sim7600.Driver.Lifecycle;

/// <summary>Hands each step to whoever follows. Nobody waits for a follower: one that is too slow misses the oldest steps.</summary>
internal sealed class Broadcast<T>
{
    private const int Capacity = 256;
    private readonly Lock _gate = new();
    private readonly List<Channel<T>> _followers = [];
    private bool _ended;

    public void Say(T step)
    {
        lock (_gate)
        {
            _followers.ForEach(follower => follower.Writer.TryWrite(step));
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            _followers.ForEach(follower => follower.Writer.TryComplete());
        }
    }

    // The follower stands from the call on, not from its first step on.
    public IAsyncEnumerable<T> Follow(CancellationToken cancellationToken)
    {
        Channel<T> steps = System.Threading.Channels.Channel.CreateBounded<T>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            if (_ended)
            {
                steps.Writer.Complete();
            }
            else
            {
                _followers.Add(steps);
            }
        }

        return ReadAsync(steps, cancellationToken);
    }

    private async IAsyncEnumerable<T> ReadAsync(Channel<T> steps, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (T step in steps.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return step;
            }
        }
        finally
        {
            lock (_gate)
            {
                _followers.Remove(steps);
            }
        }
    }
}
