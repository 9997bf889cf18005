namespace Sim7600.Mqtt;

/// <summary>How much an outbox holds, for how long, and what happens beyond. Immutable; change a copy with <c>with</c>.</summary>
public sealed record OutboxOptions
{
    /// <summary>How many messages may wait, 1 or more.</summary>
    public int MaximumMessages { get; init; } = 10_000;

    /// <summary>How many bytes of topics, payloads and tags may wait, 1 or more.</summary>
    public long MaximumBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>What happens with a message for which there is no room.</summary>
    public OutboxWhenFull WhenFull { get; init; } = OutboxWhenFull.Wait;

    /// <summary>How long <see cref="OutboxWhenFull.Wait"/> waits; <see cref="Timeout.InfiniteTimeSpan"/> to wait as long as the caller's token allows.</summary>
    public TimeSpan FullTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after its acceptance a message is still worth publishing; null for ever. Each message keeps the time it was accepted with.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>How long a message, and with it later ones of the same topic, rests after a first attempt that failed; doubled after each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest rest.</summary>
    public TimeSpan RetryDelayMaximum { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// After how many refusals that lie in the message itself (2, 12, 18, 22, a bare <c>ERROR</c>) it is given up, so that it does not hold up its topic
    /// for ever; 1 or more. Refusals that lie in the modem's state (not connected, busy …) do not count. 12 was seen for what was accepted when repeated.
    /// </summary>
    public int MaximumRefusals { get; init; } = 3;

    /// <summary>The clock: acceptance, expiry, rests and waiting for room.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumMessages, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumRefusals, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(RetryDelay.Ticks, nameof(RetryDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryDelayMaximum, RetryDelay);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (FullTimeout < TimeSpan.Zero && FullTimeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(FullTimeout), FullTimeout, "FullTimeout is 0 or longer, or Timeout.InfiniteTimeSpan.");
        }

        if (TimeToLive <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(TimeToLive), TimeToLive, "TimeToLive is longer than 0, or null for ever.");
        }

        if (!Enum.IsDefined(WhenFull))
        {
            throw new ArgumentOutOfRangeException(nameof(WhenFull), WhenFull, "WhenFull is one of its names.");
        }
    }
}
