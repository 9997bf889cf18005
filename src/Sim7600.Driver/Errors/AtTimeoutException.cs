using Sim7600.Driver.Channel;
using Sim7600.Links;

namespace Sim7600.Driver;

/// <summary>
/// The modem did not finish a command in time. The channel gets back in step by itself before the next command; a late answer is
/// dropped and never handed to another command.
/// </summary>
public sealed class AtTimeoutException : AtUnansweredException
{
    internal AtTimeoutException(string command, bool wasWritten, string state, LineObservation seen)
        : base(
            wasWritten
                ? $"{command} got no whole answer from {Line(seen.Port, seen.Settings)} within {Seconds(seen.Elapsed)}: {state}"
                : $"{command} was not sent: {Line(seen.Port, seen.Settings)} has not answered since an earlier command was given up, asked for {Seconds(seen.Elapsed)}",
            command, wasWritten, seen, Try(seen, wasWritten)) => State = state;

    /// <summary>What was being waited for, for example <c>waiting for the final result</c>.</summary>
    public string State { get; }

    private static string Try(LineObservation seen, bool wasWritten) => seen.Symptom switch
    {
        AtSymptom.Silence when seen.EverHeard =>
            "Try again: a modem that searches for the network is silent for seconds. When it stays silent, it sleeps, has lost its supply or hangs: look at its LED and supply, then reset it.",
        AtSymptom.Silence =>
            "Check that this is the AT port (interface 2 of the USB modem, usually ttyUSB2), that the modem is on, and on a UART its baud rate and that RX and TX are crossed.",
        AtSymptom.EchoOnly =>
            "The line and its settings are right, for the echo came back: the modem works on the command or hangs in it. Try again with a longer time-out; when it repeats, reset the modem.",
        AtSymptom.Garbage => Garbage(seen.Settings),
        AtSymptom.PromptMissing =>
            "Try again; what the modem may still wait for is filled in first. When it repeats, the command arrives damaged: check cable and flow control, and whether another program uses the port.",
        AtSymptom.DataUnanswered =>
            "Data bytes were probably lost on the way, and the modem waits for the rest; it is filled in before the next command. Try again; when it repeats, use RTS/CTS flow control (AT+IFC=2,2) or a lower baud rate.",
        AtSymptom.ResultLineMissing =>
            "The modem took the command and the network's verdict is missing, so its effect is unknown. Try again; when it repeats, check signal and registration (AT+CSQ, AT+CPSI?) and that the server can be reached.",
        AtSymptom.FinalResultMissing =>
            "The verdict came and the OK after it did not: bytes were lost. Try again; when it repeats, check cable and flow control, and whether another program uses the port.",
        AtSymptom.AnswerCutShort =>
            "The answer has no end: bytes were lost, or another program reads the same port (ModemManager does). Try again; when it repeats, check that, cable and flow control.",
        AtSymptom.ModemStarting =>
            "The modem is starting: wait until it has said PB DONE, set up what a boot resets, and try again. When it starts often, check its supply (2 A peaks).",
        AtSymptom.LineBlocked =>
            "The line takes no bytes: with RTS/CTS flow control the modem or the cable holds CTS back (AT+IFC=2,2 is missing, or two wires); without, the driver of the port hangs. Open the port again.",
        _ => wasWritten
            ? "The modem is alive and its answer is missing: the command was lost, or another program reads the same port (ModemManager does). Try again; when it repeats, check that."
            : "The modem may still be busy with that command: try again later, or reset it.",
    };

    internal static string Garbage(SerialSettings? settings) =>
        $"That is no text: the baud rate is wrong{(settings is null ? "" : $" ({settings.BaudRate} here)")}, or the line is noisy. A SIM7600 has 115200 from the factory; AT+IPR? and AT+IPREX? tell what was set. Check ground and levels too.";
}
