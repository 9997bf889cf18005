namespace Sim7600.Driver.Channel;

/// <summary>
/// Turns received bytes into lines, prompts and counted data: a pure function over a buffer, without I/O, clock, state or
/// allocation. Payload is taken by count and never looked at, so a payload <c>OK</c> stays payload.
/// </summary>
/// <remarks>
/// However the bytes are split into reads, the tokens are the same: what was learnt from consumed bytes travels in
/// <see cref="AtToken.Next"/>. CR, LF and CR LF all end a line, and empty lines vanish; that covers the blank lines that
/// firmware puts between lines, and the echo, which ends in CR alone (<c>core.md</c> 1.1).
/// </remarks>
public static class AtDigester
{
    /// <summary>Longest line in bytes. The longest answers known, of <c>AT+COPS=?</c>, stay far below.</summary>
    public const int LongestLine = 4096;

    /// <summary>Most bytes that one header may announce. The longest piece known is 10,240 bytes; more means a garbled header.</summary>
    public const int MostCountedBytes = 65_536;

    /// <summary>Finds what stands at the start of a buffer.</summary>
    /// <param name="buffer">The bytes received and not consumed yet.</param>
    /// <param name="expectation">What the bytes are: <see cref="AtToken.Next"/> of the token before.</param>
    /// <returns>The token; the caller drops <see cref="AtToken.Consumed"/> bytes whatever its kind.</returns>
    public static AtToken Digest(ReadOnlySpan<byte> buffer, AtExpectation expectation)
    {
        switch (expectation.Kind)
        {
            case AtExpectation.Mode.Counted:
                return Counted(buffer, 0, expectation);
            case AtExpectation.Mode.CountedAfterCarriageReturn:
                return Counted(buffer, !buffer.IsEmpty && buffer[0] == (byte)'\n' ? 1 : 0, expectation);
            case AtExpectation.Mode.Echo:
                return Echo(buffer, expectation);
            case AtExpectation.Mode.RestOfCutLine:
                int end = buffer.IndexOfAny((byte)'\r', (byte)'\n');
                return end < 0 ? Nothing(buffer.Length, expectation) : LineOrPrompt(buffer, end, AtExpectation.Lines);
            case AtExpectation.Mode.AfterPrompt:
                // Some firmware prints "> " (field-notes.md 35). The blank may come in a later read, so nobody waits for it.
                return LineOrPrompt(buffer, !buffer.IsEmpty && buffer[0] == (byte)' ' ? 1 : 0, expectation);
            default:
                return LineOrPrompt(buffer, 0, expectation);
        }
    }

    private static AtToken LineOrPrompt(ReadOnlySpan<byte> buffer, int start, AtExpectation expectation)
    {
        while (start < buffer.Length && buffer[start] is (byte)'\r' or (byte)'\n')
        {
            start++;
        }

        if (start == buffer.Length)
        {
            return Nothing(start, expectation);
        }

        if (buffer[start] == (byte)'>')
        {
            return new(AtTokenKind.Prompt, default, start + 1, AtExpectation.AfterPrompt);
        }

        ReadOnlySpan<byte> rest = buffer[start..];
        int end = rest[..Math.Min(rest.Length, LongestLine + 1)].IndexOfAny((byte)'\r', (byte)'\n');
        if (end >= 0)
        {
            AtExpectation next = rest[end] == (byte)'\r' ? AtExpectation.AfterCarriageReturn : AtExpectation.Lines;
            return new(AtTokenKind.Line, rest[..end], start + end + 1, next);
        }

        return rest.Length > LongestLine
            ? new(AtTokenKind.CutLine, rest[..LongestLine], start + LongestLine, AtExpectation.RestOfCutLine)
            : Nothing(start, expectation);
    }

    private static AtToken Counted(ReadOnlySpan<byte> buffer, int start, AtExpectation expectation) =>
        buffer.Length - start < expectation.Count
            ? Nothing(0, expectation)
            : new(AtTokenKind.CountedData, buffer.Slice(start, expectation.Count), start + expectation.Count, AtExpectation.Lines);

    private static AtToken Echo(ReadOnlySpan<byte> buffer, AtExpectation expectation)
    {
        ReadOnlySpan<byte> echo = expectation.EchoedBytes.Span;
        int start = 0;
        while (true)
        {
            ReadOnlySpan<byte> found = buffer[start..];
            if (found.StartsWith(echo))
            {
                return Echoed(found[..echo.Length], start);
            }

            if (echo.StartsWith(found))
            {
                return Nothing(start, expectation);
            }

            if (found[0] is not ((byte)'\r' or (byte)'\n'))
            {
                break;
            }

            start++;
        }

        // More blanks than a line is long are no indentation: waiting for their end would take memory without end.
        ReadOnlySpan<byte> rest = buffer[start..];
        int blanks = rest.IndexOfAnyExcept(" \r\n"u8) is var other && other < 0 ? rest.Length : other;
        if (blanks <= LongestLine)
        {
            if (rest[blanks..].StartsWith(echo))
            {
                return Echoed(rest.Slice(blanks, echo.Length), start + blanks);
            }

            if (echo.StartsWith(rest[blanks..]))
            {
                return Nothing(start, expectation);
            }
        }

        // Something else comes first, for example a URC. Its own Next counts now; the caller asks for the echo again after it.
        return LineOrPrompt(buffer, start, expectation);
    }

    private static AtToken Echoed(ReadOnlySpan<byte> echo, int start) => new(AtTokenKind.EchoedData, echo, start + echo.Length, AtExpectation.Lines);

    // The expectation is about the very next byte: once bytes are consumed it is spent, unless it spans them.
    private static AtToken Nothing(int consumed, AtExpectation expectation)
    {
        bool spent = consumed > 0 && expectation.Kind is AtExpectation.Mode.AfterPrompt or AtExpectation.Mode.AfterCarriageReturn;
        return new(AtTokenKind.NeedMore, default, consumed, spent ? AtExpectation.Lines : expectation);
    }
}
