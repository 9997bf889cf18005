using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <summary>A managed client stopped trying, because what failed does not pass by itself; or it was disposed.</summary>
public sealed class MqttFaultedException : MqttException
{
    internal MqttFaultedException(string message, CmqttResult? result = null)
        : base(message, result)
    {
    }
}
