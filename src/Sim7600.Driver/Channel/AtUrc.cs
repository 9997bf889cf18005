using Sim7600.Protocol.Urcs;

namespace Sim7600.Driver.Channel;

/// <summary>A line that the modem sent unasked, with the counted bytes that followed it.</summary>
/// <param name="Line">The line without its end.</param>
/// <param name="Kind">The table's entry for the line.</param>
/// <param name="Data">The counted bytes after the line; empty when there are none.</param>
/// <param name="Sequence">Its place in the order of everything received; compare with <see cref="AtReply.Sequence"/>.</param>
public sealed record AtUrc(string Line, Urc Kind, ReadOnlyMemory<byte> Data, long Sequence)
{
    /// <summary>
    /// True when counted bytes before this line did not end at a line end: some of them were lost on the line, or more came than were announced.
    /// </summary>
    public bool FollowsDamagedData { get; init; }

    /// <summary>What follows the prefix, without blanks around it.</summary>
    public string Parameters => Line.Length > Kind.Prefix.Length ? Line[Kind.Prefix.Length..].Trim() : "";

    /// <summary>The line; the data is the user's and is only counted.</summary>
    public override string ToString() => Data.IsEmpty ? Line : $"{Line} (+{Data.Length} bytes)";
}
