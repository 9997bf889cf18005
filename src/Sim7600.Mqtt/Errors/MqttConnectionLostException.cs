using Sim7600.Mqtt.Session;

namespace Sim7600.Mqtt;

/// <summary>The connection to the broker is gone. It does not come back by itself: connect again.</summary>
public sealed class MqttConnectionLostException : MqttException
{
    internal MqttConnectionLostException(MqttConnectionLoss loss)
        : base($"The connection to the broker is gone: {loss.Description}. It does not come back by itself: connect again.", null) => Loss = loss;

    /// <summary>How it was lost.</summary>
    public MqttConnectionLoss Loss { get; }
}
