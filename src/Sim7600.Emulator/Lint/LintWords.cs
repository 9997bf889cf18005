using System.Globalization;
using System.Text;
using Sim7600.Emulator.Line;

namespace Sim7600.Emulator.Lint;

/// <summary>What bytes of a host look like.</summary>
internal static class LintWords
{
    /// <summary>Position of the <c>AT</c> of a command line, or -1.</summary>
    public static int IndexOfAt(ReadOnlySpan<byte> line)
    {
        for (int i = 0; i + 1 < line.Length; i++)
        {
            if ((line[i] | 0x20) == 'a' && (line[i + 1] | 0x20) == 't')
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>True when bytes begin with <c>AT+</c> and a letter: nothing that is measured or told begins so.</summary>
    public static bool BeginsCommand(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 4 && (bytes[0] | 0x20) == 'a' && (bytes[1] | 0x20) == 't' && bytes[2] == '+' && char.IsAsciiLetter((char)bytes[3]);

    /// <summary>True when bytes begin with <c>AT</c>, or are the <c>A</c> of it.</summary>
    public static bool BeginsAt(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 0 && Ascii.EqualsIgnoreCase(bytes[..Math.Min(bytes.Length, 2)], "AT"u8[..Math.Min(bytes.Length, 2)]);

    /// <summary>True where a command begins and no line is what a modem says: a log of a modem has both.</summary>
    public static bool IsWordsOfHost(ReadOnlySpan<byte> bytes)
    {
        if (!BeginsCommand(bytes))
        {
            return false;
        }

        foreach (Range range in bytes.SplitAny("\r\n"u8))
        {
            ReadOnlySpan<byte> line = bytes[range];
            if (line.SequenceEqual("OK"u8) || line.SequenceEqual("ERROR"u8) || line.StartsWith("+"u8))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True for blanks and control characters alone.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExceptInRange((byte)0, (byte)' ') < 0;

    /// <summary>True for what fills a count: line ends and blanks.</summary>
    public static bool IsFilling(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept("\r\n "u8) < 0;

    /// <summary>True for a line of nothing but basic commands and questions.</summary>
    public static bool IsProbe(ReadOnlySpan<byte> line)
    {
        int at = IndexOfAt(line);
        return at >= 0 && CommandLineParser.Parse(line[(at + 2)..]) is { } commands
            && commands.All(command => command.Form is AtForm.Read or AtForm.Test || (!command.Name.StartsWith('+') && !command.Name.StartsWith('D')));
    }

    /// <summary>True for what gets a host back in step: nothing but basic commands, or the question for the error format.</summary>
    public static bool IsResynchronisation(ReadOnlySpan<byte> line)
    {
        int at = IndexOfAt(line);
        return at >= 0 && CommandLineParser.Parse(line[(at + 2)..]) is { } commands
            && commands.All(command => command is { Name: "+CMEE", Form: AtForm.Read } || !(command.Name.StartsWith('+') || command.Name.StartsWith('D')));
    }

    /// <summary>Seconds, or milliseconds where they are few.</summary>
    public static string Span(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    /// <summary>The numbers behind <c>+NAME: </c>.</summary>
    /// <returns>The name, and its numbers; an empty name when the line is of another kind.</returns>
    public static (string Name, int[] Numbers) Numbers(string line)
    {
        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (!line.StartsWith('+') || colon < 0)
        {
            return ("", []);
        }

        var numbers = new List<int>();
        foreach (string part in line[(colon + 2)..].Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                break;
            }

            numbers.Add(number);
        }

        return (line[..colon], [.. numbers]);
    }

    /// <summary>The name as a person writes it.</summary>
    public static string Shown(string name) => $"AT{name}";

    /// <summary>Text of bytes for a search in them.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
