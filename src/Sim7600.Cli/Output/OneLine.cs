using System.Globalization;
using System.Text;

namespace Sim7600.Cli.Output;

/// <summary>Text that must stand on one line, and must not steer a terminal.</summary>
internal static class OneLine
{
    /// <summary>Replaces line ends by blanks and other control characters by <c>\x1B</c>.</summary>
    public static string Of(string text)
    {
        return Escape(text.ReplaceLineEndings(" ").Trim());
    }

    /// <summary>Replaces control characters by <c>\x1B</c> and leaves all else, blanks at the ends too.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 8);
        foreach (char character in text)
        {
            _ = char.IsControl(character) ? shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:X2}") : shown.Append(character);
        }

        return shown.ToString();
    }

    /// <summary>The first characters of a text, with an ellipsis where it is longer.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : $"{text[..(length - 1)]}…";

    /// <summary>The last characters of a text, with an ellipsis where it is longer; the end of a path says most.</summary>
    public static string CutStart(string text, int length) => text.Length <= length ? text : $"…{text[^(length - 1)..]}";
}
