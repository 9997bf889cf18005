using Sim7600.Driver.Channel;

namespace Sim7600.Driver.Features;

/// <summary>Asks the modem who it is (<c>core.md</c> 3). It works without SIM and network.</summary>
public sealed class IdentityFeature
{
    private readonly AtChannel _channel;

    internal IdentityFeature(AtChannel channel) => _channel = channel;

    /// <summary>Reads manufacturer, model, firmware build and IMEI.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="AtException">The modem refused, was silent, answered something else, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ModemIdentity> ReadAsync(CancellationToken cancellationToken = default)
    {
        using AtLease lease = await _channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        return new ModemIdentity(
            await AskAsync(lease, "AT+CGMI", cancellationToken).ConfigureAwait(false),
            await AskAsync(lease, "AT+CGMM", cancellationToken).ConfigureAwait(false),
            await AskAsync(lease, "AT+CGMR", cancellationToken).ConfigureAwait(false),
            await AskAsync(lease, "AT+CGSN", cancellationToken).ConfigureAwait(false));
    }

    // CGMR has its name in front, the others do not (field-notes.md 50); a firmware that does it otherwise is read as well.
    private static async Task<string> AskAsync(AtLease lease, string command, CancellationToken cancellationToken)
    {
        AtReply reply = await lease.ExecuteAsync(AtCommand.Query(command, prefix: null), cancellationToken).ConfigureAwait(false);
        string? line = reply.Lines.FirstOrDefault(text => text.Length > 0);
        if (line is null)
        {
            throw lease.Channel.NotUnderstood(command, "OK without a value");
        }

        string prefix = command[2..] + ":";
        return line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..].Trim() : line.Trim();
    }
}
