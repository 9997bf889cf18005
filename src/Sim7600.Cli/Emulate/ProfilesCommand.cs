using System.CommandLine;
using System.Text.Json.Nodes;
using Sim7600.Cli.Output;
using Sim7600.Emulator;

namespace Sim7600.Cli.Emulate;

/// <summary><c>sim7600 profiles</c>: the firmware profiles with their knobs, and what shows each value.</summary>
internal static class ProfilesCommand
{
    private static readonly Argument<string?> Name = new("NAME") { Description = "one profile (default all)", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object a line on stdout" };

    public static Command Create()
    {
        var command = new Command("profiles", "List the firmware profiles: every point where real devices differ, its value, and what shows it.") { Name, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        IReadOnlyList<FirmwareProfile> profiles = parsed.GetValue(Name) is { } name ? [EmulateSettings.Profile(name)] : FirmwareProfiles.All;
        foreach (FirmwareProfile profile in profiles)
        {
            if (parsed.GetValue(Json))
            {
                JsonLines.Write(new JsonObject
                {
                    ["event"] = "profile",
                    ["name"] = profile.Name,
                    ["description"] = profile.Description,
                    ["knobs"] = new JsonArray([.. profile.Knobs.Select(knob => (JsonNode)new JsonObject
                    {
                        ["name"] = knob.Name,
                        ["value"] = knob.Value,
                        ["meaning"] = knob.Meaning,
                        ["evidence"] = knob.Evidence,
                    })]),
                });
                continue;
            }

            Console.WriteLine($"{profile.Name}: {profile.Description}");
            foreach (ProfileKnob knob in profile.Knobs)
            {
                Console.WriteLine($"  {knob.Name,-30} {knob.Value,-12} {knob.Meaning}");
                Console.WriteLine($"  {"",-43} evidence: {knob.Evidence}");
            }

            Console.WriteLine();
        }

        return ExitCode.Done;
    }
}
