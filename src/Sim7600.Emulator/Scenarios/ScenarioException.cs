namespace Sim7600.Emulator;

/// <summary>A scenario or transcript is not valid. The message names the file, the line, and what was expected there.</summary>
public sealed class ScenarioException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The file.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="expected">What was expected, and what was found.</param>
    public ScenarioException(string file, int line, string expected)
        : base($"{file}, line {line}: {expected}")
    {
        File = file;
        Line = line;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The line, from 1.</summary>
    public int Line { get; }
}
