using System.Text;
using Sim7600.Emulator;
using Sim7600.Emulator.Scenarios;
using static Sim7600.Fuzzing.BrokenPromiseException;

namespace Sim7600.Fuzzing.Targets;

/// <summary>A transcript file; what is valid and short is replayed too.</summary>
internal sealed class TranscriptTarget : IFuzzTarget
{
    private const int MostSteps = 12;

    /// <inheritdoc/>
    public string Name => "transcript";

    /// <inheritdoc/>
    public string Meaning => "any bytes as a transcript: refused with a reason and a line, or read; what was read can be replayed to an end";

    /// <inheritdoc/>
    public int LongestInput => 8_000;

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } =
        [.. ((string[])["{", "}", "[", "]", ",", ":", "\"steps\"", "\"send\"", "\"recv\"", "\"comment\"", "\"given\"", "{\"recv\":[\"OK\"]},", "{\"send\":\"AT\"},", "\"\\ud800\"", "//\n", "null", "\"X\"", "\"...\"", "\"RING\""]).Select(Encoding.UTF8.GetBytes)];

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds => [.. SessionBytes.Files(), """{"steps":[{"send":"AT"},{"recv":["OK"]}]}"""u8.ToArray()];

    /// <inheritdoc/>
    public async Task RunAsync(byte[] input)
    {
        Transcript transcript;
        try
        {
            transcript = Transcript.Read(JsonDocumentNode.Parse(input, "transcript"));
        }
        catch (ScenarioException refused)
        {
            ScenarioTarget.Check(refused);
            return;
        }

        if (transcript.Pieces.Sum(piece => piece.Steps.Count) <= MostSteps && input.Length < 2_000)
        {
            ReplayReport report = await TranscriptReplay.RunAsync(transcript, split: WriteSplit.Random);
            Unless(report.LinesCompared > 0 || report.Difference is not null, "a replay compares something");
        }
    }
}
