using System.Text.Json;

namespace Sim7600.Emulator.Tests.Replay;

/// <summary>Real sessions judge the emulator: typed as they were, every line must come as it came then.</summary>
[Parallelizable(ParallelScope.All)]
public class RealSessionTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "transcripts");

    private static readonly Dictionary<string, string> NotReplayable =
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Folder, "not-replayable.json")))!;

    private static IEnumerable<string> Files => Directory.GetFiles(Folder, "*.json")
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Where(name => char.IsAsciiDigit(name[0]))
        .Order();

    private static IEnumerable<string> Replayable => Files.Where(name => !NotReplayable.ContainsKey(name[..3]));

    [Test]
    [CancelAfter(60_000)]
    public async Task A_session_is_answered_as_it_was(
        [ValueSource(nameof(Replayable))] string name, [Values] WriteSplit split, CancellationToken cancellationToken)
    {
        ReplayReport report = await TranscriptReplay.RunAsync(Load(name), split: split, seed: 7, cancellationToken: cancellationToken);
        Assert.That(report.Difference, Is.Null);
        Assert.That(report.LinesCompared, Is.Positive);
    }

    /// <summary>Random pieces are new at each run; the seed of a failure is in its message.</summary>
    [Test]
    [CancelAfter(60_000)]
    public async Task A_session_is_answered_as_it_was_at_any_split([ValueSource(nameof(Replayable))] string name, CancellationToken cancellationToken)
    {
        Transcript transcript = Load(name);
        foreach (int seed in Enumerable.Range(0, 5))
        {
            ReplayReport report = await TranscriptReplay.RunAsync(transcript, split: WriteSplit.Random, seed: seed, cancellationToken: cancellationToken);
            Assert.That(report.Difference, Is.Null, $"seed {seed}");
        }
    }

    /// <summary>The list of what cannot be replayed names sessions that are there, and none that would pass.</summary>
    [Test]
    [CancelAfter(60_000)]
    public async Task What_is_listed_as_not_replayable_is_not([ValueSource(nameof(Files))] string name, CancellationToken cancellationToken)
    {
        if (NotReplayable.TryGetValue(name[..3], out string? reason))
        {
            Assert.That(reason, Is.Not.Empty);
            ReplayReport report = await TranscriptReplay.RunAsync(Load(name), cancellationToken: cancellationToken);
            Assert.That(report.Matches, Is.False, "it passes: take it off the list");
        }
    }

    [Test]
    public void Every_reason_belongs_to_a_session() =>
        Assert.That(NotReplayable.Keys, Is.SubsetOf(Files.Select(name => name[..3])));

    private static Transcript Load(string name) => Transcript.Load(Path.Combine(Folder, $"{name}.json"));
}
