namespace Sim7600.Mqtt;

/// <summary>How a publish ended.</summary>
public enum PublishStatus
{
    /// <summary>QoS 1 and 2: the broker acknowledged it. QoS 0: the modem handed it to its network stack, which is all that QoS 0 tells.</summary>
    Delivered,

    /// <summary>
    /// It was certainly not published: TOPIC or PAYLOAD were refused, or PUB was, with a number that the modem gives instead of sending (such
    /// as 11 not connected, 12 invalid parameter, 14 busy, 18 no topic, 22 length).
    /// </summary>
    Refused,

    /// <summary>
    /// The message may have arrived or not: PUB was sent and its result never came, or it is a number that can follow a PUBLISH which has left
    /// (such as 6 receive failed, 16 send failed, 17 time-out, 26 closed by the server, and any that no table lists).
    /// </summary>
    Unknown,
}
