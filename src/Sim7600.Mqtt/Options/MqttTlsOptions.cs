using Sim7600.Driver.Features;
using Sim7600.Protocol;

namespace Sim7600.Mqtt;

/// <summary>
/// How to connect to a broker over TLS (<c>mqtts://</c>). The modem does TLS itself and has no built-in authorities, so it must be given the
/// one that signed the broker's certificate. Immutable; change a copy with <c>with</c>.
/// </summary>
/// <remarks>
/// Certificates and keys are stored in the modem under names made of their content, and sent only when they are not there yet. Whether the
/// modem compares the broker's host name with its certificate is not documented.
/// </remarks>
public sealed record MqttTlsOptions
{
    /// <summary>Certificate of the authority that signed the broker's certificate: PEM or DER, up to 10,240 bytes; empty for none.</summary>
    public ReadOnlyMemory<byte> CaCertificate { get; init; }

    /// <summary>Certificate by which this device shows who it is: PEM or DER, up to 10,240 bytes; empty for none. It needs <see cref="ClientKey"/>.</summary>
    public ReadOnlyMemory<byte> ClientCertificate { get; init; }

    /// <summary>Private key of <see cref="ClientCertificate"/>: PEM or DER, up to 10,240 bytes; empty for none. It reaches no log and no exception.</summary>
    public ReadOnlyMemory<byte> ClientKey { get; init; }

    /// <summary>Password of <see cref="ClientKey"/>, 1 to 128 bytes; null for none. It reaches no log and no exception.</summary>
    public string? ClientKeyPassword { get; init; }

    /// <summary>
    /// True connects to whoever answers: encrypted, but the broker's certificate is not checked at all. For tests only, and not together
    /// with <see cref="CaCertificate"/>.
    /// </summary>
    public bool AllowUntrusted { get; init; }

    /// <summary>
    /// True, as the modem has it by default, accepts certificates that have expired or are not valid yet. The modem's clock is often not set
    /// (<c>AT+CCLK?</c>), and then a check of dates fails; set false when the clock is kept right.
    /// </summary>
    public bool IgnoreCertificateDates { get; init; } = true;

    /// <summary>
    /// True names the broker's host in the handshake, which brokers in a cloud need. Not done for an IP address. Firmware of 2018 cannot, and
    /// connecting then fails: set false for a broker that does not need it.
    /// </summary>
    public bool ServerNameIndication { get; init; } = true;

    /// <summary>Which protocol versions are allowed. The modem has no lower bound, only one version or all.</summary>
    public SslVersion Version { get; init; } = SslVersion.All;

    /// <summary>
    /// How long the handshake may take: whole seconds, 10 to 300. <see cref="MqttConnectOptions.ConnectTimeout"/> is made longer when it
    /// would end before that.
    /// </summary>
    public TimeSpan NegotiationTimeout { get; init; } = TimeSpan.FromSeconds(CmqttLimits.MaximumResponseSeconds);

    /// <summary>Which of the modem's SSL contexts to use, 0 to 9; null for the number of the MQTT client. It is overwritten.</summary>
    public int? SslContext { get; init; }

    /// <summary>The options without certificates, key and password.</summary>
    public override string ToString() =>
        $"TLS, {(AllowUntrusted ? "broker not checked" : "broker checked")}{(ClientCertificate.IsEmpty ? "" : ", with a client certificate")}";
}
