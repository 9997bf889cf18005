namespace Sim7600.Mqtt.Session;

/// <summary>What ended a connection to the broker.</summary>
public enum MqttConnectionLossKind
{
    /// <summary>This program disconnected or disposed the client.</summary>
    ClosedByHost,

    /// <summary><c>+CMQTTCONNLOST</c>: the TCP connection ended.</summary>
    ConnectionLost,

    /// <summary><c>+CMQTTPING</c>: the broker did not answer the keep-alive.</summary>
    KeepAliveFailed,

    /// <summary><c>+CMQTTNONET</c>: the mobile network is gone and the modem's service has stopped.</summary>
    NetworkLost,

    /// <summary><c>RDY</c>: the modem booted.</summary>
    ModemRestarted,

    /// <summary>The line to the modem is gone.</summary>
    LinkLost,
}
