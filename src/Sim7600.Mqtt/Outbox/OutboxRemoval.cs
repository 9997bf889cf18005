namespace Sim7600.Mqtt;

/// <summary>Why a message leaves an outbox.</summary>
public enum OutboxRemoval
{
    /// <summary>It was published.</summary>
    Delivered,

    /// <summary>The modem refused the message itself, <see cref="OutboxOptions.MaximumRefusals"/> times.</summary>
    Refused,

    /// <summary>Its time to live was over.</summary>
    Expired,

    /// <summary>A newer message took its place.</summary>
    Dropped,
}
