namespace Sim7600.Protocol.Urcs;

/// <summary>One line that the modem may send unasked.</summary>
/// <param name="Prefix">How the line starts, or the whole line when <see cref="IsWholeLine"/>.</param>
/// <param name="Meaning">What it tells.</param>
public sealed record Urc(string Prefix, string Meaning)
{
    /// <summary>True when the line is exactly <see cref="Prefix"/>, as <c>RDY</c> is.</summary>
    public bool IsWholeLine { get; init; }

    /// <summary>
    /// Position, from 0, of the parameter that counts the raw bytes after the line's CR LF; null when none follow.
    /// <c>+CMQTTRXPAYLOAD: 0,67</c> has 1: 67 bytes follow, whatever they are.
    /// </summary>
    public int? CountedBytesParameter { get; init; }

    /// <summary>True when the line tells that the module has (re)started, so all session state in it is gone.</summary>
    public bool IsBootBanner { get; init; }

    /// <summary>
    /// True when an answer to a query has the same prefix, as <c>+CREG:</c> has. A channel with that query running
    /// decides by <see cref="UrcTable.IsRegistrationUrc"/> or takes the line as the answer.
    /// </summary>
    public bool SharesPrefixWithAnswer { get; init; }
}
