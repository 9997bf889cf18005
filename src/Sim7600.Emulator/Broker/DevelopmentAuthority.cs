using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sim7600.Emulator.Broker;

/// <summary>
/// A certification authority for one run of the emulator. Since every address leads to the embedded broker, it issues a
/// certificate for whatever host a client means. Its key never leaves the process.
/// </summary>
internal sealed class DevelopmentAuthority : IDisposable
{
    /// <summary>Certificates that are kept; a firmware under test names few hosts.</summary>
    private const int MaximumIssued = 256;

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private readonly Dictionary<string, SslStreamCertificateContext> _issued = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    /// <summary>Makes a CA that is valid for the modem's clock and for this computer's.</summary>
    /// <param name="time">The modem's clock.</param>
    public DevelopmentAuthority(TimeProvider time)
    {
        DateTimeOffset[] clocks = [time.GetUtcNow(), TimeProvider.System.GetUtcNow()];
        var request = new CertificateRequest($"CN=Sim7600 emulator development CA {RandomNumberGenerator.GetHexString(8, lowercase: true)}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _certificate = request.CreateSelfSigned(clocks.Min().AddDays(-1), clocks.Max().AddYears(10));
        Pem = _certificate.ExportCertificatePem() + "\n";
    }

    /// <summary>The CA certificate as PEM.</summary>
    public string Pem { get; }

    /// <summary>The server certificate for a host.</summary>
    /// <param name="host">A host name or an address; null or empty for this computer itself.</param>
    public SslStreamCertificateContext CertificateFor(string? host)
    {
        host ??= "";
        lock (_gate)
        {
            if (_issued.TryGetValue(host, out SslStreamCertificateContext? known))
            {
                return known;
            }

            if (_issued.Count == MaximumIssued)
            {
                _issued.Clear(); // handshakes that still use one keep it alive
            }

            return _issued[host] = SslStreamCertificateContext.Create(Issue(host), additionalCertificates: null, offline: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Issue(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Sim7600 emulator broker", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(NamesOf(host));
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        using X509Certificate2 bare = request.Create(_certificate, _certificate.NotBefore, _certificate.NotAfter, serial);
        X509Certificate2 certificate = bare.CopyWithPrivateKey(key);
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        using (certificate)
        {
            // Windows' TLS takes no key that exists in memory only.
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }

    private static X509Extension NamesOf(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            // Nothing, or nothing that a certificate can name.
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
        }
        else if (IPAddress.TryParse(host, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        return names.Build();
    }
}
