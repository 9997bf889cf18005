using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <summary>The modem or the broker refused the connection. The modem was left as it was found.</summary>
public sealed class MqttConnectException : MqttException
{
    internal MqttConnectException(string command, MqttConnectOptions options, CmqttResult result)
        : base($"Connecting {options} failed at {command}: {result}. Try: {result.Advice}.", result) => Command = command;

    /// <summary>The command that was refused, for example <c>AT+CMQTTCONNECT</c>.</summary>
    public string Command { get; }
}
