using System.CommandLine;
using System.Runtime.InteropServices;
using Sim7600.Cli.Emulate;
using Sim7600.Cli.Host;
using Sim7600.Cli.LinkComparison;
using Sim7600.Cli.Output;
using Sim7600.Cli.Replay;
using Sim7600.Emulator;
using Sim7600.Links;

namespace Sim7600.Cli;

/// <summary>The <c>sim7600</c> tool: parses the command line, runs one command, and turns every failure into one line and an exit code.</summary>
internal static class Sim7600Tool
{
    /// <summary>How long a command may clean up after a signal: say goodbye to the broker, close the port.</summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(4.5);

    /// <summary>The same for <c>emulate</c>, which must remove links and close up to a hundred modems.</summary>
    private static readonly TimeSpan EmulatorCleanUpLimit = TimeSpan.FromSeconds(20);

    /// <summary>Signals that follow the first within this time say the same.</summary>
    private static readonly TimeSpan SameWish = TimeSpan.FromSeconds(1);

    private static long _firstSignal;

    /// <summary>Runs the tool.</summary>
    /// <param name="args">The arguments after the program's name.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("A software SIMCom SIM7600 modem and the tools to work with a real or an emulated one.")
        {
            EmulateCommand.Create(),
            InfoCommand.Create(),
            PubCommand.Create(),
            SubCommand.Create(),
            PortsCommand.Create(),
            ProfilesCommand.Create(),
            CommandsCommand.Create(),
            FaultsCommand.Create(),
            LintRulesCommand.Create(),
            ReplayCommand.Create(),
            DiagramCommand.Create(),
            LinksCommand.Create(),
        };
        NameProcess();
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"sim7600: {ParseFailure.Explain(parsed)} Try: sim7600 {CommandPath(parsed)}--help");
            return ExitCode.BadUsage;
        }

        if (OutputReader.IsMissing())
        {
            Console.SetOut(TextWriter.Null);
            if (parsed.CommandResult.Command.Name is not ("emulate" or "pub"))
            {
                await Console.Error.WriteLineAsync("sim7600: There is no stdout to print to: it is closed. Let it go to a file, a pipe or /dev/null.");
                return ExitCode.Failed;
            }
        }

        using var ending = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = OnSignal(PosixSignal.SIGINT, ending);
        using PosixSignalRegistration terminate = OnSignal(PosixSignal.SIGTERM, ending);
        using PosixSignalRegistration hangUp = OnSignal(PosixSignal.SIGHUP, ending);
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await BoundedAsync(Task.Run(() => parsed.InvokeAsync(configuration, ending.Token), CancellationToken.None), parsed, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return await InterruptedAsync(parsed);
        }
        catch (Exception error) when (error is UsageException or ScenarioException or SerialLinkException { Error: SerialLinkError.BadName })
        {
            await Console.Error.WriteLineAsync($"sim7600: {OneLine.Of(error.Message)}");
            return ExitCode.BadUsage;
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync($"sim7600: {Failure.Explain(error)}");
            return ExitCode.Failed;
        }
    }

    /// <summary>
    /// Waits for a command, and after a signal for the time that cleaning up may take: a modem that does not answer must not keep the process.
    /// </summary>
    private static async Task<int> BoundedAsync(Task<int> running, ParseResult parsed, CancellationToken ending)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (ending.Register(() => signal.TrySetResult()))
        {
            await Task.WhenAny(running, signal.Task);
        }

        if (running.IsCompleted)
        {
            return await running;
        }

        bool emulates = parsed.CommandResult.Command.Name == "emulate";
        using var limit = new CancellationTokenSource(emulates ? EmulatorCleanUpLimit : CleanUpLimit);
        try
        {
            return await running.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            if (emulates)
            {
                throw new CommandFailedException("The emulator did not close in time; a link may be left behind, which the next start replaces.");
            }

            return await InterruptedAsync(parsed);
        }
    }

    private static async Task<int> InterruptedAsync(ParseResult parsed)
    {
        // Commands that run until they are told to end have done so; the others have not done what they were asked.
        if (parsed.CommandResult.Command.Name is "emulate" or "sub")
        {
            return ExitCode.Done;
        }

        await Console.Error.WriteLineAsync("sim7600: Interrupted before it was done.");
        return ExitCode.Failed;
    }

    /// <summary>Makes the process known as the command that its user typed, for <c>ps</c> and for messages that name who has a port.</summary>
    private static void NameProcess()
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                File.WriteAllText("/proc/self/comm", "sim7600");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // it keeps its old name
        }
    }

    private static string CommandPath(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "" : $"{parsed.CommandResult.Command.Name} ";

    private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource ending) => PosixSignalRegistration.Create(signal, context =>
    {
        // The first signal ends the command cleanly; one a while later ends the process. Ctrl-C under a script, timeout(1) and service
        // managers send the first more than once.
        long now = TimeProvider.System.GetTimestamp();
        long first = Interlocked.CompareExchange(ref _firstSignal, now, 0);
        context.Cancel = first == 0 || TimeProvider.System.GetElapsedTime(first, now) < SameWish;
        ending.Cancel();
    });
}
