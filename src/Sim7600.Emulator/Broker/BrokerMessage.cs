using MQTTnet.Protocol;

namespace Sim7600.Emulator;

/// <summary>A message that a client published to the embedded broker.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The payload; empty, never null.</param>
/// <param name="Qos">The quality of service it was published with.</param>
/// <param name="Retain">The retain flag it was published with.</param>
/// <param name="ClientId">Who published it.</param>
public sealed record BrokerMessage(string Topic, byte[] Payload, MqttQualityOfServiceLevel Qos, bool Retain, string ClientId);
