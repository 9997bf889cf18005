using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <summary>The true end of a publish. Nothing is reported delivered that was not.</summary>
public sealed record PublishOutcome
{
    private PublishOutcome(PublishStatus status, CmqttResult? result, string reason)
    {
        Status = status;
        Result = result;
        Reason = reason;
    }

    /// <summary>How it ended.</summary>
    public PublishStatus Status { get; }

    /// <summary>The modem's number; null when it never came.</summary>
    public CmqttResult? Result { get; }

    /// <summary>One sentence for people.</summary>
    public string Reason { get; }

    /// <summary>True for <see cref="PublishStatus.Delivered"/>.</summary>
    public bool IsDelivered => Status == PublishStatus.Delivered;

    /// <summary>
    /// True when the message may have reached the broker although it is not <see cref="IsDelivered"/>: the outcome is unknown, or the
    /// modem's number says that the link broke or the acknowledgement did not come in time. Sending it again may duplicate it.
    /// </summary>
    public bool MayHaveArrived => Status == PublishStatus.Unknown
        || Result?.Code is CmqttResultCode.ReceiveFailed or CmqttResultCode.SocketSendFailed or CmqttResultCode.Timeout or CmqttResultCode.SocketClosedByServer;

    /// <inheritdoc/>
    public override string ToString() => $"{Status}: {Reason}";

    internal static PublishOutcome Delivered() => new(PublishStatus.Delivered, CmqttResult.FromNumber(0), "the message was delivered");

    internal static PublishOutcome Refused(CmqttResult result) =>
        new(PublishStatus.Refused, result, $"the modem answered {result}; {result.Advice}");

    internal static PublishOutcome Unknown(string reason) => new(PublishStatus.Unknown, null, reason);
}
