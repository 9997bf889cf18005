using System.CommandLine;
using System.Diagnostics;
using Sim7600.Simulation.Interleaving;

namespace Sim7600.Simulation;

/// <summary>Driver, modem, network and broker in one process on virtual time, with faults drawn from a seed.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds to run", DefaultValueFactory = _ => 100 };
        var from = new Option<int>("--from") { Description = "The first seed", DefaultValueFactory = _ => 1 };
        var hours = new Option<double>("--hours") { Description = "Virtual hours of each seed", DefaultValueFactory = _ => 24 };
        var show = new Option<bool>("--timeline") { Description = "Print the whole timeline" };
        var root = new RootCommand("Runs the driver against the software modem and a broker, on virtual time, with faults drawn from a seed.") { seeds, from, hours, show };
        root.SetAction(parsed => Run(parsed.GetValue(from), parsed.GetValue(seeds), TimeSpan.FromHours(parsed.GetValue(hours)), parsed.GetValue(show)));
        var every = new Option<int>("--every") { Description = "Try each N-th of the cases with an unsolicited line; lost bytes are always all tried", DefaultValueFactory = _ => 1 };
        var exchange = new Option<string?>("--exchange") { Description = "One exchange only" };
        var interleave = new Command("interleave", "Tries every unsolicited line in every gap of every exchange with every split, and every single lost byte.") { every, exchange };
        interleave.SetAction(parsed => Interleave(parsed.GetValue(every), parsed.GetValue(exchange)));
        root.Subcommands.Add(interleave);
        return root.Parse(arguments).Invoke();
    }

    private static int Interleave(int every, string? exchange)
    {
        var run = new InterleavingRun(every, exchange);
        Task.Run(run.RunAsync).GetAwaiter().GetResult();
        Console.WriteLine($"cases {run.Cases} violations {run.Violations}");
        return run.Violations == 0 ? 0 : 1;
    }

    private static int Run(int from, int seeds, TimeSpan length, bool show)
    {
        int violations = 0, lost = 0, hung = 0;
        for (int seed = from; seed < from + seeds; seed++)
        {
            var watch = Stopwatch.StartNew();
            SimulationResult result = Task.Run(() => SimulationRun.RunAsync(seed, length, show ? Console.Out : null)).GetAwaiter().GetResult();
            violations += result.Judge.Violations.Count;
            lost += result.Judge.Lost;
            hung += result.Judge.Hung;
            Console.WriteLine(
                $"seed {seed} {result.Node}: {result.Judge.Calls} calls, {result.Judge.Accepts} accepted, {result.Judge.Duplicates} duplicates, recovered in {result.Recovery.TotalSeconds:F0} s, "
                + $"{result.Judge.Timeline.Lines} lines {result.Judge.Timeline.Hash}, {watch.Elapsed.TotalSeconds:F1} s");
            foreach (string violation in result.Judge.Violations)
            {
                Console.WriteLine($"  violation at {violation}");
            }
        }

        Console.WriteLine($"seeds {seeds} violations {violations} lost {lost} hung {hung}");
        return violations == 0 ? 0 : 1;
    }
}
