using System.Text;

namespace Sim7600.Mqtt;

/// <summary>Keeps messages in memory: they outlive a connection, not the process.</summary>
public sealed class MemoryOutboxStore : IOutboxStore
{
    private readonly Lock _gate = new();
    private readonly SortedList<long, OutboxMessage> _messages = [];
    private long _lastId;

    /// <inheritdoc/>
    public Task<long> AddAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Run(
            () =>
            {
                long id = ++_lastId;
                _messages.Add(id, message with { Id = id, Payload = message.Payload.ToArray() });
                return id;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<OutboxMessage>> ListAsync(long afterId, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Run<IReadOnlyList<OutboxMessage>>(
            () =>
            {
                var found = new List<OutboxMessage>();
                for (int index = FirstAfter(afterId); index < _messages.Count && found.Count < count; index++)
                {
                    found.Add(_messages.GetValueAtIndex(index));
                }

                return found;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task CountAttemptAsync(long id, CancellationToken cancellationToken) => Run(
        () =>
        {
            if (_messages.TryGetValue(id, out OutboxMessage? message))
            {
                _messages[id] = message with { Attempts = message.Attempts + 1 };
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(long id, OutboxRemoval reason, CancellationToken cancellationToken) => Run(() => _messages.Remove(id), cancellationToken);

    /// <inheritdoc/>
    public Task<OutboxSize> CountAsync(CancellationToken cancellationToken) =>
        Run(() => new OutboxSize(_messages.Count, _messages.Values.Sum(SizeOf)), cancellationToken);

    /// <summary>Does nothing: the messages go with the object.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static long SizeOf(OutboxMessage message) =>
        Encoding.UTF8.GetByteCount(message.Topic) + message.Payload.Length + Encoding.UTF8.GetByteCount(message.Tag ?? "");

    private Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        lock (_gate)
        {
            return Task.FromResult(work());
        }
    }

    private int FirstAfter(long id)
    {
        int low = 0;
        int high = _messages.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_messages.GetKeyAtIndex(middle) <= id)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
