using System.CommandLine;
using System.Text.Json.Nodes;
using Sim7600.Cli.Emulate;
using Sim7600.Cli.Output;
using Sim7600.Emulator;

namespace Sim7600.Cli.Replay;

/// <summary><c>sim7600 replay</c>: types what a host typed in a recorded session and compares what the modem prints.</summary>
internal static class ReplayCommand
{
    /// <summary>Longer than the longest command line of the modem, and still a line that a person can read.</summary>
    private const int LongestLine = 1000;

    private static readonly Argument<FileInfo[]> Files = new("FILE") { Description = "sessions to replay", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> OnEmulator = new("--emulator") { Description = "against the emulator, on virtual time, without a network" };
    private static readonly Option<string?> Modem = new("--modem") { HelpName = "PORT", Hidden = true };
    private static readonly Option<string?> Profile = new("--profile") { Description = "the firmware to stand for, instead of the session's own", HelpName = "NAME" };

    private static readonly Option<string> Split = new("--split")
    {
        Description = "in which pieces the typed bytes arrive: whole (as typed), bytes, or random",
        HelpName = "whole|bytes|random",
        DefaultValueFactory = _ => "whole",
    };

    private static readonly Option<int> Seed = new("--seed") { Description = "decides the pieces of --split random", HelpName = "N" };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object a line on stdout" };

    public static Command Create()
    {
        var command = new Command("replay", "Replay recorded sessions and show where the modem answers otherwise.") { Files, OnEmulator, Modem, Profile, Split, Seed, Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        EmulateSettings.RefuseUnavailable("--modem", parsed.GetValue(Modem));
        if (!parsed.GetValue(OnEmulator))
        {
            throw new UsageException("Say what to replay against: --emulator.");
        }

        FirmwareProfile? profile = parsed.GetValue(Profile) is { } name ? EmulateSettings.Profile(name) : null;
        WriteSplit split = parsed.GetValue(Split)!.ToUpperInvariant() switch
        {
            "WHOLE" => WriteSplit.Whole,
            "BYTES" => WriteSplit.Bytes,
            "RANDOM" => WriteSplit.Random,
            _ => throw new UsageException($"--split takes whole, bytes or random, not '{parsed.GetValue(Split)}'."),
        };
        Transcript[] transcripts = await PatientFile.RunAsync(() => parsed.GetValue(Files)!.Select(file => Transcript.Load(file.ToString())).ToArray(), cancellationToken);
        int different = 0;
        foreach (Transcript transcript in transcripts)
        {
            ReplayReport report = await TranscriptReplay.RunAsync(transcript, profile, split, parsed.GetValue(Seed), cancellationToken);
            different += report.Matches ? 0 : 1;
            if (parsed.GetValue(Json))
            {
                JsonLines.Write(Describe(report));
            }
            else
            {
                Show(report);
            }
        }

        if (different > 0)
        {
            await Console.Error.WriteLineAsync($"sim7600: {different} of {transcripts.Length} sessions are answered otherwise. '-' is the session's line, '+' the emulator's; is the start state (\"given\") the session's?");
            return ExitCode.Failed;
        }

        return ExitCode.Done;
    }

    private static JsonObject Describe(ReplayReport report) => new()
    {
        ["event"] = "replayed",
        ["file"] = report.Transcript.File,
        ["id"] = report.Transcript.Id,
        ["matches"] = report.Matches,
        ["lines"] = report.LinesCompared,
        ["notes"] = new JsonArray([.. report.Notes.Select(note => (JsonNode)note)]),
        ["difference"] = report.Difference,
    };

    private static void Show(ReplayReport report)
    {
        Console.WriteLine($"{(report.Matches ? "same     " : "DIFFERENT")} {Shown(report.Transcript.Id)}  {report.LinesCompared} lines  {Shown(report.Transcript.Device)}");
        foreach (string note in report.Notes)
        {
            Console.WriteLine($"    note: {Shown(note)}");
        }

        if (report.Difference is { } difference)
        {
            foreach (string line in difference.Split('\n'))
            {
                Console.WriteLine($"    {Shown(line)}");
            }
        }
    }

    /// <summary>A line of a session is what a stranger posted: it must not steer the terminal, nor fill it.</summary>
    internal static string Shown(string line) => OneLine.Cut(OneLine.Escape(line), LongestLine);
}
