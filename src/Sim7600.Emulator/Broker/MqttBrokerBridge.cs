using System.Net;
using Microsoft.Extensions.Logging;

namespace Sim7600.Emulator.Broker;

/// <summary>Opens MQTT connections over TCP: to the address that the firmware names, or to one fixed broker.</summary>
internal sealed class MqttBrokerBridge : IBrokerBridge
{
    private readonly DnsEndPoint? _fixed;
    private readonly ILogger _log;

    /// <summary>Creates the bridge.</summary>
    /// <param name="fixedBroker">Where every connection goes, or null to dial what the firmware names.</param>
    /// <param name="log">The emulator's log.</param>
    public MqttBrokerBridge(DnsEndPoint? fixedBroker, ILogger log)
    {
        _fixed = fixedBroker;
        _log = log;
    }

    /// <inheritdoc/>
    public IBrokerSession CreateSession(ISessionEvents events) => new MqttBrokerSession(_fixed, events, _log);
}
