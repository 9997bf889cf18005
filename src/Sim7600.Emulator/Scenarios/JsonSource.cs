using System.Text;

namespace Sim7600.Emulator.Scenarios;

/// <summary>The bytes of a file of JSON, to say where in it something is wrong.</summary>
internal sealed class JsonSource(string file, byte[] bytes)
{
    private const int LongestPath = 60;

    public string File => file;

    /// <summary>Where the bytes of a line, from 0, have this index.</summary>
    public int OffsetOf(long line, long indexInLine)
    {
        int start = 0;
        for (; line > 0 && bytes.AsSpan(start).IndexOf((byte)'\n') is >= 0 and int length; line--)
        {
            start += length + 1;
        }

        return (int)Math.Min(start + indexInLine, bytes.Length);
    }

    /// <summary>True when nothing but blanks follows.</summary>
    public bool IsBlankFrom(int offset) => bytes.AsSpan(offset).IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>Says what is wrong at a byte.</summary>
    /// <param name="offset">Which byte, from 0.</param>
    /// <param name="path">The way to it, such as <c>faults[3].atMs</c>; empty for none.</param>
    /// <param name="text">What was expected, and what was found.</param>
    public ScenarioException Error(int offset, string path, string text)
    {
        ReadOnlySpan<byte> before = bytes.AsSpan(0, offset);
        int column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        string place = path.Length == 0 ? "" : $"{(path.Length <= LongestPath ? path : $"{path[..LongestPath]}…")}: ";
        return new ScenarioException(file, before.Count((byte)'\n') + 1, column, $"{place}{text}");
    }
}
