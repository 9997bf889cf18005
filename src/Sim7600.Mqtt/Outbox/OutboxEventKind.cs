namespace Sim7600.Mqtt;

/// <summary>What happened to a message of an outbox.</summary>
public enum OutboxEventKind
{
    /// <summary>It was taken over.</summary>
    Accepted,

    /// <summary>It was published, and is removed.</summary>
    Delivered,

    /// <summary>An attempt failed; it will be tried again.</summary>
    Retrying,

    /// <summary>The modem refused the message itself too often; it is removed.</summary>
    Refused,

    /// <summary>Its time to live was over; it is removed.</summary>
    Expired,

    /// <summary>There was no room; it is removed, or was never taken.</summary>
    Dropped,
}
