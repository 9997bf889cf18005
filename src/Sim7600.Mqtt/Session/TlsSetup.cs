using Sim7600.Driver.Channel;
using Sim7600.Driver.Features;
using Sim7600.Driver.Sockets;
using Sim7600.Protocol;

namespace Sim7600.Mqtt.Session;

/// <summary>What a TLS connection needs in the modem before CONNECT: files in its store, and an SSL context that names them.</summary>
internal sealed class TlsSetup
{
    // What CONNECT may take besides the handshake: name look-up, TCP, CONNACK.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);
    private readonly SslContextSetup _setup;

    private TlsSetup(int context, SslContextSetup setup)
    {
        Context = context;
        _setup = setup;
    }

    /// <summary>The SSL context.</summary>
    public int Context { get; }

    /// <summary>How long CONNECT may take at least.</summary>
    public TimeSpan ConnectTimeout => _setup.NegotiationTimeout + Slack;

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

        EnsurePair(tls);
        var socket = new SocketTlsOptions
        {
            CaCertificate = tls.CaCertificate,
            ClientCertificate = tls.ClientCertificate,
            ClientKey = tls.ClientKey,
            ClientKeyPassword = tls.ClientKeyPassword,
            AllowUntrusted = tls.AllowUntrusted,
            IgnoreCertificateDates = tls.IgnoreCertificateDates,
            ServerNameIndication = tls.ServerNameIndication,
            Version = tls.Version,
            NegotiationTimeout = tls.NegotiationTimeout,
        };
        return new TlsSetup(context, SslContextSetup.Of(socket, options.Broker.IdnHost));
    }

    /// <summary>Sends the files that the modem does not have, and writes the context.</summary>
    public Task ApplyAsync(AtLease lease, CertificatesFeature certificates, SslFeature ssl, CancellationToken cancellationToken) =>
        _setup.ApplyAsync(lease, Context, certificates, ssl, cancellationToken);

    /// <inheritdoc cref="SslContextSetup.DistrustFilesAsync"/>
    public Task DistrustFilesAsync(AtLease lease, CertificatesFeature certificates) => _setup.DistrustFilesAsync(lease, certificates);

    private static void EnsurePair(MqttTlsOptions tls)
    {
        if (tls.ClientCertificate.IsEmpty != tls.ClientKey.IsEmpty)
        {
            throw new ArgumentException("Tls.ClientCertificate and Tls.ClientKey go together: give both or neither.", nameof(tls));
        }

        if (tls.ClientKeyPassword is not null && tls.ClientKey.IsEmpty)
        {
            throw new ArgumentException("Tls.ClientKeyPassword needs Tls.ClientKey.", nameof(tls));
        }
    }
}
