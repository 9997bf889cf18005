namespace Sim7600.Mqtt.Tests;

/// <summary>A store in memory whose removals can be made to fail.</summary>
internal sealed class StubbornStore : IOutboxStore
{
    private readonly MemoryOutboxStore _store = new();

    public bool IsBroken { get; set; }

    public Task<long> AddAsync(OutboxMessage message, CancellationToken cancellationToken) => _store.AddAsync(message, cancellationToken);

    public Task<IReadOnlyList<OutboxMessage>> ListAsync(long afterId, int count, CancellationToken cancellationToken) => _store.ListAsync(afterId, count, cancellationToken);

    public Task CountAttemptAsync(long id, CancellationToken cancellationToken) => _store.CountAttemptAsync(id, cancellationToken);

    public Task RemoveAsync(long id, OutboxRemoval reason, CancellationToken cancellationToken) => IsBroken
        ? Task.FromException(new OutboxStoreException(OutboxStoreProblem.Failed, "broken"))
        : _store.RemoveAsync(id, reason, cancellationToken);

    public Task<OutboxSize> CountAsync(CancellationToken cancellationToken) => _store.CountAsync(cancellationToken);

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
