namespace Sim7600.Mqtt;

/// <summary>What a managed client is doing.</summary>
public enum ManagedMqttState
{
    /// <summary>The modem is not online; its supervisor sees to it.</summary>
    WaitingForModem,

    /// <summary>Connecting to the broker, and subscribing again.</summary>
    Connecting,

    /// <summary>Connected; what waits in the outbox is being published.</summary>
    Connected,

    /// <summary>Waiting before the next try, restarting the modem's MQTT service, or waiting for the outbox's disk while the connection stays.</summary>
    Recovering,

    /// <summary>Trying again would not help, for example because the broker refuses the password. <see cref="ManagedMqttClient.Retry"/> tries again.</summary>
    Faulted,

    /// <summary>Disposed.</summary>
    Closed,
}
