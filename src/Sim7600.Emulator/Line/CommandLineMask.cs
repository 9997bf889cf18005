using System.Text;
using Sim7600.Emulator.Commands;

namespace Sim7600.Emulator.Line;

/// <summary>
/// Makes of typed command lines, in whatever pieces they come, what may be shown. What a command takes that is secret is in its
/// declaration. Whatever does not look as declared is hidden from there to the end of the line, since a slip puts secrets in
/// places where nobody expects them: the parameters of a command that nobody knows, text without <c>AT</c> (the rest of a key
/// after a wrong length), a word where a number belongs. Each byte is judged by those before it alone.
/// </summary>
internal sealed class CommandLineMask(CommandTable commands)
{
    private const byte Hidden = (byte)'*';
    private const int MaximumPortDigits = 5;
    private readonly List<byte> _line = [];

    /// <summary>A new line begins.</summary>
    public void Reset() => _line.Clear();

    /// <summary>Takes the next bytes.</summary>
    /// <returns>True for each that must not be shown.</returns>
    public bool[] Hide(ReadOnlySpan<byte> bytes)
    {
        bool[] hidden = new bool[bytes.Length];
        for (int i = 0; i < hidden.Length; i++)
        {
            switch (bytes[i])
            {
                case (byte)'\r' or (byte)'\n':
                    _line.Clear();
                    break;
                case (byte)'\b':
                    _line.RemoveRange(Math.Max(_line.Count - 1, 0), Math.Min(_line.Count, 1));
                    break;
                case 0:
                    break;
                default:
                    if (_line.Count == CommandLineReader.MaximumLine)
                    {
                        hidden[i] = true;
                        break;
                    }

                    _line.Add(bytes[i]);
                    hidden[i] = CountShown([.. _line]) < _line.Count;
                    break;
            }
        }

        return hidden;
    }

    /// <summary>As many bytes, with a star for each that is hidden.</summary>
    public static byte[] WithStars(ReadOnlySpan<byte> bytes, bool[] hidden)
    {
        byte[] shown = bytes.ToArray();
        for (int i = 0; i < shown.Length; i++)
        {
            shown[i] = hidden[i] ? Hidden : shown[i];
        }

        return shown;
    }

    /// <summary>How many characters at the start of an information line may be shown.</summary>
    public int CountShownOfAnswer(string line)
    {
        int shown = line.Length;
        foreach (AtCommandDefinition command in commands.All)
        {
            if (command.HiddenInAnswer is not { } field || line.IndexOf($"{command.Name}: ", StringComparison.Ordinal) is not (>= 0 and int at))
            {
                continue;
            }

            for (at += command.Name.Length + 1; field > 0 && at >= 0; field--)
            {
                at = line.IndexOf(',', at + 1);
            }

            shown = at < 0 ? shown : Math.Min(shown, at + 1);
        }

        return shown;
    }

    /// <summary>How many bytes at the start of a line may be shown.</summary>
    private int CountShown(ReadOnlySpan<byte> line)
    {
        int at = 0;
        while (at < line.Length && !char.IsAsciiLetterOrDigit((char)line[at]))
        {
            at++;
        }

        foreach (char expected in "AT")
        {
            if (at == line.Length || char.ToUpperInvariant((char)line[at]) != expected)
            {
                return at > 0 && at < line.Length && line[at] == '/' ? at + 1 : at; // A/ repeats
            }

            at++;
        }

        while (true)
        {
            at = Skip(line, at, " ;");
            int start = at;
            bool goesOn = at < line.Length && (CommandLineParser.IsExtended(line[at]) ? PassExtended(line, ref at) : PassBasic(line, ref at));
            if (!goesOn || at == start)
            {
                return at;
            }
        }
    }

    /// <summary>Passes <c>+NAME</c> and what may be shown behind it.</summary>
    /// <returns>True when a further command may follow.</returns>
    private bool PassExtended(ReadOnlySpan<byte> line, ref int at)
    {
        string name = commands.ShownName(Encoding.Latin1.GetString(line[at..]).ToUpperInvariant());
        at = Skip(line, at + name.Length, " ");
        if (at == line.Length || line[at] is (byte)';' or (byte)'?')
        {
            at = Skip(line, at, "?");
            return true;
        }

        if (line[at] != '=')
        {
            return false;
        }

        at = Skip(line, at + 1, " ");
        if (at < line.Length && line[at] == '?')
        {
            at++;
            return true;
        }

        if (commands.TryGet(name, out AtCommandDefinition? command))
        {
            at = PassParameters(line, at, command);
        }

        return at < line.Length && line[at] == ';';
    }

    private static int PassParameters(ReadOnlySpan<byte> line, int at, AtCommandDefinition command)
    {
        int start = at;
        int index = 0;
        bool isHarmless = command.HiddenFrom is null;
        int digits = 0;
        bool quoted = false;
        line = line[..EndBeforeSecretOfUrl(line)];
        for (; at < line.Length && line[at] != ';'; at++)
        {
            if (!isHarmless && index >= command.HiddenFrom)
            {
                return at;
            }

            // Before a secret every comma counts: a forgotten quote must not shift the secret to the left.
            if (line[at] == ',' && !(quoted && isHarmless))
            {
                isHarmless |= index == 0 && command.IsHarmless?.Invoke(Encoding.Latin1.GetString(line[start..at]).Trim(' ', '"')) == true;
                index++;
                digits = 0;
                continue;
            }

            quoted ^= line[at] == '"';
            digits += char.IsAsciiDigit((char)line[at]) ? 1 : 0;
            bool beginsNewLine = line[at] == '+' && at >= 2 && Ascii.EqualsIgnoreCase(line[(at - 2)..at], "AT"u8); // the CR between two lines was lost
            char character = (char)line[at];
            if (beginsNewLine || !command.Writes.Any(shape => shape.MayHold(index, character, digits)))
            {
                return at;
            }
        }

        return at;
    }

    /// <summary>Behind <c>tcp://name:</c> comes a port; anything else there is a password. Queries have keys and tokens.</summary>
    private static int EndBeforeSecretOfUrl(ReadOnlySpan<byte> line)
    {
        int scheme = line.IndexOf("://"u8);
        if (scheme < 0)
        {
            return line.Length;
        }

        int authority = scheme + 3;
        int query = authority + line[authority..].IndexOf((byte)'?') + 1;
        int most = query > authority ? query : line.Length;
        int length = line[authority..].IndexOfAny((byte)'/', (byte)'"', (byte)',');
        int end = length < 0 ? line.Length : authority + length;
        int port = authority + line[authority..end].IndexOf((byte)':') + 1;
        if (port == authority)
        {
            return most;
        }

        int digits = line[port..end].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? end - port : digits;
        return digits == end - port && digits <= MaximumPortDigits ? most : port + Math.Min(digits, MaximumPortDigits);
    }

    /// <summary>Passes a letter, <c>&amp;</c> and a letter, or <c>S</c> and its register, with their digits; or a number to dial.</summary>
    private bool PassBasic(ReadOnlySpan<byte> line, ref int at)
    {
        int start = at;
        at = Skip(line, at, "&\\");
        if (at == line.Length || !char.IsAsciiLetter((char)line[at]))
        {
            return false;
        }

        string name = Encoding.Latin1.GetString(line[start..(at + 1)]).ToUpperInvariant();
        switch (name)
        {
            case "D":
                at = Skip(line, at + 1, " 0123456789*#+,;ABCDTPWIGabcdtpwig");
                return false;
            case "S":
                at = Skip(line, at + 1, "0123456789 =");
                break;
            case var _ when commands.TryGet(name, out AtCommandDefinition? _):
                at = Skip(line, at + 1, "0123456789");
                break;
            default:
                return false;
        }

        at = Skip(line, at, "?");
        return true;
    }

    private static int Skip(ReadOnlySpan<byte> line, int at, string characters)
    {
        while (at < line.Length && characters.Contains((char)line[at], StringComparison.Ordinal))
        {
            at++;
        }

        return at;
    }
}
