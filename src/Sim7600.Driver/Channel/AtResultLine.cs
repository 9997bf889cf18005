using System.Text;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Driver.Channel;

/// <summary>
/// The line that tells how a network command ended, besides its final result: <c>+CMQTTCONNECT: 0,0</c>. The two come in
/// either order (<c>cmqtt.md</c> 3.5).
/// </summary>
/// <param name="Prefix">How the line starts, colon included: <c>+CMQTTCONNECT:</c>.</param>
public sealed record AtResultLine(string Prefix)
{
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes(Prefix);

    /// <summary>The number that the first parameter must be, for example the MQTT client; null when any line with the prefix will do.</summary>
    public int? FirstParameter { get; init; }

    /// <summary>
    /// True when the line comes with a failure only, as of <c>AT+CMQTTTOPIC</c>: then <c>OK</c> alone completes the command.
    /// </summary>
    public bool OnlyOnFailure { get; init; }

    /// <summary>
    /// True when the line comes after <c>OK</c> unless the command fails, and may come even when the command's whole time is over. Then one before
    /// <c>OK</c> stays the older command's for another <see cref="AtChannelOptions.LateResultLifetime"/> after that was given up.
    /// </summary>
    public bool MayComeLate { get; init; }

    /// <summary>
    /// Other lines that stand in its place when the command fails, whatever their parameters: <c>+CIPERROR:</c> of <c>AT+CIPSEND</c>.
    /// </summary>
    public IReadOnlyList<string> FailurePrefixes { get; init; } = [];

    internal bool Matches(ReadOnlySpan<byte> line)
    {
        foreach (string prefix in FailurePrefixes)
        {
            if (Ascii.Equals(line[..Math.Min(line.Length, prefix.Length)], prefix))
            {
                return true;
            }
        }

        if (!line.StartsWith(_prefix))
        {
            return false;
        }

        var parameters = new AtParameterReader(line[_prefix.Length..]);
        return FirstParameter is not { } first || (parameters.TryReadNumber(out long number) && number == first);
    }
}
