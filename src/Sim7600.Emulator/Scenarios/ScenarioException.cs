namespace Sim7600.Emulator;

/// <summary>A scenario or transcript is not valid. The message names the file, the line and column, the entry, and what was expected there.</summary>
public sealed class ScenarioException : Exception
{
    private const int LongestText = 1000;

    /// <summary>Creates the exception.</summary>
    /// <param name="file">The file.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1, counted in UTF-16 characters as editors do.</param>
    /// <param name="expected">What was expected, and what was found.</param>
    public ScenarioException(string file, int line, int column, string expected)
        : base($"{file}, line {line}, column {column}: {Printable(expected)}")
    {
        File = file;
        Line = line;
        Column = column;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column, from 1, counted in UTF-16 characters as editors do.</summary>
    public int Column { get; }

    // What was found is quoted, and a file may hold anything: no control character of it reaches a terminal, and no whole file a log.
    private static string Printable(string text)
    {
        string escaped = string.Concat(text.Select(each => char.IsControl(each) ? $"\\u{(int)each:X4}" : each.ToString()));
        return escaped.Length <= LongestText ? escaped : $"{escaped[..LongestText]}…";
    }
}
