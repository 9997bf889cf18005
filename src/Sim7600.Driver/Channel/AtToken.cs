namespace Sim7600.Driver.Channel;

/// <summary>One step of the digester: what was found, how many bytes it took, and how to go on.</summary>
public readonly ref struct AtToken
{
    internal AtToken(AtTokenKind kind, ReadOnlySpan<byte> bytes, int consumed, AtExpectation next)
    {
        Kind = kind;
        Bytes = bytes;
        Consumed = consumed;
        Next = next;
    }

    /// <summary>What was found.</summary>
    public AtTokenKind Kind { get; }

    /// <summary>The line without its end, or the data: a view into the buffer. Empty for the other kinds.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>How many bytes to drop from the start of the buffer. It may be more than 0 for <see cref="AtTokenKind.NeedMore"/> too.</summary>
    public int Consumed { get; }

    /// <summary>
    /// What to expect for the bytes that follow. After a line that declares counted bytes ask for
    /// <see cref="AtExpectation.CountedAfter"/> instead.
    /// </summary>
    public AtExpectation Next { get; }
}
