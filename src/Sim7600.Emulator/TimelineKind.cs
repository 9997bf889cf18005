namespace Sim7600.Emulator;

/// <summary>What an entry of the timeline tells.</summary>
public enum TimelineKind
{
    /// <summary>Bytes from the host, when the modem takes them.</summary>
    Rx,

    /// <summary>Bytes to the host: what the modem prints in one write, its echo included.</summary>
    Tx,

    /// <summary>A command that has ended.</summary>
    Command,

    /// <summary>A change of power, card, registration, or of the MQTT service and its clients.</summary>
    State,

    /// <summary>An MQTT packet between the modem and a broker.</summary>
    Mqtt,

    /// <summary>A fault that was asked for.</summary>
    Fault,
}
