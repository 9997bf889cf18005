using System.Text;
using Sim7600.Protocol;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Driver.Features;

/// <summary>
/// What an SSL context is to have (<c>AT+CSSLCFG</c>, <c>core.md</c> 10.1). Immutable; change a copy with <c>with</c>. A setting that is null
/// is not sent and stays as it is in the modem.
/// </summary>
public sealed record SslContextSettings
{
    /// <summary>Which protocol versions are allowed.</summary>
    public SslVersion Version { get; init; } = SslVersion.All;

    /// <summary>Who has to show a certificate.</summary>
    public SslAuthMode AuthMode { get; init; }

    /// <summary>True ignores the dates of certificates, as the modem does by default: its clock is often not set.</summary>
    public bool IgnoreLocalTime { get; init; } = true;

    /// <summary>How long the handshake may take: whole seconds, 10 to 300.</summary>
    public TimeSpan NegotiationTimeout { get; init; } = TimeSpan.FromSeconds(SslLimits.Negotiation);

    /// <summary>Name of the stored file with the authority's certificate.</summary>
    public string? CaCertificate { get; init; }

    /// <summary>Name of the stored file with the client's certificate.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>Name of the stored file with the client's private key.</summary>
    public string? ClientKey { get; init; }

    /// <summary>True names the server in the handshake (<c>enableSNI</c>). Firmware of 2018 does not know this setting.</summary>
    public bool? ServerNameIndication { get; init; }

    /// <summary>
    /// Password of <see cref="ClientKey"/>, 1 to 128 bytes (<c>keypwd</c>). It reaches no log and no exception. Firmware of 2018 does not know
    /// this setting.
    /// </summary>
    public string? KeyPassword { get; init; }

    /// <summary>The settings without the password.</summary>
    public override string ToString() =>
        $"{Version}, {AuthMode}, CA {CaCertificate ?? "-"}, client {ClientCertificate ?? "-"}, key {ClientKey ?? "-"}, "
        + $"SNI {ServerNameIndication?.ToString() ?? "-"}, dates {(IgnoreLocalTime ? "ignored" : "checked")}";

    /// <summary>Refuses what the modem cannot take.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range or cannot be carried by an AT command; the message names it.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Version) || !Enum.IsDefined(AuthMode))
        {
            throw new ArgumentException("Version or AuthMode is none of the modem's values.");
        }

        double seconds = NegotiationTimeout.TotalSeconds;
        if (seconds is < SslLimits.NegotiationMinimum or > SslLimits.Negotiation)
        {
            throw new ArgumentOutOfRangeException(
                nameof(NegotiationTimeout), NegotiationTimeout, $"NegotiationTimeout is {SslLimits.NegotiationMinimum} to {SslLimits.Negotiation} seconds.");
        }

        foreach ((string? name, string argumentName) in
            new[] { (CaCertificate, nameof(CaCertificate)), (ClientCertificate, nameof(ClientCertificate)), (ClientKey, nameof(ClientKey)) })
        {
            if (name is not null)
            {
                CertificateFile.EnsureName(name, argumentName);
            }
        }

        if (KeyPassword is { } password)
        {
            AtCommandWriter.EnsureCarriable(password, nameof(KeyPassword));
            int length = Encoding.UTF8.GetByteCount(password);
            if (length is < 1 or > SslLimits.KeyPassword)
            {
                throw new ArgumentException($"The key's password has {length} bytes; the modem takes 1 to {SslLimits.KeyPassword}.", nameof(KeyPassword));
            }
        }
    }
}
