using System.Text;
using MQTTnet.Protocol;

namespace Sim7600.Mqtt.Hosting;

/// <summary>What the broker publishes when the connection ends without a disconnect, as configuration keys.</summary>
public sealed class Sim7600HostWill
{
    /// <summary>The topic, 1 to 1024 bytes.</summary>
    public string Topic { get; set; } = "";

    /// <summary>The message as text, 1 to 1024 bytes.</summary>
    public string Payload { get; set; } = "";

    /// <summary>Its QoS, by number or name.</summary>
    public MqttQualityOfServiceLevel QualityOfService { get; set; } = MqttQualityOfServiceLevel.AtLeastOnce;

    internal MqttWill ToWill() => new(Topic, Encoding.UTF8.GetBytes(Payload), QualityOfService);
}
