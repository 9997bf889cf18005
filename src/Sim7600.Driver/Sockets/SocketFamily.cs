using System.Globalization;
using Sim7600.Driver.Channel;

namespace Sim7600.Driver.Sockets;

/// <summary>
/// One of the modem's two kinds of sockets: its service, which is started once, and its numbered sockets. It knows the commands; who has
/// which number is known to <see cref="SocketsFeature"/>.
/// </summary>
internal abstract class SocketFamily(AtChannel channel, int count)
{
    // Commands that do not wait for the network.
    protected static readonly TimeSpan ServiceTimeout = TimeSpan.FromSeconds(130);

    public AtChannel Channel { get; } = channel;

    /// <summary>This program's sockets by number; null is free. Guarded by the feature's gate.</summary>
    public SocketStream?[] Sockets { get; } = new SocketStream?[count];

    /// <summary>The mode that the open sockets have.</summary>
    public SocketReceiveMode Mode { get; set; }

    /// <summary>What people call one of them.</summary>
    public abstract string Noun { get; }

    public abstract int LargestSend { get; }

    public abstract string OpenCommandName { get; }

    /// <summary>The modem's service is as this program started it, as far as is known.</summary>
    public bool IsPrepared { get; set; }

    /// <summary>Starts the service in the wanted mode, or adopts it.</summary>
    public abstract Task PrepareAsync(AtLease lease, SocketReceiveMode mode, string target, CancellationToken cancellationToken);

    /// <summary>Opens one socket.</summary>
    /// <returns>The modem's number, 0 for success, or null when it only said ERROR; and the place of its answer.</returns>
    public abstract Task<(int? Code, long Sequence)> OpenAsync(
        AtLease lease, int number, string host, int port, bool tls, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Says what a failed open is about.</summary>
    public abstract Task<OpenFailure> ExplainAsync(AtLease lease, int? code, CancellationToken cancellationToken);

    public abstract string MeaningOf(int code);

    public abstract AtCommand CloseCommand(int number);

    /// <summary>True when a line of its own tells how a send ended, after the final result of the command.</summary>
    public virtual bool ReportsSends => true;

    /// <summary>The command that gives the modem one piece to send. It ends when the modem has taken the bytes.</summary>
    public abstract AtCommand SendCommand(int number, ReadOnlyMemory<byte> piece, TimeSpan timeout);

    /// <summary>Reads the line that tells how a send ended.</summary>
    /// <returns>Null when all of it is on its way, else what went wrong.</returns>
    public abstract string? FailureIn(string line, int length);

    /// <summary>Asks for received bytes, which come to the socket as unsolicited data.</summary>
    /// <returns>True when more may wait in the modem.</returns>
    public abstract Task<bool> FetchAsync(SocketStream socket, CancellationToken cancellationToken);

    protected static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number at a place, from 0, in what follows the colon of a line.</summary>
    protected static int? NumberIn(string? line, int place)
    {
        string[] parts = line is null ? [] : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(',');
        return place < parts.Length && int.TryParse(parts[place], NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
    }

    protected static string? LastLine(AtReply? reply) => reply is { Lines: [.., string last] } ? last : null;

    /// <summary>Runs a command whose refusal is an answer too.</summary>
    /// <returns>The answer; null for a bare <c>ERROR</c>.</returns>
    public static async Task<AtReply?> TryAsync(AtLease lease, AtCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await lease.ExecuteAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (AtErrorException)
        {
            return null;
        }
    }
}
