namespace Sim7600.Mqtt;

/// <summary>What an outbox remembers of a stored message: all but the payload.</summary>
internal sealed class OutboxEntry(OutboxMessage message, long size, DateTimeOffset? expiresAt)
{
    public long Id { get; } = message.Id;

    public string Topic { get; } = message.Topic;

    public string? Tag { get; } = message.Tag;

    /// <summary>When it expires, on the steady clock of the outbox.</summary>
    public DateTimeOffset? ExpiresAt { get; } = expiresAt;

    /// <summary>Bytes of topic, payload and tag.</summary>
    public long Size { get; } = size;

    /// <summary>Attempts that failed, those of earlier runs too.</summary>
    public int Attempts { get; set; } = message.Attempts;

    /// <summary>Attempts that failed in this run, one after the other.</summary>
    public int Failures { get; set; }

    /// <summary>How many of them the modem refused for the message's own sake.</summary>
    public int Refusals { get; set; }

    /// <summary>Somebody has it, to publish it.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Its end is being stored.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Until when, on the steady clock, it rests after a failure; null when it does not.</summary>
    public DateTimeOffset? RestsUntil { get; set; }

    internal LinkedListNode<OutboxEntry>? InAll { get; set; }

    internal LinkedListNode<OutboxEntry>? InTopic { get; set; }
}
