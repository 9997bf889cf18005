using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Replay;

/// <summary>What was logged in one go, of one unit. Posters put several of them into one post, with a remark between.</summary>
/// <param name="Given">The state in which it starts.</param>
/// <param name="Steps">What was typed and printed.</param>
internal sealed record TranscriptPiece(GivenState Given, IReadOnlyList<TranscriptStep> Steps);
