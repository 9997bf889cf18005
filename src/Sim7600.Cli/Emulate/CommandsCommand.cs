using System.CommandLine;
using Sim7600.Emulator;

namespace Sim7600.Cli.Emulate;

/// <summary><c>sim7600 commands</c>: the AT commands that the emulator knows, from the declarations it runs.</summary>
internal static class CommandsCommand
{
    private static readonly Option<string> Profile = new("--profile") { Description = "the firmware", HelpName = "NAME", DefaultValueFactory = _ => FirmwareProfiles.Sim7600.Name };

    public static Command Create()
    {
        var command = new Command("commands", "Print the AT commands that the emulator knows: forms, ranges, evidence, and what CMQTT answers in which state.") { Profile };
        command.SetAction(async parsed =>
        {
            Console.Write(await CommandReference.ToMarkdownAsync(EmulateSettings.Profile(parsed.GetValue(Profile)!)));
            return ExitCode.Done;
        });
        return command;
    }
}
