using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator;

/// <summary>One step of a transcript: what was typed, or the lines that were printed, or neither for a remark.</summary>
/// <param name="Line">Where it stands in the file.</param>
/// <param name="Send">What was typed, without its line end.</param>
/// <param name="Receive">The printed lines, without echo and line ends.</param>
/// <param name="Given">At a remark that begins another moment or another unit: its own start state; else null.</param>
internal sealed record TranscriptStep(int Line, string? Send, IReadOnlyList<string>? Receive, GivenState? Given = null);
