using System.Net;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Features;
using Sim7600.Protocol;

namespace Sim7600.Mqtt.Session;

/// <summary>What a TLS connection needs in the modem before CONNECT: files in its store, and an SSL context that names them.</summary>
internal sealed class TlsSetup
{
    // What CONNECT may take besides the handshake: name look-up, TCP, CONNACK.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);
    private readonly List<CertificateFile> _files;
    private readonly SslContextSettings _settings;
    private IReadOnlyList<CertificateFile> _reused = [];

    private TlsSetup(int context, List<CertificateFile> files, SslContextSettings settings)
    {
        Context = context;
        _files = files;
        _settings = settings;
    }

    /// <summary>The SSL context.</summary>
    public int Context { get; }

    /// <summary>How long CONNECT may take at least.</summary>
    public TimeSpan ConnectTimeout => _settings.NegotiationTimeout + Slack;

    /// <summary>Makes the setup of the options.</summary>
    /// <returns>The setup; null when the broker is plain <c>mqtt://</c>.</returns>
    /// <exception cref="ArgumentException">The TLS options contradict each other or the address, or the modem cannot take them.</exception>
    public static TlsSetup? Of(MqttConnectOptions options)
    {
        if (!options.UsesTls)
        {
            return options.Tls is null ? null : throw new ArgumentException("Tls is for mqtts://; the broker's address says mqtt://.", nameof(options));
        }

        if (options.Tls is not { } tls || (tls.CaCertificate.IsEmpty && !tls.AllowUntrusted))
        {
            throw new ArgumentException(
                "mqtts:// needs Tls.CaCertificate, the certificate (PEM or DER) of the authority that signed the broker's certificate: the modem has no "
                + "authorities of its own. To connect without checking who the broker is, set Tls.AllowUntrusted = true.", nameof(options));
        }

        if (!tls.CaCertificate.IsEmpty && tls.AllowUntrusted)
        {
            throw new ArgumentException(
                "Tls.AllowUntrusted checks nothing, so Tls.CaCertificate would have no effect: give one of the two.", nameof(options));
        }

        int context = tls.SslContext ?? options.ClientIndex;
        if (context is < 0 or >= SslLimits.Contexts)
        {
            throw new ArgumentOutOfRangeException(nameof(options), context, $"SslContext is 0 to {SslLimits.Contexts - 1}.");
        }

        CertificateFile? ca = File(tls.CaCertificate, CertificateKind.CertificateAuthority);
        CertificateFile? client = File(tls.ClientCertificate, CertificateKind.Client);
        CertificateFile? key = File(tls.ClientKey, CertificateKind.ClientKey);
        EnsurePair(tls, client, key);
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
            ServerNameIndication = tls.ServerNameIndication && !IPAddress.TryParse(options.Broker.IdnHost, out _) ? true : null,
            KeyPassword = tls.ClientKeyPassword,
        };
        settings.Validate();
        return new TlsSetup(context, [.. new[] { ca, client, key }.OfType<CertificateFile>()], settings);
    }

    /// <summary>Sends the files that the modem does not have, and writes the context.</summary>
    public async Task ApplyAsync(AtLease lease, CertificatesFeature certificates, SslFeature ssl, CancellationToken cancellationToken)
    {
        _reused = await certificates.EnsureAsync(lease, _files, cancellationToken).ConfigureAwait(false);
        await ssl.WriteContextAsync(lease, Context, _settings, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Deletes the files that were not sent this time: the modem could not use its files, and of these nobody knows whether an earlier program
    /// was stopped in mid-upload. The next connect sends them anew.
    /// </summary>
    public Task DistrustFilesAsync(AtLease lease, CertificatesFeature certificates) => certificates.DeleteAsync(lease, _reused);

    private static CertificateFile? File(ReadOnlyMemory<byte> content, CertificateKind kind) =>
        content.IsEmpty ? null : CertificateFile.Create(content, kind);

    private static void EnsurePair(MqttTlsOptions tls, CertificateFile? client, CertificateFile? key)
    {
        if (client is null != key is null)
        {
            throw new ArgumentException("Tls.ClientCertificate and Tls.ClientKey go together: give both or neither.", nameof(tls));
        }

        if (tls.ClientKeyPassword is not null && key is null)
        {
            throw new ArgumentException("Tls.ClientKeyPassword needs Tls.ClientKey.", nameof(tls));
        }

        if (key is { IsEncrypted: true } && tls.ClientKeyPassword is null)
        {
            throw new ArgumentException("The client key is encrypted: give Tls.ClientKeyPassword, or a key without a password.", nameof(tls));
        }
    }
}
