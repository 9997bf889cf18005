using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <summary>The modem or the broker refused a subscription or its end.</summary>
public sealed class MqttSubscribeException : MqttException
{
    internal MqttSubscribeException(string operation, string filter, CmqttResult result)
        : base($"{operation} \"{filter}\" failed: {result}. Try: {result.Advice}.", result) => Filter = filter;

    /// <summary>The topic filter.</summary>
    public string Filter { get; }
}
