using System.Diagnostics;

namespace Sim7600.Fuzzing;

/// <summary>Fuzzes one target: replays its corpus, then mutates what took new branches.</summary>
internal sealed class FuzzRun(IFuzzTarget target, int seed, Coverage coverage, string findings)
{
    /// <summary>What no input takes on a loaded machine; what takes longer hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int MostShrinkings = 300;

    private readonly Random _random = new(seed);
    private readonly List<byte[]> _corpus = [];
    private readonly HashSet<string> _signatures = [];
    private readonly Stopwatch _watch = new();

    public long Inputs { get; private set; }

    public int Findings { get; private set; }

    /// <summary>Runs until enough inputs were fed or the time is over; the corpus is always replayed.</summary>
    public async Task RunAsync(IEnumerable<byte[]> corpus, long inputs, TimeSpan time)
    {
        _watch.Start();
        foreach (byte[] input in corpus)
        {
            await FeedAsync(input, keep: true);
        }

        if (_corpus.Count == 0)
        {
            _corpus.Add([]);
        }

        var mutator = new Mutator(_random, target);
        while (Inputs < inputs && _watch.Elapsed < time)
        {
            await FeedAsync(mutator.Next(_corpus), keep: false);
        }

        Console.WriteLine($"{target.Name}: {Inputs} inputs in {_watch.Elapsed.TotalSeconds:F0} s, {_corpus.Count} in the corpus, {coverage.Branches} branches, {Findings} findings");
    }

    private async Task FeedAsync(byte[] input, bool keep)
    {
        Inputs++;
        coverage.Forget();
        Exception? error = await TryAsync(target, input);
        bool isNew = coverage.IsNew();
        if (error is not null)
        {
            await TellAsync(new Finding(target.Name, input, error));
        }
        else if (keep || isNew)
        {
            _corpus.Add(input);
        }
    }

    /// <summary>Feeds one input and returns what came of it, null when all is well.</summary>
    public static async Task<Exception?> TryAsync(IFuzzTarget target, byte[] input)
    {
        try
        {
            await Task.Run(() => target.RunAsync(input)).WaitAsync(Patience);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private async Task TellAsync(Finding finding)
    {
        if (!_signatures.Add(finding.Signature))
        {
            return;
        }

        Findings++;
        finding = finding.Error is TimeoutException ? finding : await ShrinkAsync(finding);
        Console.WriteLine($"{target.Name}: {finding.Signature}\n{finding.Error}\nreproduced by --replay {finding.Save(findings)}");
    }

    private static async Task<Finding> ShrinkAsync(Finding finding)
    {
        IFuzzTarget target = FuzzTargets.Find(finding.Target);
        int left = MostShrinkings;
        for (int length = Math.Max(1, finding.Input.Length / 2); length > 0; length /= 2)
        {
            for (int at = 0; at < finding.Input.Length && left-- > 0;)
            {
                byte[] smaller = [.. finding.Input.Take(at), .. finding.Input.Skip(at + length)];
                if (await TryAsync(target, smaller) is { } error && new Finding(target.Name, smaller, error) is { } found && found.Signature == finding.Signature)
                {
                    finding = found;
                }
                else
                {
                    at += length;
                }
            }
        }

        return finding;
    }
}
