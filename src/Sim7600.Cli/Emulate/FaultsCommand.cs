using System.CommandLine;
using Sim7600.Emulator.Faults;

namespace Sim7600.Cli.Emulate;

/// <summary><c>sim7600 faults</c>: the vocabulary of faults, from the table that reads them.</summary>
internal static class FaultsCommand
{
    private static readonly Option<bool> Schema = new("--schema") { Description = "print the JSON Schema of scenario files (docs/scenario.schema.json)" };
    private static readonly Option<bool> Markdown = new("--markdown") { Description = "print the vocabulary as Markdown (docs/faults.md)" };

    public static Command Create()
    {
        var command = new Command("faults", "List what the emulator can let go wrong: names, parameters and ranges, for scenario files and C#.") { Schema, Markdown };
        command.SetAction(parsed =>
        {
            bool schema = parsed.GetValue(Schema);
            bool markdown = parsed.GetValue(Markdown);
            Console.Write(schema && markdown ? throw new UsageException("Only one of --schema and --markdown can be printed at a time.")
                : schema ? FaultReference.ToJsonSchema()
                : markdown ? FaultReference.ToMarkdown()
                : FaultReference.ToText());
            return ExitCode.Done;
        });
        return command;
    }
}
