using System.Globalization;
using Sim7600.Driver.Channel;
using Sim7600.Links;

namespace Sim7600.Driver;

/// <summary>
/// No answer, or not a whole one, came in time. The message has every property in one line; <c>docs/timeouts.md</c> explains each.
/// </summary>
public abstract class AtUnansweredException : AtException
{
    // Enough for the last line or two; the properties have more.
    private const int MostShown = 48;

    private protected AtUnansweredException(string what, string command, bool wasWritten, LineObservation seen, string advice)
        : base($"{what}; {Received(seen)}. {advice}", command, wasWritten)
    {
        Symptom = seen.Symptom;
        Elapsed = seen.Elapsed;
        Port = seen.Port;
        Settings = seen.Settings;
        BytesReceived = seen.BytesReceived;
        SilentFor = seen.SilentFor;
        LastReceived = seen.Tail.ToText();
        LastReceivedHex = seen.Tail.ToHex();
        Advice = advice;
    }

    /// <summary>What the missing answer looked like on the line.</summary>
    public AtSymptom Symptom { get; }

    /// <summary>How long it was waited for.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The line, as it was opened: <c>/dev/ttyUSB2</c>, <c>COM3</c>, <c>tcp://host:port</c>.</summary>
    public string Port { get; }

    /// <summary>Speed and flow control of the line; null where it has none or does not know.</summary>
    public SerialSettings? Settings { get; }

    /// <summary>How many bytes came while it was waited for.</summary>
    public long BytesReceived { get; }

    /// <summary>How long ago the last byte came; null when none ever came on this line.</summary>
    public TimeSpan? SilentFor { get; }

    /// <summary>The last bytes that came while it was waited for, as text with escapes; where they could hold a secret only their number.</summary>
    public string LastReceived { get; }

    /// <summary>The same bytes in hexadecimal, with the same ones hidden.</summary>
    public string LastReceivedHex { get; }

    /// <summary>What to try.</summary>
    public string Advice { get; }

    private protected static string Line(string port, SerialSettings? settings) => settings is null ? port : $"{port} ({settings})";

    private static string Received(LineObservation seen) => seen.BytesReceived == 0
        ? seen.SilentFor is { } silence ? $"received nothing, and before it nothing for {Seconds(silence - seen.Elapsed)}" : "received nothing, and nothing ever on this line"
        : $"received {seen.BytesReceived} bytes, the last \"{seen.Tail.ToText(MostShown)}\" ({seen.Tail.ToHex(MostShown)}) {Seconds(seen.SilentFor ?? TimeSpan.Zero)} ago";

    private protected static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalSeconds):0.###} s");
}
