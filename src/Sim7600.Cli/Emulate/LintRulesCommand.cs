using System.CommandLine;
using Sim7600.Emulator.Lint;

namespace Sim7600.Cli.Emulate;

/// <summary><c>sim7600 lint-rules</c>: what the linter looks for, from the rules themselves.</summary>
internal static class LintRulesCommand
{
    private static readonly Option<bool> Markdown = new("--markdown") { Description = "print them as Markdown, with how the linter is used (docs/lint.md)" };

    public static Command Create()
    {
        var command = new Command("lint-rules", "List what 'emulate --lint' looks for: why it fails on a real modem, what to do, and where that is known from.") { Markdown };
        command.SetAction(parsed =>
        {
            Console.Write(parsed.GetValue(Markdown) ? LintReference.ToMarkdown() : LintReference.ToText());
            return ExitCode.Done;
        });
        return command;
    }
}
