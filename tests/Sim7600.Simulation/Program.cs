using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Sim7600.Cli.Output;
using Sim7600.Emulator.Faults;
using Sim7600.Simulation.Interleaving;

namespace Sim7600.Simulation;

/// <summary>Driver, modem, network and broker in one process on virtual time, with faults drawn from a seed.</summary>
internal static class Program
{
    /// <summary>As a shell tells of a program that a closed pipe has ended.</summary>
    private const int EndedByPipe = 128 + 13;

    private static int Main(string[] arguments)
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds to run", DefaultValueFactory = _ => 100 };
        var from = new Option<int>("--from") { Description = "The first seed", DefaultValueFactory = _ => 1 };
        var hours = new Option<double>("--hours") { Description = "Virtual hours of each seed", DefaultValueFactory = _ => 24 };
        var show = new Option<bool>("--timeline") { Description = "Print the whole timeline of one seed (with --seeds 1)" };
        Within(seeds, 1, 10_000_000);
        Within(from, 0, 2_000_000_000);
        Within(hours, 0.01, 240);
        var root = new RootCommand("Runs the driver against the software modem and a broker, on virtual time, with faults drawn from a seed.") { seeds, from, hours, show };
        root.SetAction(parsed => Run(parsed.GetValue(from), parsed.GetValue(seeds), TimeSpan.FromHours(parsed.GetValue(hours)), parsed.GetValue(show)));
        var every = new Option<int>("--every") { Description = "Try each N-th of the cases with an unsolicited line; lost bytes are always all tried", DefaultValueFactory = _ => 1 };
        var exchange = new Option<string?>("--exchange") { Description = "One exchange only" };
        exchange.AcceptOnlyFromAmong([.. Exchange.All.Select(each => each.Name)]);
        Within(every, 1, 1_000_000);
        var interleave = new Command("interleave", "Tries every unsolicited line in every gap of every exchange with every split, and every single lost byte.") { every, exchange };
        interleave.SetAction(parsed => Interleave(parsed.GetValue(every), parsed.GetValue(exchange)));
        root.Subcommands.Add(interleave);
        ParseResult parsed = root.Parse(arguments);
        string? mistake = parsed.Errors is [{ } first, ..] ? first.Message
            : parsed.GetValue(show) && parsed.GetValue(seeds) != 1 ? "--timeline shows one seed: add --seeds 1, and --from N to say which."
            : null;
        if (mistake is not null)
        {
            Console.Error.WriteLine($"simulation: {OneLine.Of(string.Join(' ', mistake.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)))} Try: --help");
            return 2;
        }

        new Thread(EndWithReader) { IsBackground = true, Name = "reader" }.Start();
        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>Ends the program when nobody reads what it prints, as after <c>| head</c>; .NET drops what is written then without a word.</summary>
    private static void EndWithReader()
    {
        OutputReader.Gone.Wait();
        Environment.Exit(EndedByPipe);
    }

    private static void Within<T>(Option<T> option, T least, T most)
        where T : struct, IComparable<T>, IParsable<T> => option.CustomParser = result =>
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (T.TryParse(text, CultureInfo.InvariantCulture, out T value) && value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0)
        {
            return value;
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is {least} to {most}, not '{text}'."));
        return default;
    };

    private static int Interleave(int every, string? exchange)
    {
        var run = new InterleavingRun(every, exchange);
        Task.Run(run.RunAsync).GetAwaiter().GetResult();
        Console.WriteLine($"cases {run.Cases} violations {run.Violations}");
        return run.Violations == 0 ? 0 : 1;
    }

    private static int Run(int from, int seeds, TimeSpan length, bool show)
    {
        int violations = 0, lost = 0, hung = 0, accepted = 0, duplicates = 0, damaged = 0, faults = 0;
        TimeSpan slowest = TimeSpan.Zero;
        var unobserved = new ConcurrentQueue<Exception>();
        TaskScheduler.UnobservedTaskException += (_, arguments) => unobserved.Enqueue(arguments.Exception);
        Leftovers? start = null;
        var watch = Stopwatch.StartNew();
        for (int seed = from; seed < from + seeds; seed++)
        {
            SimulationResult result = Wait(() => SimulationRun.RunAsync(seed, length, show: show ? Console.Out : null));
            violations += result.Judge.Violations.Count;
            lost += result.Judge.Lost;
            hung += result.Judge.Hung;
            accepted += result.Judge.Accepts;
            duplicates += result.Judge.Duplicates;
            damaged += result.Judge.Damaged;
            faults += result.Schedule.Faults.Count;
            slowest = result.Recovery > slowest ? result.Recovery : slowest;
            Console.WriteLine(
                $"seed {seed} {result.Node}: {result.Schedule.Faults.Count} faults{(result.Schedule.DamagesBytes ? ", damaged bytes among them" : "")}, {result.Judge.Calls} calls, "
                + $"{result.Judge.Accepts} accepted, {result.Judge.Duplicates} duplicates, {result.Judge.Damaged} damaged, recovered in {result.Recovery.TotalSeconds:F0} s, "
                + $"timeline of {result.Judge.Timeline.Lines} lines {result.Judge.Timeline.Hash}");
            if (result.Judge.Violations.Count > 0)
            {
                Tell(result, length);
            }

            start ??= seed - from == Math.Min(5, seeds / 2) ? Leftovers.Count() : null; // once everything has been used and is compiled
        }

        string? left = start is { } first ? Leftovers.Count().MoreThan(first) : null;
        foreach (string what in (string[])[.. unobserved.Select(error => $"an exception that nobody saw: {error}"), .. left is null ? [] : new[] { left }])
        {
            violations++;
            Console.WriteLine($"  violation: {what}");
        }

        Console.WriteLine(
            $"{faults} faults, {accepted} messages accepted or told delivered, {duplicates} duplicates, {damaged} damaged on the line, slowest recovery {slowest.TotalSeconds:F0} s, "
            + $"{watch.Elapsed.TotalSeconds:F0} s");
        Console.WriteLine($"seeds {seeds} violations {violations} lost {lost} hung {hung}");
        return violations == 0 ? 0 : 1;
    }

    private static void Tell(SimulationResult result, TimeSpan length)
    {
        foreach (string violation in result.Judge.Violations.Take(5))
        {
            Console.WriteLine($"  violation at {violation}");
        }

        FaultSchedule small = Wait(() => Shrinker.ShrinkAsync(result.Seed, length, result.Schedule));
        Console.WriteLine($"  shown too by {small.Faults.Count} of {result.Schedule.Faults.Count} faults:");
        foreach (ScheduledFault fault in small.Faults)
        {
            Console.WriteLine($"    {fault.ToJson()},");
        }
    }

    private static T Wait<T>(Func<Task<T>> run) => Task.Run(run).GetAwaiter().GetResult();
}
