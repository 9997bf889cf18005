namespace Sim7600.Mqtt;

/// <summary>What <see cref="Outbox.EnqueueAsync"/> does with a message for which there is no room.</summary>
public enum OutboxWhenFull
{
    /// <summary>Waits for room, in the order of the calls, up to <see cref="OutboxOptions.FullTimeout"/>; then it throws <see cref="OutboxFullException"/>.</summary>
    Wait,

    /// <summary>Throws <see cref="OutboxFullException"/> at once.</summary>
    Refuse,

    /// <summary>Drops as many of the oldest messages as it takes. One that is being published now is never dropped; when all are, it throws <see cref="OutboxFullException"/>.</summary>
    DropOldest,

    /// <summary>Drops the new message, which its receipt says.</summary>
    DropNewest,
}
