using System.Globalization;
using MQTTnet.Packets;

namespace Sim7600.Emulator.Broker;

/// <summary>An MQTT packet as the timeline shows it: no user name, no password, no payload.</summary>
internal static class PacketEntry
{
    /// <summary>Describes a packet; time and modem are left to the modem.</summary>
    public static TimelineEntry Of(MqttPacket packet, int client, bool toBroker)
    {
        var entry = new TimelineEntry(TimeSpan.Zero, 0, TimelineKind.Mqtt, NameOf(packet)) { Client = client, ToBroker = toBroker };
        return packet switch
        {
            MqttConnectPacket connect => entry with
            {
                Note = string.Create(
                    CultureInfo.InvariantCulture,
                    $"client id '{connect.ClientId}', keep-alive {connect.KeepAlivePeriod} s, {(connect.CleanSession ? "clean session" : "kept session")}")
                    + (connect.WillTopic is { Length: > 0 } will ? $", will '{will}'" : ""),
            },
            MqttConnAckPacket answer => entry with { Note = string.Create(CultureInfo.InvariantCulture, $"code {(int)answer.ReturnCode}{(answer.IsSessionPresent ? ", session present" : "")}") },
            MqttPublishPacket publish => entry with
            {
                Topic = publish.Topic,
                Qos = (int)publish.QualityOfServiceLevel,
                Length = (int)publish.Payload.Length,
                Note = (publish.Retain, publish.Dup) switch
                {
                    (true, true) => "retained, duplicate",
                    (true, false) => "retained",
                    (false, true) => "duplicate",
                    _ => null,
                },
            },
            MqttSubscribePacket subscribe => entry with
            {
                Topic = string.Join(", ", subscribe.TopicFilters.Select(filter => filter.Topic)),
                Note = $"QoS {string.Join(", ", subscribe.TopicFilters.Select(filter => (int)filter.QualityOfServiceLevel))}",
            },
            MqttSubAckPacket answer => entry with { Note = $"codes {string.Join(", ", answer.ReasonCodes.Select(code => (int)code))}" },
            MqttUnsubscribePacket unsubscribe => entry with { Topic = string.Join(", ", unsubscribe.TopicFilters) },
            _ => entry,
        };
    }

    private static string NameOf(MqttPacket packet) => packet switch
    {
        MqttConnectPacket => "CONNECT",
        MqttConnAckPacket => "CONNACK",
        MqttPublishPacket => "PUBLISH",
        MqttPubAckPacket => "PUBACK",
        MqttPubRecPacket => "PUBREC",
        MqttPubRelPacket => "PUBREL",
        MqttPubCompPacket => "PUBCOMP",
        MqttSubscribePacket => "SUBSCRIBE",
        MqttSubAckPacket => "SUBACK",
        MqttUnsubscribePacket => "UNSUBSCRIBE",
        MqttUnsubAckPacket => "UNSUBACK",
        MqttPingReqPacket => "PINGREQ",
        MqttPingRespPacket => "PINGRESP",
        MqttDisconnectPacket => "DISCONNECT",
        _ => packet.GetType().Name,
    };
}
