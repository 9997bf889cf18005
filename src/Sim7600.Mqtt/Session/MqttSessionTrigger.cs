namespace Sim7600.Mqtt.Session;

/// <summary>What moves a session from state to state: the outcome of an effect, or something that came unasked.</summary>
public enum MqttSessionTrigger
{
    /// <summary>START succeeded.</summary>
    ServiceStarted,

    /// <summary>START said 23: it runs already.</summary>
    ServiceRunsAlready,

    /// <summary>ACCQ succeeded.</summary>
    ClientAcquired,

    /// <summary>ACCQ said 19: it is acquired already.</summary>
    ClientInUse,

    /// <summary>The acquired client is ours: it was lost by the connection only.</summary>
    ClientIsOurs,

    /// <summary>The acquired client is another's, or cannot be told from one.</summary>
    ClientIsForeign,

    /// <summary>The acquired client is connected just as we would connect it.</summary>
    ConnectionIsOurs,

    /// <summary>REL succeeded, or the client was free.</summary>
    ClientReleased,

    /// <summary>CONNECT succeeded.</summary>
    ConnectionAccepted,

    /// <summary>CONNECT said 13: it is connected already.</summary>
    ConnectionExists,

    /// <summary>DISC is done.</summary>
    Disconnected,

    /// <summary>A step was refused, got no answer, or was given up.</summary>
    Failed,

    /// <summary><c>+CMQTTCONNLOST</c>.</summary>
    ConnectionLost,

    /// <summary><c>+CMQTTPING</c>: the broker does not answer the keep-alive.</summary>
    KeepAliveFailed,

    /// <summary><c>+CMQTTNONET</c>: the network is gone, and the service with it.</summary>
    NetworkLost,

    /// <summary><c>RDY</c>: the modem booted.</summary>
    ModemRestarted,

    /// <summary>The line to the modem is gone.</summary>
    LineLost,

    /// <summary>This program wants to end it.</summary>
    Close,

    /// <summary>The modem is left clean, or as clean as it could be.</summary>
    LeftClean,
}
