namespace Sim7600.Driver.Channel;

/// <summary>What the digester found at the start of its buffer.</summary>
public enum AtTokenKind
{
    /// <summary>Nothing whole yet; call again when more bytes have come.</summary>
    NeedMore,

    /// <summary>One line that is not empty, without its line end.</summary>
    Line,

    /// <summary>The first bytes of a line that is longer than <see cref="AtDigester.LongestLine"/>; the rest of it is thrown away.</summary>
    CutLine,

    /// <summary>A <c>&gt;</c> at the start of a line: the modem waits for data.</summary>
    Prompt,

    /// <summary>Exactly as many bytes as were asked for, whatever they are.</summary>
    CountedData,

    /// <summary>The modem's echo of data that the host has just sent.</summary>
    EchoedData,
}
