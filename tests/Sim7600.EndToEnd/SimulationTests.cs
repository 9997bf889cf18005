using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>A bounded part of what docs/reliability.md reports: virtual days with faults, and every exchange with lines in between and bytes lost.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class SimulationTests
{
    private static string Simulation => Path.Combine(AppContext.BaseDirectory, "Sim7600.Simulation.dll");

    [TestCase(1)]
    [TestCase(1001)]
    [TestCase(2001)]
    public async Task Virtual_hours_with_faults_show_no_violation(int from)
    {
        await using ToolProcess run = ToolProcess.Start(ToolProcess.DotNet, Simulation, "--seeds", "8", "--from", $"{from}", "--hours", "2");
        Assert.That(await run.ExitAsync(), Is.Zero, run.Output + run.Errors);
        Assert.That(run.Output.TrimEnd(), Does.EndWith("seeds 8 violations 0 lost 0 hung 0"));
    }

    [Test]
    public async Task The_same_seed_gives_the_same_timeline()
    {
        string first = await LineOfSeedAsync(17);
        string again = await LineOfSeedAsync(17);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(await LineOfSeedAsync(18), Is.Not.EqualTo(first));
    }

    [TestCase("open")]
    [TestCase("operator")]
    [TestCase("connect")]
    [TestCase("connect with will")]
    [TestCase("adopt")]
    [TestCase("subscribe")]
    [TestCase("receive")]
    [TestCase("publish at QoS 0")]
    [TestCase("publish at QoS 1")]
    [TestCase("publish at QoS 2")]
    [TestCase("unsubscribe")]
    [TestCase("disconnect")]
    public async Task Every_lost_byte_and_some_lines_in_between_leave_an_exchange_true(string exchange)
    {
        await using ToolProcess run = ToolProcess.Start(ToolProcess.DotNet, Simulation, "interleave", "--exchange", exchange, "--every", "499");
        Assert.That(await run.ExitAsync(), Is.Zero, run.Output + run.Errors);
        Assert.That(run.Output, Does.Match(@"cases [1-9]\d+ violations 0\s*$"));
    }

    [TestCase("--seeds x", "--seeds is 1 to 10000000, not 'x'. Try: --help")]
    [TestCase("--seeds 0 --hours abc", "--seeds is 1 to 10000000, not '0'. Try: --help")]
    [TestCase("--hours 300", "--hours is 0.01 to 240, not '300'. Try: --help")]
    [TestCase("--timeline", "--timeline shows one seed: add --seeds 1, and --from N to say which. Try: --help")]
    [TestCase("--nonsense", "Unrecognized command or argument '--nonsense'. Try: --help")]
    [TestCase("interleave --exchange nothing", "Argument 'nothing' not recognized. Must be one of: 'open'")]
    public async Task A_mistake_is_one_line(string arguments, string expected)
    {
        await using ToolProcess run = ToolProcess.Start(ToolProcess.DotNet, [Simulation, .. arguments.Split(' ')]);
        Assert.That(await run.ExitAsync(), Is.EqualTo(2));
        Assert.That(run.Errors, Does.StartWith($"simulation: {expected}").And.EndWith("\n"));
        Assert.That(run.Errors.TrimEnd(), Does.Not.Contain("\n"));
    }

    [Test]
    [Platform("Linux")]
    public async Task It_ends_when_nobody_reads_its_timeline_any_more()
    {
        await using ToolProcess run = ToolProcess.Start("/bin/sh", "-c", $"{{ {ToolProcess.DotNet} '{Simulation}' --timeline --seeds 1 --hours 240; echo $? >&2; }} | head -1");
        Assert.That(await run.ExitAsync(), Is.Zero);
        Assert.That(run.Output, Is.EqualTo("0.000 modem State power: off \n"));
        Assert.That(run.Errors, Is.EqualTo("141\n"), "as a closed pipe ends a program");
    }

    private static async Task<string> LineOfSeedAsync(int seed)
    {
        await using ToolProcess run = ToolProcess.Start(ToolProcess.DotNet, Simulation, "--seeds", "1", "--from", $"{seed}", "--hours", "2");
        Assert.That(await run.ExitAsync(), Is.Zero, run.Output + run.Errors);
        return run.Output.Split('\n')[0];
    }
}
