using Sim7600.Emulator.Lint;

namespace Sim7600.Emulator.Tests.Lint;

/// <summary>Real sessions through the linter.</summary>
[Parallelizable(ParallelScope.All)]
public class LintedSessionTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "transcripts");

    private static IEnumerable<string> Files => Directory.GetFiles(Folder, "*.json")
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Where(name => char.IsAsciiDigit(name[0]))
        .Order();

    /// <summary>What programs of the field did in front of a modem, and got right by luck.</summary>
    private static readonly Dictionary<string, string> Known = new()
    {
        ["016-lilygo-100-mqtts-emqx-ok"] = "mqtt-before-registration",
        ["159-lilygo-100-azure-32"] = "mqtt-before-registration",
    };

    [Test]
    [CancelAfter(60_000)]
    public async Task A_session_that_went_well_has_no_finding_but_what_is_known(
        [ValueSource(nameof(Files))] string name, [Values(WriteSplit.Whole, WriteSplit.Bytes)] WriteSplit split, CancellationToken cancellationToken)
    {
        (_, IReadOnlyList<LintReport> lint) = await TranscriptReplay.RunAsync(
            Transcript.Load(Path.Combine(Folder, $"{name}.json")), profile: null, split, seed: 0, new LintOptions { AnswerTime = TimeSpan.Zero }, cancellationToken);
        Assert.That(lint, Is.Not.Empty);
        Assert.That(
            lint.SelectMany(report => report.Rules).Where(result => result.Count > 0).Select(result => result.Rule.Id),
            Is.EqualTo(Known.TryGetValue(name, out string? known) ? new[] { known } : []),
            string.Join("\n", lint.Select(report => report.ToText())));
    }
}
