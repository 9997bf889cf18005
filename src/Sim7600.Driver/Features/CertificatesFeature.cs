using Sim7600.Driver.Channel;
using Sim7600.Protocol;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Driver.Features;

/// <summary>The modem's store of certificate files, which keeps them over a reset (<c>core.md</c> 10.2).</summary>
/// <remarks>
/// All methods throw <see cref="AtException"/> when the modem refuses, is silent, restarts, or the line is gone, and
/// <see cref="OperationCanceledException"/> when the token is cancelled. Contents, which may be private keys, reach no log and no exception.
/// </remarks>
public sealed class CertificatesFeature
{
    // The bytes go into flash memory; no time is documented.
    private static readonly TimeSpan UploadTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CleanupTimeout = TimeSpan.FromSeconds(30);
    private readonly AtChannel _channel;

    internal CertificatesFeature(AtChannel channel) => _channel = channel;

    /// <summary>Lists the stored files.</summary>
    /// <param name="ct">Gives up.</param>
    /// <returns>Their names, in the modem's order; none when the store is empty.</returns>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken ct = default)
    {
        using AtLease lease = await _channel.AcquireAsync(ct).ConfigureAwait(false);
        return await ListAsync(lease, ct).ConfigureAwait(false);
    }

    /// <summary>Stores a file. One of the same name is replaced (inferred from common use).</summary>
    /// <param name="name">5 to 128 ASCII characters, ending in <c>.pem</c> or <c>.der</c>.</param>
    /// <param name="content">1 to 10,240 bytes. PEM text is sent with LF line ends, whatever it has; all else as it is.</param>
    /// <param name="ct">Gives up; the file may be stored nevertheless, whole or not.</param>
    /// <returns>A task that completes when the modem has stored the file.</returns>
    /// <exception cref="ArgumentException">Name or content are not what the modem takes; nothing was sent.</exception>
    /// <exception cref="CertificateUploadException">The modem refused.</exception>
    public async Task UploadAsync(string name, ReadOnlyMemory<byte> content, CancellationToken ct = default)
    {
        CertificateFile.EnsureName(name, nameof(name));
        if (name.EndsWith(".pem", StringComparison.Ordinal) && CertificateFile.IsPem(content.Span))
        {
            content = CertificateFile.WithLineFeeds(content.Span);
        }

        if (content.Length is < 1 or > SslLimits.File)
        {
            throw new ArgumentException($"The file {name} has {content.Length} bytes; the modem takes 1 to {SslLimits.File}.", nameof(content));
        }

        using AtLease lease = await _channel.AcquireAsync(ct).ConfigureAwait(false);
        await StoreAsync(lease, name, content, ct).ConfigureAwait(false);
    }

    /// <summary>Deletes a file.</summary>
    /// <param name="name">Its name, as listed.</param>
    /// <param name="ct">Gives up; the file may be deleted nevertheless.</param>
    /// <returns>A task that completes when the file is deleted.</returns>
    /// <exception cref="ArgumentException">The name cannot be carried by an AT command; nothing was sent.</exception>
    /// <exception cref="AtErrorException">There is no such file.</exception>
    public async Task DeleteAsync(string name, CancellationToken ct = default)
    {
        AtCommand command = DeleteCommand(name);
        await _channel.ExecuteAsync(command, ct).ConfigureAwait(false);
    }

    /// <summary>Makes sure that the modem has a certificate or a key, and sends it only when it is not there yet.</summary>
    /// <param name="content">PEM or DER, 1 to 10,240 bytes.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="ct">Gives up; what was half sent is deleted again, as far as the modem answers.</param>
    /// <returns>The file's name for <see cref="SslContextSettings"/>; see <see cref="CertificateFile"/>.</returns>
    /// <exception cref="ArgumentException">The content is not what <paramref name="kind"/> says, or too long; nothing was sent.</exception>
    /// <exception cref="CertificateUploadException">The modem refused to store it.</exception>
    public async Task<string> EnsureAsync(ReadOnlyMemory<byte> content, CertificateKind kind, CancellationToken ct = default)
    {
        CertificateFile file = CertificateFile.Create(content, kind);
        using AtLease lease = await _channel.AcquireAsync(ct).ConfigureAwait(false);
        await EnsureAsync(lease, [file], ct).ConfigureAwait(false);
        return file.Name;
    }

    /// <summary>Makes sure that the modem has some files, under a lease of the caller's.</summary>
    /// <param name="lease">The lease of this modem's channel.</param>
    /// <param name="files">The files.</param>
    /// <param name="ct">Gives up; what was half sent is deleted again, as far as the modem answers.</param>
    /// <returns>Those that were there already; the others were sent.</returns>
    /// <exception cref="CertificateUploadException">The modem refused to store one.</exception>
    public async Task<IReadOnlyList<CertificateFile>> EnsureAsync(AtLease lease, IReadOnlyCollection<CertificateFile> files, CancellationToken ct = default)
    {
        EnsureOwn(lease, _channel);
        ArgumentNullException.ThrowIfNull(files);
        if (files.Count == 0)
        {
            return [];
        }

        IReadOnlyList<string> listed = await ListAsync(lease, ct).ConfigureAwait(false);
        var present = new List<CertificateFile>();
        foreach (CertificateFile file in files)
        {
            if (listed.Contains(file.Name, StringComparer.Ordinal))
            {
                present.Add(file);
                continue;
            }

            ct.ThrowIfCancellationRequested();
            try
            {
                await StoreAsync(lease, file.Name, file.Content, ct).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or AtTimeoutException { WasWritten: true })
            {
                // Its name promises a content that nobody can vouch for now.
                await DeleteAsync(lease, [file]).ConfigureAwait(false);
                throw;
            }
        }

        return present;
    }

    /// <summary>
    /// Deletes files whose content is in doubt, so that <see cref="EnsureAsync(AtLease, IReadOnlyCollection{CertificateFile}, CancellationToken)"/>
    /// sends them anew. It takes 30 s at most, and does not fail: there is nothing that a caller could do.
    /// </summary>
    /// <param name="lease">The lease of this modem's channel.</param>
    /// <param name="files">The files.</param>
    /// <returns>A task that completes when it is done or given up.</returns>
    public async Task DeleteAsync(AtLease lease, IEnumerable<CertificateFile> files)
    {
        EnsureOwn(lease, _channel);
        ArgumentNullException.ThrowIfNull(files);
        using var limit = new CancellationTokenSource(CleanupTimeout, _channel.TimeProvider);
        foreach (CertificateFile file in files)
        {
            try
            {
                await lease.ExecuteAsync(DeleteCommand(file.Name), limit.Token).ConfigureAwait(false);
            }
            catch (AtErrorException)
            {
                // It was not stored.
            }
            catch (Exception exception) when (exception is AtException or OperationCanceledException)
            {
                return;
            }
        }
    }

    internal static void EnsureOwn(AtLease lease, AtChannel channel)
    {
        ArgumentNullException.ThrowIfNull(lease);
        if (lease.Channel != channel)
        {
            throw new ArgumentException("The lease is of another modem's channel.", nameof(lease));
        }
    }

    private static async Task<IReadOnlyList<string>> ListAsync(AtLease lease, CancellationToken ct)
    {
        const string Prefix = "+CCERTLIST:";
        AtReply reply = await lease.ExecuteAsync(AtCommand.Query("AT+CCERTLIST", Prefix), ct).ConfigureAwait(false);
        return [.. reply.Lines.Select(line => line[Prefix.Length..].Trim().Trim('"'))];
    }

    private static async Task StoreAsync(AtLease lease, string name, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var command = new AtCommand(new AtCommandWriter("+CCERTDOWN").Text(name, nameof(name)).Number(content.Length).ToString())
        {
            Data = content,
            Timeout = UploadTimeout,
        };
        try
        {
            await lease.ExecuteAsync(command, ct).ConfigureAwait(false);
        }
        catch (AtErrorException refusal)
        {
            throw new CertificateUploadException(name, content.Length, refusal);
        }
    }

    private static AtCommand DeleteCommand(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new AtCommand(new AtCommandWriter("+CCERTDELE").Text(name, nameof(name)).ToString());
    }
}
