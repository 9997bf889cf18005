using Sim7600.Driver.Channel;

namespace Sim7600.Driver;

/// <summary>Nothing on the line answered like a modem.</summary>
public sealed class ModemNotRespondingException : AtUnansweredException
{
    internal ModemNotRespondingException(LineObservation seen)
        : base($"No modem answered on {Line(seen.Port, seen.Settings)}: AT got no OK within {Seconds(seen.Elapsed)}", "AT", wasWritten: true, seen, Try(seen))
    {
    }

    private static string Try(LineObservation seen) => seen.Symptom switch
    {
        AtSymptom.Garbage => AtTimeoutException.Garbage(seen.Settings),
        AtSymptom.ModemStarting => "The modem is starting: wait until it has said PB DONE and open it again.",
        AtSymptom.LineBlocked => "The line takes no bytes: with RTS/CTS flow control CTS is held back (two wires, or no modem); without, the driver of the port hangs.",
        AtSymptom.EchoOnly => "What was sent comes back and nothing else: RX and TX are joined somewhere, or the modem is in a data mode that it does not leave; reset it then.",
        AtSymptom.OtherLines when seen.Tail.ToText().Contains("$G", StringComparison.Ordinal) =>
            "Those are position sentences: this is the GNSS port of the modem. Its AT port is interface 2, usually ttyUSB2.",
        AtSymptom.OtherLines => "Something else speaks on this line: check that this is the AT port (interface 2 of the USB modem, usually ttyUSB2) and that no other program uses it.",
        _ => "Check that the modem is switched on and has booted, that this is its AT port (interface 2 of the USB modem, usually ttyUSB2), "
            + "that no other program uses it, and on a UART the baud rate and that RX and TX are crossed.",
    };
}
