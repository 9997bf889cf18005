using MQTTnet.Protocol;

namespace Sim7600.Mqtt;

/// <summary>What the broker publishes when the connection ends without a disconnect. The modem has no retain flag for it.</summary>
/// <param name="Topic">The topic, 1 to 1024 bytes.</param>
/// <param name="Payload">The message, 1 to 1024 bytes.</param>
/// <param name="QualityOfService">Its QoS.</param>
public sealed record MqttWill(
    string Topic, ReadOnlyMemory<byte> Payload, MqttQualityOfServiceLevel QualityOfService = MqttQualityOfServiceLevel.AtMostOnce);
