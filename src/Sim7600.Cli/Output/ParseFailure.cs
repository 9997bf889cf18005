using System.CommandLine;
using System.Text.RegularExpressions;

namespace Sim7600.Cli.Output;

/// <summary>What is wrong with a command line, in the words of its user.</summary>
internal static partial class ParseFailure
{
    /// <summary>One sentence about the first mistake.</summary>
    public static string Explain(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is RootCommand root)
        {
            string commands = string.Join(", ", root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name));
            return parsed.UnmatchedTokens is [{ } word, ..] && !word.StartsWith('-')
                ? OneLine.Of($"There is no command '{word}'; there are {commands}.")
                : parsed.UnmatchedTokens is [{ } option, ..] ? OneLine.Of($"There is no option '{option}' before a command.")
                : $"Name a command: {commands}.";
        }

        string message = OneLine.Of(parsed.Errors[0].Message);
        Match wrongType = WrongType().Match(message);
        return wrongType.Success
            ? $"{wrongType.Groups["option"].Value} takes a whole number, not '{wrongType.Groups["text"].Value}'."
            : $"{message.TrimEnd('.')}.";
    }

    [GeneratedRegex("^Cannot parse argument '(?<text>.*)' for \\w+ '(?<option>.*?)' as expected type '[^']*(Int|Double)", RegexOptions.CultureInvariant)]
    private static partial Regex WrongType();
}
