using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sim7600.Protocol.Grammar;

/// <summary>
/// Writes one AT command: <c>new AtCommandWriter("+CMQTTACCQ").Number(0).Text("node-7").ToString()</c> gives
/// <c>AT+CMQTTACCQ=0,"node-7"</c>. It refuses what AT syntax cannot carry instead of sending something else.
/// </summary>
public sealed class AtCommandWriter
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\"\r\n\0");
    private readonly StringBuilder _text;
    private bool _hasParameters;

    /// <summary>Starts a command.</summary>
    /// <param name="name">The command's name without <c>AT</c>, for example <c>+CSQ</c>.</param>
    public AtCommandWriter(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _text = new StringBuilder("AT").Append(name);
    }

    /// <summary>Adds a whole number in decimal.</summary>
    /// <param name="value">The number.</param>
    /// <returns>This writer.</returns>
    public AtCommandWriter Number(long value)
    {
        Separate();
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
        return this;
    }

    /// <summary>Adds a quoted string.</summary>
    /// <param name="value">The text; it is sent as UTF-8.</param>
    /// <param name="argumentName">The name to give in the exception: the caller's own parameter.</param>
    /// <returns>This writer.</returns>
    /// <exception cref="ArgumentException">
    /// The text has a quote, CR, LF or NUL, which AT syntax cannot carry, or half a surrogate pair, which UTF-8 cannot.
    /// </exception>
    public AtCommandWriter Text(string value, string argumentName = "value")
    {
        EnsureCarriable(value, argumentName);
        Separate();
        _text.Append('"').Append(value).Append('"');
        return this;
    }

    /// <summary>Adds an empty parameter, as between the commas of <c>"UDP",,,5000</c>.</summary>
    /// <returns>This writer.</returns>
    public AtCommandWriter Empty()
    {
        Separate();
        return this;
    }

    /// <summary>The command line without its terminating CR.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Checks that a text can stand between the quotes of an AT command.</summary>
    /// <param name="value">The text.</param>
    /// <param name="argumentName">The name to give in the exception.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The text has a quote, CR, LF, NUL or half a surrogate pair; the message names the character and its place.
    /// </exception>
    public static void EnsureCarriable(string value, string argumentName)
    {
        ArgumentNullException.ThrowIfNull(value, argumentName);
        int at = value.AsSpan().IndexOfAny(Forbidden);
        if (at < 0)
        {
            at = IndexOfHalfPair(value);
        }

        if (at >= 0)
        {
            throw new ArgumentException(
                $"The character {NameOf(value[at])} at position {at} cannot be sent: an AT command has no way to carry it. Remove it.",
                argumentName);
        }
    }

    private static string NameOf(char character) => character switch
    {
        '"' => "quote (\")",
        '\r' => "CR (U+000D)",
        '\n' => "LF (U+000A)",
        '\0' => "NUL (U+0000)",
        _ => $"half a surrogate pair (U+{(int)character:X4})",
    };

    // The encoder would send U+FFFD in its place.
    private static int IndexOfHalfPair(string value)
    {
        for (int at = 0; at < value.Length; at++)
        {
            if (!char.IsSurrogate(value[at]))
            {
                continue;
            }

            if (!Rune.TryGetRuneAt(value, at, out _))
            {
                return at;
            }

            at++;
        }

        return -1;
    }

    private void Separate()
    {
        _text.Append(_hasParameters ? ',' : '=');
        _hasParameters = true;
    }
}
