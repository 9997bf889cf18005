namespace Sim7600.Mqtt;

/// <summary>
/// Where an <see cref="Outbox"/> keeps its messages. It knows nothing of expiry, limits and retries. Its methods may be called concurrently;
/// calls that start one after the other take effect in that order. None blocks its caller.
/// </summary>
public interface IOutboxStore : IAsyncDisposable
{
    /// <summary>Adds a message behind all others.</summary>
    /// <param name="message">The message. Its number is ignored; its payload must stay as it is until the task completes.</param>
    /// <param name="cancellationToken">Withdraws it while its storing has not begun; once begun, the call gives the true end.</param>
    /// <returns>The number it got. When the task completes the message is as safe as this store can make it.</returns>
    /// <exception cref="OutboxStoreException">It could not be stored.</exception>
    /// <exception cref="OperationCanceledException">It was withdrawn and is not stored.</exception>
    Task<long> AddAsync(OutboxMessage message, CancellationToken cancellationToken);

    /// <summary>Gives messages in the order of acceptance.</summary>
    /// <param name="afterId">Only those with a greater number; 0 for all.</param>
    /// <param name="count">So many at most, 1 or more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The messages; fewer than <paramref name="count"/> when there are no more.</returns>
    /// <exception cref="OutboxStoreException">They could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<IReadOnlyList<OutboxMessage>> ListAsync(long afterId, int count, CancellationToken cancellationToken);

    /// <summary>Counts one attempt that did not end delivered. A number that is not there is ignored.</summary>
    /// <param name="id">The message's number.</param>
    /// <param name="cancellationToken">Withdraws it while it has not begun.</param>
    /// <returns>A task that completes when it is stored.</returns>
    /// <exception cref="OutboxStoreException">It could not be stored.</exception>
    /// <exception cref="OperationCanceledException">It was withdrawn.</exception>
    Task CountAttemptAsync(long id, CancellationToken cancellationToken);

    /// <summary>Removes a message for ever. A number that is not there is ignored.</summary>
    /// <param name="id">The message's number.</param>
    /// <param name="reason">Why, for a store that keeps records of it; the two of this library do not.</param>
    /// <param name="cancellationToken">Withdraws it while it has not begun.</param>
    /// <returns>A task that completes when it is stored.</returns>
    /// <exception cref="OutboxStoreException">It could not be stored; the message is still there.</exception>
    /// <exception cref="OperationCanceledException">It was withdrawn; the message is still there.</exception>
    Task RemoveAsync(long id, OutboxRemoval reason, CancellationToken cancellationToken);

    /// <summary>Counts the messages.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Their number and their bytes.</returns>
    /// <exception cref="OutboxStoreException">They could not be counted.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<OutboxSize> CountAsync(CancellationToken cancellationToken);
}
