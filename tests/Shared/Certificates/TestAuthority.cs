using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sim7600.Testing;

/// <summary>A certification authority of a test, with what it issues; every key is new.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name = "Test CA")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Certificate = request.CreateSelfSigned(new DateTimeOffset(1995, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2045, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>A certificate with its key, valid from 2000 on.</summary>
    /// <param name="host">The host that it names.</param>
    /// <param name="until">The year in which it ends.</param>
    /// <param name="rsa">An RSA key instead of an EC key.</param>
    public X509Certificate2 Issue(string host, int until = 2044, bool rsa = false)
    {
        using RSA? rsaKey = rsa ? RSA.Create(2048) : null;
        using ECDsa? ecKey = rsa ? null : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = rsaKey is not null
            ? new CertificateRequest($"CN={host}", rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={host}", ecKey!, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity());
        using X509Certificate2 bare = request.Create(
            Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_key),
            new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(-1),
            new DateTimeOffset(until, 1, 1, 0, 0, 0, TimeSpan.Zero),
            [1, .. RandomNumberGenerator.GetBytes(8)]);
        return rsaKey is not null ? bare.CopyWithPrivateKey(rsaKey) : bare.CopyWithPrivateKey(ecKey!);
    }

    /// <summary>The private key as an unencrypted PKCS #8 PEM.</summary>
    public static string KeyPem(X509Certificate2 certificate) => KeyOf(certificate).ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>The private key as an encrypted PKCS #8 PEM.</summary>
    public static string KeyPem(X509Certificate2 certificate, string password) => KeyOf(certificate).ExportEncryptedPkcs8PrivateKeyPem(
        password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)) + "\n";

    public static AsymmetricAlgorithm KeyOf(X509Certificate2 certificate) => (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey()!;

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
