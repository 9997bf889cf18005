using System.Globalization;
using System.Text.RegularExpressions;

namespace Sim7600.Emulator.Replay;

/// <summary>How much data a command asks for behind its prompt, read from the command line that was typed.</summary>
internal static partial class TypedData
{
    /// <summary>Commands whose data is counted, with the position of the length among their parameters.</summary>
    private static readonly Dictionary<string, int> LengthPositions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AT+CMQTTTOPIC"] = 1,
        ["AT+CMQTTPAYLOAD"] = 1,
        ["AT+CMQTTWILLTOPIC"] = 1,
        ["AT+CMQTTWILLMSG"] = 1,
        ["AT+CMQTTSUBTOPIC"] = 1,
        ["AT+CMQTTUNSUBTOPIC"] = 1,
        ["AT+CMQTTSUB"] = 1,
        ["AT+CMQTTUNSUB"] = 1,
        ["AT+CCERTDOWN"] = 1,
        ["AT+CIPSEND"] = 1,
        ["AT+CCHSEND"] = 1,
        ["AT+CFTRANRX"] = 1,
        ["AT+HTTPDATA"] = 0,
    };

    /// <summary>Digits for a telephone number that the poster made unreadable.</summary>
    /// <returns>The line to type, or null when it can be typed as it is.</returns>
    public static string? Unmask(string command) => MaskedNumber().Match(command) is { Success: true, Groups: var groups }
        ? groups[1].Value + MaskedDigit().Replace(groups[2].Value, "0") + groups[3].Value
        : null;

    /// <summary>Bytes that the command wants, or null when its data ends with Ctrl-Z.</summary>
    public static int? LengthOf(string command)
    {
        int equals = command.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            && LengthPositions.TryGetValue(command[..equals].Trim(), out int position)
            && command[(equals + 1)..].Split(',') is { } parameters
            && position < parameters.Length
            && int.TryParse(parameters[position].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
                ? length
                : null;
    }

    [GeneratedRegex("^(AT\\+CM(?:GS|GW)=\"|ATD)(\\+?[0-9A-Z*]*X[0-9A-Z*]*)(\".*|;)$", RegexOptions.IgnoreCase)]
    private static partial Regex MaskedNumber();

    [GeneratedRegex("[A-Za-z*]")]
    private static partial Regex MaskedDigit();
}
