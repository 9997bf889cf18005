using System.CommandLine;

namespace Sim7600.Fuzzing;

/// <summary>Feeds whatever bytes to the code that takes bytes from outside.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var seconds = new Option<int>("--seconds") { Description = "Seconds for all targets together", DefaultValueFactory = _ => 60 };
        var inputs = new Option<long?>("--inputs") { Description = "Inputs for each target instead of a time" };
        var target = new Option<string?>("--target") { Description = "One target only: " + string.Join(", ", FuzzTargets.All.Select(each => each.Name)) };
        target.AcceptOnlyFromAmong([.. FuzzTargets.All.Select(each => each.Name)]);
        var seed = new Option<int>("--seed") { Description = "The seed of the mutations", DefaultValueFactory = _ => 1 };
        var findings = new Option<string>("--findings") { Description = "Folder for inputs that break something", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "sim7600-findings") };
        var replay = new Option<FileInfo?>("--replay") { Description = "Feed one file to the target that its folder is named after, or to --target" };
        var list = new Option<bool>("--list") { Description = "List the targets and what must hold" };
        var root = new RootCommand("Fuzzes the readers of the driver and the software modem, guided by the branches that an input takes.") { seconds, inputs, target, seed, findings, replay, list };
        root.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(list))
            {
                foreach (IFuzzTarget each in FuzzTargets.All)
                {
                    Console.WriteLine($"{each.Name}: {each.Meaning}");
                }

                return 0;
            }

            return parsed.GetValue(replay) is { } file
                ? await ReplayAsync(file, parsed.GetValue(target))
                : await InstrumentedProgram.RunAsync(new FuzzOptions(parsed.GetValue(inputs), parsed.GetValue(seconds), parsed.GetValue(target), parsed.GetValue(seed), parsed.GetValue(findings)!));
        });
        return root.Parse(arguments).Invoke();
    }

    /// <summary>Fuzzes; called in the copy that is instrumented.</summary>
    internal static async Task<int> RunAsync(long? inputs, int seconds, string? target, int seed, string findings)
    {
        var coverage = new Coverage();
        IFuzzTarget[] targets = [.. FuzzTargets.All.Where(each => target is null || each.Name == target)];
        TimeSpan time = inputs is null ? TimeSpan.FromSeconds((double)seconds / targets.Length) : TimeSpan.MaxValue;
        long fed = 0;
        int found = 0;
        foreach (IFuzzTarget each in targets)
        {
            var run = new FuzzRun(each, seed, coverage, findings);
            await run.RunAsync([.. CorpusOf(each), .. each.Seeds], inputs ?? long.MaxValue, time);
            fed += run.Inputs;
            found += run.Findings;
        }

        Console.WriteLine($"inputs {fed} findings {found}");
        return found == 0 ? 0 : 1;
    }

    private static IEnumerable<byte[]> CorpusOf(IFuzzTarget target)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name);
        return Directory.Exists(folder) ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];
    }

    private static async Task<int> ReplayAsync(FileInfo file, string? target)
    {
        string name = target ?? file.Directory!.Name;
        Exception? error = await FuzzRun.TryAsync(FuzzTargets.Find(name), await File.ReadAllBytesAsync(file.FullName));
        Console.WriteLine(error is null ? $"{name}: all is well" : $"{name}: {error}");
        Console.WriteLine($"inputs 1 findings {(error is null ? 0 : 1)}");
        return error is null ? 0 : 1;
    }
}
