using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Scenarios;

/// <summary>What the broker of a scenario does with the modem's packets.</summary>
/// <param name="Connect">What CONNECT ends in; <see cref="CmqttResultCode.Unspecified"/> is no answer at all.</param>
/// <param name="Publish">What it does with a PUBLISH.</param>
/// <param name="Subscribe">What it does with a SUBSCRIBE.</param>
/// <param name="Retained">Messages it keeps for subscribers.</param>
internal sealed record GivenBroker(
    CmqttResultCode Connect, GivenBrokerAnswer Publish, GivenBrokerAnswer Subscribe, IReadOnlyList<(string Topic, byte[] Payload)> Retained)
{
    private static readonly Dictionary<string, CmqttResultCode> ConnectWords = new()
    {
        ["accept"] = CmqttResultCode.Success,
        ["refuse:1"] = CmqttResultCode.RefusedProtocolVersion,
        ["refuse:2"] = CmqttResultCode.RefusedClientId,
        ["refuse:3"] = CmqttResultCode.RefusedServerUnavailable,
        ["refuse:4"] = CmqttResultCode.RefusedUserNameOrPassword,
        ["refuse:5"] = CmqttResultCode.RefusedNotAuthorized,
        ["close"] = CmqttResultCode.SocketClosedByServer,
        ["tls-fail"] = CmqttResultCode.HandshakeFailed,
        ["unreachable"] = CmqttResultCode.SocketConnectFailed,
        ["dns-fail"] = CmqttResultCode.DnsError,
        ["silent"] = CmqttResultCode.Unspecified,
    };

    private static readonly Dictionary<string, GivenBrokerAnswer> AnswerWords = new()
    {
        ["ack"] = GivenBrokerAnswer.Acknowledge,
        ["close"] = GivenBrokerAnswer.Close,
        ["silent"] = GivenBrokerAnswer.Silent,
    };

    /// <summary>A broker that takes everything.</summary>
    public static GivenBroker Accepting { get; } = new(CmqttResultCode.Success, GivenBrokerAnswer.Acknowledge, GivenBrokerAnswer.Acknowledge, []);

    public static GivenBroker Read(JsonDocumentNode node)
    {
        node.AsObject("broker", "connect", "publish", "subscribe", "retained");
        return new GivenBroker(
            node.Find("connect")?.AsWord("connect", ConnectWords) ?? CmqttResultCode.Success,
            node.Find("publish")?.AsWord("publish", AnswerWords) ?? GivenBrokerAnswer.Acknowledge,
            node.Find("subscribe")?.AsWord("subscribe", AnswerWords) ?? GivenBrokerAnswer.Acknowledge,
            [.. node.Find("retained")?.AsList("retained").Select(ReadRetained) ?? []]);
    }

    private static (string Topic, byte[] Payload) ReadRetained(JsonDocumentNode node)
    {
        node.AsObject("a retained message", "topic", "payload");
        return (
            node.Find("topic")?.AsText("topic") ?? throw node.Wrong("a topic"),
            System.Text.Encoding.UTF8.GetBytes(node.Find("payload")?.AsText("payload") ?? ""));
    }
}
