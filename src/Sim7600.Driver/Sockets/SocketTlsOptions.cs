using Sim7600.Driver.Features;
using Sim7600.Protocol;

namespace Sim7600.Driver.Sockets;

/// <summary>
/// How a TLS socket is protected. The modem does TLS itself and has no built-in authorities, so it must be given the one that signed the
/// server's certificate. Immutable; change a copy with <c>with</c>.
/// </summary>
public sealed record SocketTlsOptions
{
    /// <summary>Certificate of the authority that signed the server's certificate: PEM or DER, up to 10,240 bytes; empty for none.</summary>
    public ReadOnlyMemory<byte> CaCertificate { get; init; }

    /// <summary>Certificate by which this device shows who it is: PEM or DER, up to 10,240 bytes; empty for none. It needs <see cref="ClientKey"/>.</summary>
    public ReadOnlyMemory<byte> ClientCertificate { get; init; }

    /// <summary>Private key of <see cref="ClientCertificate"/>: PEM or DER, up to 10,240 bytes; empty for none. It reaches no log and no exception.</summary>
    public ReadOnlyMemory<byte> ClientKey { get; init; }

    /// <summary>Password of <see cref="ClientKey"/>, 1 to 128 bytes; null for none. It reaches no log and no exception.</summary>
    public string? ClientKeyPassword { get; init; }

    /// <summary>True connects to whoever answers, encrypted but unchecked. For tests only, and not together with <see cref="CaCertificate"/>.</summary>
    public bool AllowUntrusted { get; init; }

    /// <summary>True, as the modem has it by default, accepts certificates that are out of date: the modem's clock is often not set.</summary>
    public bool IgnoreCertificateDates { get; init; } = true;

    /// <summary>True names the host in the handshake. Not done for an IP address. Firmware of 2018 cannot, and opening then fails.</summary>
    public bool ServerNameIndication { get; init; } = true;

    /// <summary>Which protocol versions are allowed: one version or all.</summary>
    public SslVersion Version { get; init; } = SslVersion.All;

    /// <summary>How long the handshake may take: whole seconds, 10 to 300.</summary>
    public TimeSpan NegotiationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Which of the modem's SSL contexts to use, 0 to 9; null for 2 or 3, so that those which the MQTT clients use by default stay as they
    /// are. It is overwritten.
    /// </summary>
    public int? SslContext { get; init; }

    /// <summary>The options without certificates, key and password.</summary>
    public override string ToString() =>
        $"TLS, {(AllowUntrusted ? "server not checked" : "server checked")}{(ClientCertificate.IsEmpty ? "" : ", with a client certificate")}";

    internal void Validate()
    {
        if (CaCertificate.IsEmpty && !AllowUntrusted)
        {
            throw new ArgumentException(
                "TLS needs CaCertificate, the certificate (PEM or DER) of the authority that signed the server's certificate: the modem has no authorities "
                + "of its own. To connect without checking who the server is, set AllowUntrusted = true.");
        }

        if (!CaCertificate.IsEmpty && AllowUntrusted)
        {
            throw new ArgumentException("AllowUntrusted checks nothing, so CaCertificate would have no effect: give one of the two.");
        }

        if (ClientCertificate.IsEmpty != ClientKey.IsEmpty)
        {
            throw new ArgumentException("ClientCertificate and ClientKey go together: give both or neither.");
        }

        if (ClientKeyPassword is not null && ClientKey.IsEmpty)
        {
            throw new ArgumentException("ClientKeyPassword needs ClientKey.");
        }

        if (SslContext is < 0 or >= SslLimits.Contexts)
        {
            throw new ArgumentException($"SslContext is 0 to {SslLimits.Contexts - 1}.");
        }
    }
}
