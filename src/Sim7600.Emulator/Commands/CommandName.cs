namespace Sim7600.Emulator.Commands;

/// <summary>
/// What of a command may be shown. A command that nobody knows is logged by its name only, and where its name is misspelt (a missing
/// <c>=</c>, a blank too many) parameters, and with them passwords, stand where the name would be.
/// </summary>
internal static class CommandName
{
    /// <summary>Longest name that is shown; the longest that a SIM7600 knows has 15 characters.</summary>
    private const int MaximumLetters = 32;

    /// <summary>The leading part of a text that can be a command's name: one prefix character, then letters and digits.</summary>
    public static string Shown(string text)
    {
        int end = text is ['+' or '&' or '$' or '%' or '^' or '#' or '*' or '_' or '\\', ..] ? 1 : 0;
        int limit = Math.Min(text.Length, end + MaximumLetters);
        while (end < limit && char.IsAsciiLetterOrDigit(text[end]))
        {
            end++;
        }

        return text[..end];
    }
}
