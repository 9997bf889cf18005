using System.Net;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Sockets;

namespace Sim7600.Driver.Features;

/// <summary>What a TLS connection needs in the modem before it is opened: files in its store, and an SSL context that names them.</summary>
internal sealed class SslContextSetup
{
    private readonly List<CertificateFile> _files;
    private readonly SslContextSettings _settings;
    private IReadOnlyList<CertificateFile> _reused = [];

    private SslContextSetup(int? context, List<CertificateFile> files, SslContextSettings settings)
    {
        Context = context;
        _files = files;
        _settings = settings;
    }

    /// <summary>The SSL context, or null when it depends on the session.</summary>
    public int? Context { get; }

    public TimeSpan NegotiationTimeout => _settings.NegotiationTimeout;

    /// <exception cref="ArgumentException">The options contradict each other, or the modem cannot take them.</exception>
    public static SslContextSetup Of(SocketTlsOptions tls, string host)
    {
        tls.Validate();
        CertificateFile? ca = File(tls.CaCertificate, CertificateKind.CertificateAuthority);
        CertificateFile? client = File(tls.ClientCertificate, CertificateKind.Client);
        CertificateFile? key = File(tls.ClientKey, CertificateKind.ClientKey);
        if (key is { IsEncrypted: true } && tls.ClientKeyPassword is null)
        {
            throw new ArgumentException("The client key is encrypted: give ClientKeyPassword, or a key without a password.", nameof(tls));
        }

        var settings = new SslContextSettings
        {
            Version = tls.Version,
            AuthMode = (ca, client) switch
            {
                (null, null) => SslAuthMode.None,
                (not null, null) => SslAuthMode.Server,
                (not null, not null) => SslAuthMode.Mutual,
                _ => SslAuthMode.ClientOnly,
            },
            IgnoreLocalTime = tls.IgnoreCertificateDates,
            NegotiationTimeout = tls.NegotiationTimeout,
            CaCertificate = ca?.Name,
            ClientCertificate = client?.Name,
            ClientKey = key?.Name,

            // Not sent where it is not needed: firmware of 2018 does not know it. An IP address is no server name (RFC 6066, 3).
            ServerNameIndication = tls.ServerNameIndication && !IPAddress.TryParse(host, out _) ? true : null,
            KeyPassword = tls.ClientKeyPassword,
        };
        settings.Validate();
        return new SslContextSetup(tls.SslContext, [.. new[] { ca, client, key }.OfType<CertificateFile>()], settings);
    }

    /// <summary>Sends the files that the modem does not have, and writes the context.</summary>
    public async Task ApplyAsync(AtLease lease, int context, CertificatesFeature certificates, SslFeature ssl, CancellationToken cancellationToken)
    {
        _reused = await certificates.EnsureAsync(lease, _files, cancellationToken).ConfigureAwait(false);
        await ssl.WriteContextAsync(lease, context, _settings, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Deletes the files that were not sent this time: the modem could not use its files, and of these nobody knows whether an earlier program
    /// was stopped in mid-upload. The next one to open a connection sends them anew.
    /// </summary>
    public Task DistrustFilesAsync(AtLease lease, CertificatesFeature certificates) => certificates.DeleteAsync(lease, _reused);

    private static CertificateFile? File(ReadOnlyMemory<byte> content, CertificateKind kind) =>
        content.IsEmpty ? null : CertificateFile.Create(content, kind);
}
