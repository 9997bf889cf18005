using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>Whatever bytes come: the corpus and some new inputs find nothing.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FuzzingTests
{
    private const int Inputs = 300;

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Sim7600.Fuzzing.dll");

    [Test]
    public async Task The_corpus_and_new_inputs_find_nothing()
    {
        await using ToolProcess process = ToolProcess.Start(ToolProcess.DotNet, Program, "--inputs", $"{Inputs}", "--seed", "1");
        foreach (string target in (string[])["digester", "parameters", "line", "modem", "transcript", "scenario", "fault", "pdu"])
        {
            await process.LineAsync(line => line.StartsWith($"{target}: ", StringComparison.Ordinal) && line.Contains("branches", StringComparison.Ordinal), $"what it did with {target}");
        }

        Assert.That(await process.ExitAsync(), Is.Zero, process.Output);
        Assert.That(process.Output, Does.Match(@"\ninputs \d{4,} findings 0\r?\n$"));
    }

    [Test]
    public async Task One_input_is_replayed()
    {
        string corpus = Path.Combine(AppContext.BaseDirectory, "Corpus", "scenario");
        await using ToolProcess process = ToolProcess.Start(ToolProcess.DotNet, Program, "--replay", Directory.GetFiles(corpus)[0]);
        Assert.That(await process.ExitAsync(), Is.Zero, process.Output);
        Assert.That(process.Output, Does.EndWith("inputs 1 findings 0" + Environment.NewLine));
    }
}
