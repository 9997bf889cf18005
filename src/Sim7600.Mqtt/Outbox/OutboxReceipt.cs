namespace Sim7600.Mqtt;

/// <summary>Says that an outbox has taken a message over.</summary>
/// <param name="Id">The message's number; 0 when it was dropped because the outbox is full (<see cref="OutboxWhenFull.DropNewest"/>).</param>
/// <param name="AcceptedAt">When, in UTC.</param>
public readonly record struct OutboxReceipt(long Id, DateTimeOffset AcceptedAt)
{
    /// <summary>True when the outbox keeps the message; false when it dropped it.</summary>
    public bool IsAccepted => Id > 0;
}
