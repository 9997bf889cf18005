using System.Text;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Faults;

/// <summary>A fault with the moment at which it happens: one entry of <c>faults</c> in a scenario file.</summary>
/// <param name="Fault">What happens.</param>
/// <param name="Trigger">When, and for how long.</param>
public sealed record ScheduledFault(Fault Fault, FaultTrigger Trigger)
{
    /// <summary>Reads one entry, or the short form of a reply: <c>{"command":"AT+CMQTTPUB","reply":"+CMQTTPUB: 0,17"}</c>.</summary>
    /// <param name="json">A JSON object; comments are allowed.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ScenarioException">It is not valid; the message names the line and what was expected.</exception>
    public static ScheduledFault Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return FaultReader.Read(JsonDocumentNode.Parse(Encoding.UTF8.GetBytes(json), "fault"));
    }

    /// <summary>The entry as JSON in one line, as <see cref="Parse"/> reads it; what is left out there has its default.</summary>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="ArgumentException">The trigger contradicts itself, or does not fit the fault.</exception>
    public string ToJson() => FaultWriter.Write(this);

    /// <summary>As <see cref="ToJson"/>, but a fault that is not valid is shown as it is.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => FaultWriter.TryWrite(this) ?? $"{Fault} {Trigger}";
}
