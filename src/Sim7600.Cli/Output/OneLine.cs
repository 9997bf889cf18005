namespace Sim7600.Cli.Output;

/// <summary>Text that must stand on one line.</summary>
internal static class OneLine
{
    /// <summary>Replaces line ends by blanks.</summary>
    public static string Of(string text) => text.ReplaceLineEndings(" ").Trim();
}
