namespace Sim7600.Emulator.Tests;

/// <summary>Sessions of real units whose outcome depends on the world around the modem: names, servers, calls, stored messages.</summary>
[Parallelizable(ParallelScope.All)]
public class RecordedWorldTests
{
    [TestCase("011", Description = "stored messages, shown and deleted")]
    [TestCase("012", Description = "an HTTP answer and a name")]
    [TestCase("014", Description = "a call that cannot be made, and one that rings")]
    [TestCase("024", Description = "a TCP connection")]
    [TestCase("026", Description = "links that died silently")]
    [TestCase("030", Description = "socket settings and NETOPEN")]
    [TestCase("036", Description = "no position")]
    [TestCase("059", Description = "NETOPEN refused")]
    [TestCase("071", Description = "UDP")]
    [CancelAfter(60_000)]
    public async Task A_session_is_answered_as_it_was(string id, CancellationToken token)
    {
        string folder = TestContext.CurrentContext.TestDirectory;
        while (!Directory.Exists(Path.Combine(folder, "tests", "transcripts")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        string file = Directory.GetFiles(Path.Combine(folder, "tests", "transcripts"), $"{id}-*.json").Single();
        ReplayReport report = await TranscriptReplay.RunAsync(Transcript.Load(file), cancellationToken: token);
        Assert.That(report.Difference, Is.Null);
        Assert.That(report.LinesCompared, Is.Positive);
    }
}
