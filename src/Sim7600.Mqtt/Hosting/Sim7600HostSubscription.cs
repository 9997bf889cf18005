using MQTTnet.Protocol;

namespace Sim7600.Mqtt.Hosting;

/// <summary>One topic filter to receive, as configuration keys.</summary>
public sealed class Sim7600HostSubscription
{
    /// <summary>The topic filter, 1 to 1024 bytes; <c>+</c> and <c>#</c> are wildcards.</summary>
    public string Filter { get; set; } = "";

    /// <summary>The highest QoS that the broker should send with, by number or name.</summary>
    public MqttQualityOfServiceLevel QualityOfService { get; set; } = MqttQualityOfServiceLevel.AtLeastOnce;
}
