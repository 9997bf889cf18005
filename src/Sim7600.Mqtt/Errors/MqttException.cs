using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <summary>An MQTT operation did not do what was asked. The message says what, why and what to try, and never holds a secret.</summary>
public abstract class MqttException : Exception
{
    private protected MqttException(string message, CmqttResult? result)
        : base(message) => Result = result;

    /// <summary>The modem's number and what it means; null when no number is concerned.</summary>
    public CmqttResult? Result { get; }
}
