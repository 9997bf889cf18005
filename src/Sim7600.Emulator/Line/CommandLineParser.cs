using System.Text;
using Sim7600.Protocol;

namespace Sim7600.Emulator.Line;

/// <summary>
/// Splits what stands after <c>AT</c> into commands by the rules of V.250: basic commands follow each other with or without
/// blanks, an extended command ends at <c>;</c> or at the end of the line (<c>core.md</c> 1.1).
/// </summary>
internal static class CommandLineParser
{
    private static readonly byte[] None = [];

    /// <summary>Parses a line.</summary>
    /// <param name="line">The line after <c>AT</c>, without its terminator.</param>
    /// <returns>The commands, or null when the line cannot be run at all.</returns>
    public static IReadOnlyList<AtInvocation>? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length > AtLimits.CommandLine)
        {
            return null;
        }

        var commands = new List<AtInvocation>();
        while (true)
        {
            line = line.TrimStart(" ;"u8);
            if (line.IsEmpty)
            {
                return commands.Count <= AtLimits.CommandsInLine ? commands : null;
            }

            AtInvocation? command = IsExtended(line[0]) ? TakeExtended(ref line) : TakeBasic(ref line);
            if (command is null)
            {
                return null;
            }

            commands.Add(command);
        }
    }

    /// <summary>True for the characters that begin an extended command.</summary>
    public static bool IsExtended(byte first) => first is (byte)'+' or (byte)'$' or (byte)'*' or (byte)'%' or (byte)'^' or (byte)'#' or (byte)'_';

    private static AtInvocation? TakeExtended(ref ReadOnlySpan<byte> line)
    {
        int end = 1;
        while (end < line.Length && line[end] is not ((byte)'=' or (byte)'?' or (byte)';' or (byte)' '))
        {
            end++;
        }

        if (end == 1)
        {
            return null; // a blank behind the plus: a SIM7600G-H answers AT+ CSUB with ERROR
        }

        string name = Name(line[..end]);
        ReadOnlySpan<byte> rest = line[end..].TrimStart((byte)' ');
        ReadOnlySpan<byte> tail = rest[..EndOfExtended(rest)];
        line = rest[tail.Length..];
        tail = tail.TrimEnd((byte)' ');
        if (tail.IsEmpty)
        {
            return new AtInvocation(name, AtForm.Execute, None);
        }

        if (tail.SequenceEqual("?"u8))
        {
            return new AtInvocation(name, AtForm.Read, None);
        }

        if (tail[0] != '=')
        {
            // `AT+CSQ 5`, `AT+CSQ?5`: kept as it is, so that no declared form takes it.
            return new AtInvocation($"{name} {Name(tail)}", AtForm.Execute, None);
        }

        ReadOnlySpan<byte> parameters = tail[1..].TrimStart((byte)' ');
        return parameters.SequenceEqual("?"u8)
            ? new AtInvocation(name, AtForm.Test, None)
            : new AtInvocation(name, AtForm.Write, parameters.ToArray());
    }

    private static int EndOfExtended(ReadOnlySpan<byte> rest)
    {
        bool quoted = false;
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                quoted = !quoted;
            }
            else if (rest[i] == ';' && !quoted)
            {
                return i;
            }
        }

        return rest.Length;
    }

    private static AtInvocation? TakeBasic(ref ReadOnlySpan<byte> line)
    {
        int nameLength = line[0] is (byte)'&' or (byte)'\\' ? 2 : 1;
        if (line.Length < nameLength || !char.IsAsciiLetter((char)line[nameLength - 1]))
        {
            return null;
        }

        string name = Name(line[..nameLength]);
        line = line[nameLength..];
        if (name == "D")
        {
            // The dial string takes all that is left; a semicolon at its end asks for a voice call.
            var dial = new AtInvocation(name, AtForm.Execute, line.ToArray());
            line = default;
            return dial;
        }

        byte[] digits = TakeDigits(ref line);
        if (name == "S")
        {
            name += Encoding.ASCII.GetString(digits);
            ReadOnlySpan<byte> rest = line.TrimStart((byte)' ');
            if (!rest.IsEmpty && rest[0] == '=')
            {
                line = rest[1..].TrimStart((byte)' ');
                return new AtInvocation(name, AtForm.Write, TakeDigits(ref line));
            }

            digits = None;
        }

        if (!line.IsEmpty && line[0] == '?')
        {
            line = line[1..];
            return new AtInvocation(name, AtForm.Read, None);
        }

        return new AtInvocation(name, AtForm.Execute, digits);
    }

    private static byte[] TakeDigits(ref ReadOnlySpan<byte> line)
    {
        int count = line.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        byte[] digits = (count < 0 ? line : line[..count]).ToArray();
        line = line[digits.Length..];
        return digits;
    }

    private static string Name(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).ToUpperInvariant();
}
