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

    /// <summary>The modem's number; null when it never came, or was never asked for since the modem takes no such message. It can be there although the outcome is unknown.</summary>
    public CmqttResult? Result { get; }

    /// <summary>One sentence for people.</summary>
    public string Reason { get; }

    /// <summary>True for <see cref="PublishStatus.Delivered"/>.</summary>
    public bool IsDelivered => Status == PublishStatus.Delivered;

    /// <summary>True for <see cref="PublishStatus.Unknown"/>: the message may have reached the broker, and sending it again may duplicate it.</summary>
    public bool MayHaveArrived => Status == PublishStatus.Unknown;

    /// <inheritdoc/>
    public override string ToString() => $"{Status}: {Reason}";

    internal static PublishOutcome Delivered() => new(PublishStatus.Delivered, CmqttResult.FromNumber(0), "the message was delivered");

    internal static PublishOutcome Refused(CmqttResult result) =>
        new(PublishStatus.Refused, result, $"the modem answered {result}; {result.Advice}");

    /// <summary>Never given to the modem, because it takes no such topic or payload.</summary>
    internal static PublishOutcome Invalid(string reason) => new(PublishStatus.Refused, null, reason);

    internal static PublishOutcome Unknown(string reason) => new(PublishStatus.Unknown, null, reason);

    /// <summary>What PUB's own answer means. Only numbers that the modem gives instead of sending are refusals.</summary>
    internal static PublishOutcome OfAnswer(CmqttResult result) => result switch
    {
        { IsSuccess: true } => Delivered(),
        _ when IsRefusalBeforeSending(result) => Refused(result),
        _ => new(PublishStatus.Unknown, result, $"the modem answered {result}, which may come after the message has left; {result.Advice}"),
    };

    // The checks of parameters and state that come before a PUBLISH is made (cmqtt.md 6). All other numbers, 6, 16, 17 and 26 among them, and those
    // that no table lists, can follow a PUBLISH that the broker has taken. A bare ERROR stands in the place of the OK that comes before sending.
    private static bool IsRefusalBeforeSending(CmqttResult result) => result == CmqttResult.Unspecified || result.Code
        is CmqttResultCode.BadUtf8String or CmqttResultCode.NetworkNotOpened or CmqttResultCode.ClientIndexError or CmqttResultCode.NoConnection
        or CmqttResultCode.InvalidParameter or CmqttResultCode.OperationNotSupported or CmqttResultCode.ClientBusy or CmqttResultCode.TopicEmpty
        or CmqttResultCode.ClientNotAcquired or CmqttResultCode.LengthOutOfRange;
}
