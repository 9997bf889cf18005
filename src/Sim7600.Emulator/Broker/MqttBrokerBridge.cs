using Microsoft.Extensions.Logging;

namespace Sim7600.Emulator.Broker;

/// <summary>Opens MQTT connections over TCP or TLS: to the address that the firmware names, or to one fixed broker.</summary>
internal sealed class MqttBrokerBridge : IBrokerBridge
{
    private readonly BrokerDestination _destination;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    /// <summary>Creates the bridge.</summary>
    /// <param name="destination">Where connections go.</param>
    /// <param name="time">The clock of time-outs.</param>
    /// <param name="log">The emulator's log.</param>
    public MqttBrokerBridge(BrokerDestination destination, TimeProvider time, ILogger log)
    {
        _destination = destination;
        _time = time;
        _log = log;
    }

    /// <inheritdoc/>
    public IBrokerSession CreateSession(ISessionEvents events) => new MqttBrokerSession(_destination, events, _time, _log);
}
