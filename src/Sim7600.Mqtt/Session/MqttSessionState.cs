namespace Sim7600.Mqtt.Session;

/// <summary>Where a session with a broker, through one of the modem's MQTT clients, is in its life.</summary>
public enum MqttSessionState
{
    /// <summary>The modem's MQTT service is not known to run.</summary>
    Stopped,

    /// <summary>The service runs.</summary>
    Started,

    /// <summary>The client was acquired before, by an earlier run or another program: what it is gets looked at.</summary>
    Adopting,

    /// <summary>The client is another's: it is disconnected and released.</summary>
    Releasing,

    /// <summary>The client is ours and not connected.</summary>
    Acquired,

    /// <summary>The client was found connected when it should connect: it is disconnected first.</summary>
    Disconnecting,

    /// <summary>Connected to the broker.</summary>
    Connected,

    /// <summary>The connection ended; the client is still acquired.</summary>
    Lost,

    /// <summary>Leaving the modem as it was found: disconnect, release, stop.</summary>
    Closing,

    /// <summary>Over. A new session begins with a new object.</summary>
    Closed,
}
