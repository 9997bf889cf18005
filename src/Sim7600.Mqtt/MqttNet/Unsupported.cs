using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Sim7600.Mqtt;

/// <summary>What MQTTnet's types can say and the modem's MQTT 3.1.1 client cannot do.</summary>
internal static class Unsupported
{
    private const string OtherRoute =
        "MQTTnet's own client can, over the modem's sockets: give modem.CreateMqttChannelFactory() to new MqttClientFactory().CreateMqttClient(…).";

    private static readonly MqttClientOptions Untouched = new();

    /// <summary>The exception that names a property and the way that can do it.</summary>
    public static NotSupportedException Property(string name, string why) => new($"{name}: {why} {OtherRoute}");

    public static void ThrowIfMqtt5(MqttClientOptions options)
    {
        Only5(options.UserProperties, nameof(options.UserProperties));
        Only5(options.SessionExpiryInterval != Untouched.SessionExpiryInterval, nameof(options.SessionExpiryInterval));
        Only5(options.TopicAliasMaximum != Untouched.TopicAliasMaximum, nameof(options.TopicAliasMaximum));
        Only5(options.ReceiveMaximum != Untouched.ReceiveMaximum, nameof(options.ReceiveMaximum));
        Only5(options.MaximumPacketSize != Untouched.MaximumPacketSize, nameof(options.MaximumPacketSize));
        Only5(options.RequestProblemInformation != Untouched.RequestProblemInformation, nameof(options.RequestProblemInformation));
        Only5(options.RequestResponseInformation != Untouched.RequestResponseInformation, nameof(options.RequestResponseInformation));
        Only5(options.AuthenticationMethod is not null, nameof(options.AuthenticationMethod));
        Only5(options.AuthenticationData is not null, nameof(options.AuthenticationData));
        Only5(options.EnhancedAuthenticationHandler is not null, nameof(options.EnhancedAuthenticationHandler));
        Only5(options.WillContentType is not null, nameof(options.WillContentType));
        Only5(options.WillCorrelationData is not null, nameof(options.WillCorrelationData));
        Only5(options.WillDelayInterval != 0, nameof(options.WillDelayInterval));
        Only5(options.WillMessageExpiryInterval != 0, nameof(options.WillMessageExpiryInterval));
        Only5(options.WillPayloadFormatIndicator != MqttPayloadFormatIndicator.Unspecified, nameof(options.WillPayloadFormatIndicator));
        Only5(options.WillResponseTopic is not null, nameof(options.WillResponseTopic));
        Only5(options.WillUserProperties, nameof(options.WillUserProperties));
    }

    public static void ThrowIfMqtt5(MqttApplicationMessage message)
    {
        Only5(message.UserProperties, nameof(message.UserProperties));
        Only5(message.TopicAlias != 0, nameof(message.TopicAlias));
        Only5(message.ResponseTopic is not null, nameof(message.ResponseTopic));
        Only5(message.CorrelationData is not null, nameof(message.CorrelationData));
        Only5(message.ContentType is not null, nameof(message.ContentType));
        Only5(message.MessageExpiryInterval != 0, nameof(message.MessageExpiryInterval));
        Only5(message.PayloadFormatIndicator != MqttPayloadFormatIndicator.Unspecified, nameof(message.PayloadFormatIndicator));
        Only5(message.SubscriptionIdentifiers is { Count: > 0 }, nameof(message.SubscriptionIdentifiers));
        if (message.Dup)
        {
            throw Property(nameof(message.Dup), "The modem repeats messages by itself and has no way to be told that one is a repetition.");
        }
    }

    public static void ThrowIfMqtt5(MqttClientSubscribeOptions options)
    {
        Only5(options.UserProperties, nameof(options.UserProperties));
        Only5(options.SubscriptionIdentifier != 0, nameof(options.SubscriptionIdentifier));
        foreach (MqttTopicFilter filter in options.TopicFilters)
        {
            Only5(filter.NoLocal, nameof(filter.NoLocal));
            Only5(filter.RetainAsPublished, nameof(filter.RetainAsPublished));
            Only5(filter.RetainHandling != MqttRetainHandling.SendAtSubscribe, nameof(filter.RetainHandling));
        }
    }

    public static void ThrowIfMqtt5(MqttClientUnsubscribeOptions options) => Only5(options.UserProperties, nameof(options.UserProperties));

    public static void ThrowIfMqtt5(MqttClientDisconnectOptions options)
    {
        Only5(options.UserProperties, nameof(options.UserProperties));
        Only5(options.Reason != MqttClientDisconnectOptionsReason.NormalDisconnection, nameof(options.Reason));
        Only5(!string.IsNullOrEmpty(options.ReasonString), nameof(options.ReasonString));
        Only5(options.SessionExpiryInterval != 0, nameof(options.SessionExpiryInterval));
    }

    private static void Only5(List<MqttUserProperty>? properties, string name) => Only5(properties is { Count: > 0 }, name);

    private static void Only5(bool isSet, string name)
    {
        if (isSet)
        {
            throw Property(name, "It is of MQTT 5, and the modem's own client speaks MQTT 3.1.1.");
        }
    }
}
