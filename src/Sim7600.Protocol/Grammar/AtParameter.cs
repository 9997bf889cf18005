using System.Globalization;
using System.Text;

namespace Sim7600.Protocol.Grammar;

/// <summary>One parameter of an AT line, as a view into the line's bytes. Nothing is copied until it is asked for.</summary>
public readonly ref struct AtParameter
{
    internal AtParameter(AtParameterKind kind, ReadOnlySpan<byte> value)
    {
        Kind = kind;
        Value = value;
    }

    /// <summary>How the parameter was written.</summary>
    public AtParameterKind Kind { get; }

    /// <summary>The bytes of the parameter, without quotes and without the blanks around it.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Reads the parameter as a whole number, decimal or <c>0x</c> hexadecimal.</summary>
    /// <param name="number">The number, 0 when the answer is false.</param>
    /// <returns>False when the parameter is not <see cref="AtParameterKind.Number"/> or does not fit 64 bits.</returns>
    public bool TryGetNumber(out long number)
    {
        number = 0;
        return Kind == AtParameterKind.Number && TryParseNumber(Value, out number);
    }

    /// <summary>The parameter as text. The wire is UTF-8; bytes that are not are replaced by U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Value);

    internal static bool TryParseNumber(ReadOnlySpan<byte> value, out long number)
    {
        number = 0;
        if (value.EndsWith((byte)0))
        {
            return false; // .NET's own parsers skip NULs after a number; on the wire they are part of the parameter
        }

        if (value.Length > 2 && value[0] == '0' && (value[1] | 0x20) == 'x')
        {
            return long.TryParse(value[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number) && number >= 0;
        }

        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
