namespace Sim7600.Protocol.Grammar;

/// <summary>
/// Reads the comma-separated parameters of an AT command or of an information line, one at a time and without
/// allocating: quoted strings with commas inside, empty parameters, blanks around commas (<c>cmqtt.md</c> 3.4).
/// </summary>
/// <remarks>
/// AT syntax has no escape inside quotes, so a quote always ends a string. Anything but a comma or the end after a
/// closing quote, and a quote that is never closed, make the line <see cref="IsMalformed"/>; a modem answers <c>ERROR</c>.
/// </remarks>
public ref struct AtParameterReader
{
    private ReadOnlySpan<byte> _rest;
    private bool _ended;

    /// <summary>Starts reading at the first byte after <c>=</c> of a command, or after <c>: </c> of an information line.</summary>
    /// <param name="parameters">The parameter list; an empty or blank list has no parameters.</param>
    public AtParameterReader(ReadOnlySpan<byte> parameters)
    {
        _rest = parameters;
        _ended = parameters.Trim((byte)' ').IsEmpty;
        IsMalformed = false;
    }

    /// <summary>True once the syntax was found to be broken; no more parameters follow.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Takes the next parameter.</summary>
    /// <param name="parameter">The parameter, valid when the answer is true.</param>
    /// <returns>False at the end of the list or when it <see cref="IsMalformed"/>.</returns>
    public bool TryRead(out AtParameter parameter)
    {
        parameter = default;
        if (_ended || IsMalformed)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = _rest.TrimStart((byte)' ');
        if (!rest.IsEmpty && rest[0] == '"')
        {
            return TryReadText(rest[1..], out parameter);
        }

        int comma = rest.IndexOf((byte)',');
        ReadOnlySpan<byte> value = (comma < 0 ? rest : rest[..comma]).TrimEnd((byte)' ');
        if (value.Contains((byte)'"'))
        {
            IsMalformed = true;
            return false;
        }

        Advance(rest, comma);
        AtParameterKind kind = value.IsEmpty ? AtParameterKind.Empty
            : AtParameter.TryParseNumber(value, out _) ? AtParameterKind.Number
            : AtParameterKind.Word;
        parameter = new AtParameter(kind, value);
        return true;
    }

    /// <summary>Takes the next parameter when it is a whole number; for lines whose layout is known.</summary>
    /// <param name="number">The number, 0 when the answer is false.</param>
    /// <returns>False at the end, on broken syntax and when the parameter is not a number.</returns>
    public bool TryReadNumber(out long number)
    {
        number = 0;
        return TryRead(out AtParameter parameter) && parameter.TryGetNumber(out number);
    }

    private bool TryReadText(ReadOnlySpan<byte> afterQuote, out AtParameter parameter)
    {
        parameter = default;
        int quote = afterQuote.IndexOf((byte)'"');
        if (quote < 0)
        {
            IsMalformed = true;
            return false;
        }

        ReadOnlySpan<byte> rest = afterQuote[(quote + 1)..].TrimStart((byte)' ');
        if (!rest.IsEmpty && rest[0] != ',')
        {
            IsMalformed = true;
            return false;
        }

        Advance(rest, rest.IsEmpty ? -1 : 0);
        parameter = new AtParameter(AtParameterKind.Text, afterQuote[..quote]);
        return true;
    }

    private void Advance(ReadOnlySpan<byte> from, int comma)
    {
        _ended = comma < 0;
        _rest = comma < 0 ? default : from[(comma + 1)..];
    }
}
