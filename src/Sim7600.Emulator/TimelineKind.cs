namespace Sim7600.Emulator;

/// <summary>What an entry of the timeline tells.</summary>
public enum TimelineKind
{
    /// <summary>Bytes from the host as they came out of the line, its faults included, when the modem takes them.</summary>
    Rx,

    /// <summary>Bytes to the host as they come out of the line, its faults included, when they do: what the modem prints in one write, its echo included, or a piece of it.</summary>
    Tx,

    /// <summary>A command that has ended.</summary>
    Command,

    /// <summary>A change of power, card, registration, or of the MQTT service and its clients.</summary>
    State,

    /// <summary>An MQTT packet between the modem and a broker.</summary>
    Mqtt,

    /// <summary>A fault that begins, happens or is over; its note says what it waits for, or why it has no effect.</summary>
    Fault,
}
