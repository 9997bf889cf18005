namespace Sim7600.Mqtt;

/// <summary>How a publish ended.</summary>
public enum PublishStatus
{
    /// <summary>QoS 1 and 2: the broker acknowledged it. QoS 0: the modem handed it to its network stack, which is all that QoS 0 tells.</summary>
    Delivered,

    /// <summary>The modem answered with a number other than 0.</summary>
    Refused,

    /// <summary>PUB was sent and its result never came: the message may have arrived or not.</summary>
    Unknown,
}
