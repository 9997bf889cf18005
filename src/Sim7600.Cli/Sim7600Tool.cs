using System.CommandLine;
using System.Runtime.InteropServices;
using Sim7600.Cli.Emulate;
using Sim7600.Cli.Host;
using Sim7600.Cli.Output;
using Sim7600.Cli.Replay;
using Sim7600.Emulator;

namespace Sim7600.Cli;

/// <summary>The <c>sim7600</c> tool: parses the command line, runs one command, and turns every failure into one line and an exit code.</summary>
internal static class Sim7600Tool
{
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
            ReplayCommand.Create(),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"sim7600: {OneLine.Of(parsed.Errors[0].Message)} Try: sim7600 {CommandPath(parsed)}--help");
            return ExitCode.BadUsage;
        }

        using var ending = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = OnSignal(PosixSignal.SIGINT, ending);
        using PosixSignalRegistration terminate = OnSignal(PosixSignal.SIGTERM, ending);
        using PosixSignalRegistration hangUp = OnSignal(PosixSignal.SIGHUP, ending);
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Commands that run until they are told to end have done so; the others have not done what they were asked.
            if (parsed.CommandResult.Command.Name is "emulate" or "sub")
            {
                return ExitCode.Done;
            }

            await Console.Error.WriteLineAsync("sim7600: Interrupted before it was done.");
            return ExitCode.Failed;
        }
        catch (UsageException error)
        {
            await Console.Error.WriteLineAsync($"sim7600: {OneLine.Of(error.Message)}");
            return ExitCode.BadUsage;
        }
        catch (ScenarioException error)
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

    private static string CommandPath(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "" : $"{parsed.CommandResult.Command.Name} ";

    private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource ending) => PosixSignalRegistration.Create(signal, context =>
    {
        // The first signal ends the command cleanly; a second one ends the process.
        context.Cancel = !ending.IsCancellationRequested;
        ending.Cancel();
    });
}
