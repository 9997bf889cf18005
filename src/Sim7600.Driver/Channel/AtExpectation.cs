namespace Sim7600.Driver.Channel;

/// <summary>What the next received bytes are, as far as the bytes before them tell. The default expects lines.</summary>
public readonly record struct AtExpectation
{
    internal enum Mode
    {
        Lines,
        AfterCarriageReturn,
        AfterPrompt,
        RestOfCutLine,
        Counted,
        CountedAfterCarriageReturn,
        Echo,
    }

    /// <summary>Lines and prompts.</summary>
    public static AtExpectation Lines => default;

    internal Mode Kind { get; private init; }

    internal int Count { get; private init; }

    internal ReadOnlyMemory<byte> EchoedBytes { get; private init; }

    // True where the next byte may begin an echo instead.
    internal bool AcceptsEcho => Kind is Mode.Lines or Mode.AfterCarriageReturn or Mode.AfterPrompt;

    internal bool IsRestOfCutLine => Kind == Mode.RestOfCutLine;

    internal bool IsEcho => Kind == Mode.Echo;

    internal bool WaitsForKnownBytes => Kind is Mode.Counted or Mode.CountedAfterCarriageReturn or Mode.Echo;

    internal static AtExpectation AfterCarriageReturn => new() { Kind = Mode.AfterCarriageReturn };

    internal static AtExpectation AfterPrompt => new() { Kind = Mode.AfterPrompt };

    internal static AtExpectation RestOfCutLine => new() { Kind = Mode.RestOfCutLine };

    /// <summary>
    /// Counted bytes after a header line such as <c>+CMQTTRXPAYLOAD: 0,5</c>. The LF that belongs to the header's line end is not
    /// counted, a LF after it is (<c>cmqtt.md</c> 7.1: the count starts after the header's CR LF).
    /// </summary>
    /// <param name="header">The token of the header line.</param>
    /// <param name="count">How many bytes follow, 1 to <see cref="AtDigester.MostCountedBytes"/>.</param>
    /// <returns>The expectation to go on with.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is outside its range.</exception>
    public static AtExpectation CountedAfter(AtToken header, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, AtDigester.MostCountedBytes);
        return new() { Kind = header.Next.Kind == Mode.AfterCarriageReturn ? Mode.CountedAfterCarriageReturn : Mode.Counted, Count = count };
    }

    /// <summary>
    /// The echo of data that was just sent, which a SIM7600 with echo on prints behind the prompt or on the line after it
    /// (<c>field-notes.md</c> 36). Lines before the echo are still found, and after each of them the echo has to be asked for again; a
    /// modem that does not echo data just never gives the token.
    /// </summary>
    /// <param name="data">The data that was sent, not empty.</param>
    /// <returns>The expectation to go on with.</returns>
    public static AtExpectation EchoOf(ReadOnlyMemory<byte> data) => new() { Kind = Mode.Echo, EchoedBytes = data };
}
