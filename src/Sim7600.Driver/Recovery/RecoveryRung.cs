namespace Sim7600.Driver.Recovery;

/// <summary>The rungs of the recovery ladder, from the gentlest to the hardest.</summary>
public enum RecoveryRung
{
    /// <summary>Connect to the broker again, on the client that is acquired (<c>AT+CMQTTCONNECT</c>).</summary>
    MqttReconnect,

    /// <summary>End the modem's MQTT service and start it again (<c>AT+CMQTTDISC</c>, <c>REL</c>, <c>STOP</c>, <c>START</c>).</summary>
    ServiceRestart,

    /// <summary>Close the packet data context and open it again (<c>AT+CGACT</c>).</summary>
    PacketData,

    /// <summary>Switch the radio off and on (<c>AT+CFUN=0</c>, <c>AT+CFUN=1</c>): the SIM is read and the network joined again.</summary>
    Radio,

    /// <summary>Restart the modem (<c>AT+CRESET</c>).</summary>
    ModemReset,

    /// <summary>Cut the modem's power: the user's own delegate.</summary>
    PowerCycle,

    /// <summary>Close the port and open it again, where the modem's identity is found if it has moved.</summary>
    PortReopen,
}
