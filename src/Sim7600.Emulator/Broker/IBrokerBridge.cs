namespace Sim7600.Emulator.Broker;

/// <summary>Where the modem's MQTT connections go: opens one session for one connection of one CMQTT client.</summary>
internal interface IBrokerBridge
{
    /// <summary>True when a session's operations neither block nor wait for a real network, so that they may start on the modem's loop.</summary>
    bool AnswersAtOnce => false;

    /// <summary>Creates an unconnected session.</summary>
    /// <param name="events">Where messages and the loss of the connection are told.</param>
    IBrokerSession CreateSession(ISessionEvents events);
}
