using Sim7600.Protocol.Results;

namespace Sim7600.Driver.Channel;

/// <summary>A command's whole answer.</summary>
/// <param name="Final">The final result. It may be an error when a <paramref name="ResultLine"/> says more.</param>
/// <param name="Lines">The information lines, in order, without line ends.</param>
/// <param name="ResultLine">The result line that the command asked for; null when there was none.</param>
/// <param name="Sequence">The place of the answer's last line in the order of everything received; compare with <see cref="AtUrc.Sequence"/>.</param>
public sealed record AtReply(AtFinalResult Final, IReadOnlyList<string> Lines, string? ResultLine, long Sequence)
{
    /// <summary>True when the modem echoed the command.</summary>
    internal bool WasEchoed { get; init; }

    /// <summary>What follows a prefix in the last information line that has it.</summary>
    /// <param name="prefix">The prefix with its colon, for example <c>+CSQ:</c>.</param>
    /// <returns>The text without blanks around it; null when no line has the prefix.</returns>
    public string? After(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        for (int index = Lines.Count - 1; index >= 0; index--)
        {
            if (Lines[index].StartsWith(prefix, StringComparison.Ordinal))
            {
                return Lines[index][prefix.Length..].Trim();
            }
        }

        return null;
    }
}
