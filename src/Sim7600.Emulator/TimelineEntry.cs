namespace Sim7600.Emulator;

/// <summary>
/// One thing that happened to a modem. The same input at the same times gives the same entries, as far as a network does not
/// decide. Passwords, PINs and key files are not in them: typed, echoed and read back they are <c>*</c>.
/// </summary>
/// <param name="Time">Since the start of the emulator, on its <see cref="EmulatorOptions.TimeProvider"/>.</param>
/// <param name="Modem">The modem's number, from 1.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="Text">
/// <see cref="TimelineKind.Rx"/> and <see cref="TimelineKind.Tx"/>: the bytes, with <c>\r</c>, <c>\n</c>, <c>\\</c> and
/// <c>\xHH</c> for what is no printable ASCII. <see cref="TimelineKind.Command"/>: its name with <c>AT</c>.
/// <see cref="TimelineKind.State"/>: what has changed and its new value, in the words of a scenario's start state, such as
/// <c>network: searching</c>. <see cref="TimelineKind.Mqtt"/>: the packet's name, such as <c>PUBLISH</c>.
/// <see cref="TimelineKind.Fault"/>: the fault.
/// </param>
public sealed record TimelineEntry(TimeSpan Time, int Modem, TimelineKind Kind, string Text)
{
    /// <summary>What else a person should know, such as why bytes were lost or changed on the line; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Form of a command: <c>execute</c>, <c>test</c>, <c>read</c> or <c>write</c>; else null.</summary>
    public string? Form { get; init; }

    /// <summary>Final result of a command, such as <c>OK</c> or <c>+CME ERROR: 10</c>; null for other entries, and when the power ended it.</summary>
    public string? Result { get; init; }

    /// <summary>How long a command ran; else null.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Index of the CMQTT client that sent or received a packet, 0 or 1; else null.</summary>
    public int? Client { get; init; }

    /// <summary>True for a packet to the broker, false for one from it; null for other entries.</summary>
    public bool? ToBroker { get; init; }

    /// <summary>Topic of a PUBLISH, or filters of a SUBSCRIBE or UNSUBSCRIBE with <c>", "</c> between them; else null.</summary>
    public string? Topic { get; init; }

    /// <summary>QoS of a PUBLISH, 0 to 2; else null.</summary>
    public int? Qos { get; init; }

    /// <summary>Bytes of a PUBLISH's payload; else null.</summary>
    public int? Length { get; init; }
}
