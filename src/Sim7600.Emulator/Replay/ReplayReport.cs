namespace Sim7600.Emulator;

/// <summary>How a replay went.</summary>
/// <param name="Transcript">Which session.</param>
/// <param name="Difference">Null when every line was printed as in the transcript; else the place, with the lines of both sides.</param>
/// <param name="Notes">What was padded, left out by the poster, or waited for.</param>
/// <param name="LinesCompared">Printed lines that were compared and equal.</param>
public sealed record ReplayReport(Transcript Transcript, string? Difference, IReadOnlyList<string> Notes, int LinesCompared)
{
    /// <summary>True when the modem printed what the transcript shows.</summary>
    public bool Matches => Difference is null;
}
