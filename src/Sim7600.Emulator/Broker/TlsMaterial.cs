using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sim7600.Emulator.Broker;

/// <summary>The files of a TLS connection, read: trusted CA certificates, and the certificate that the modem shows with its key.</summary>
internal sealed class TlsMaterial : IDisposable
{
    private readonly X509Certificate2Collection _owned = [];

    private TlsMaterial()
    {
    }

    /// <summary>The CA certificates that are trusted, or null for those of this computer.</summary>
    public X509Certificate2Collection? Authorities { get; private set; }

    /// <summary>The certificate to show, with its key and the certificates between it and its CA; or null.</summary>
    public SslStreamCertificateContext? Client { get; private set; }

    /// <summary>Reads the files. What they hold decides between PEM and DER, not how they are named.</summary>
    /// <exception cref="UnusableFileException">A file is not what it should be.</exception>
    public static TlsMaterial Load(TlsRequest request)
    {
        var material = new TlsMaterial();
        try
        {
            if (request.VerifiesServer && request.Authority is { } authority)
            {
                material.Authorities = material.ReadCertificates(authority);
            }

            if (request is { ClientCertificate: { } certificate, ClientKey: { } key })
            {
                X509Certificate2Collection chain = material.ReadCertificates(certificate);
                X509Certificate2 leaf = Join(chain[0], certificate.Name, key, request.KeyPassword);
                material._owned.Add(leaf);
                chain.RemoveAt(0);
                material.Client = SslStreamCertificateContext.Create(leaf, chain, offline: true);
            }

            return material;
        }
        catch
        {
            material.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in _owned)
        {
            certificate.Dispose();
        }
    }

    private static bool IsPem(byte[] content) => content.AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    private X509Certificate2Collection ReadCertificates(TlsFile file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            if (IsPem(file.Content))
            {
                certificates.ImportFromPem(Encoding.Latin1.GetString(file.Content));
            }
            else
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(file.Content));
            }
        }
        catch (CryptographicException error)
        {
            throw new UnusableFileException($"'{file.Name}' holds no readable certificate, neither PEM nor DER", error);
        }

        _owned.AddRange(certificates);
        return certificates.Count > 0 ? certificates
            : throw new UnusableFileException($"'{file.Name}' is PEM without a whole BEGIN CERTIFICATE … END CERTIFICATE block");
    }

    /// <summary>The certificate with its private key, in a form that the handshake can use.</summary>
    private static X509Certificate2 Join(X509Certificate2 certificate, string certificateName, TlsFile file, string password)
    {
        using RSA? rsaPublic = certificate.GetRSAPublicKey();
        using ECDsa? ecPublic = certificate.GetECDsaPublicKey();
        try
        {
            if (rsaPublic is not null)
            {
                using var rsa = RSA.Create();
                Import(rsa, file, password, bytes => rsa.ImportRSAPrivateKey(bytes, out _));
                return Usable(certificate.CopyWithPrivateKey(rsa));
            }

            if (ecPublic is not null)
            {
                using var ec = ECDsa.Create();
                Import(ec, file, password, bytes => ec.ImportECPrivateKey(bytes, out _));
                return Usable(certificate.CopyWithPrivateKey(ec));
            }
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new UnusableFileException($"the private key in '{file.Name}' does not belong to the certificate in '{certificateName}'", error);
        }

        throw new UnusableFileException($"the certificate in '{certificateName}' is neither RSA nor EC");
    }

    /// <summary>Reads a key: PKCS #8, encrypted PKCS #8, or the traditional form of its kind.</summary>
    private static void Import(AsymmetricAlgorithm key, TlsFile file, string password, Action<byte[]> importTraditional)
    {
        string kind = key is RSA ? "RSA" : "EC";
        bool isEncrypted = false;
        try
        {
            if (IsPem(file.Content))
            {
                string pem = Encoding.Latin1.GetString(file.Content);
                isEncrypted = pem.Contains("ENCRYPTED PRIVATE KEY", StringComparison.Ordinal);
                if (pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
                {
                    throw new UnusableFileException(
                        $"'{file.Name}' is encrypted in the traditional PEM form, which this emulator does not read; 'openssl pkcs8 -topk8' makes PKCS #8 of it");
                }

                if (isEncrypted)
                {
                    key.ImportFromEncryptedPem(pem, password);
                }
                else
                {
                    key.ImportFromPem(pem);
                }

                return;
            }

            isEncrypted = IsEncryptedPkcs8(file.Content);
            if (isEncrypted)
            {
                key.ImportEncryptedPkcs8PrivateKey(password, file.Content, out _);
                return;
            }

            try
            {
                key.ImportPkcs8PrivateKey(file.Content, out _);
            }
            catch (CryptographicException)
            {
                importTraditional(file.Content);
            }
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new UnusableFileException(
                isEncrypted
                    ? $"'{file.Name}' is an encrypted private key and keypwd {(password.Length == 0 ? "is not set" : "does not open it")}"
                    : $"'{file.Name}' holds no readable {kind} private key, which the certificate demands",
                error);
        }
    }

    /// <summary>Encrypted PKCS #8 begins with a sequence of an algorithm; a plain key begins with a version number.</summary>
    private static bool IsEncryptedPkcs8(byte[] der)
    {
        try
        {
            var reader = new System.Formats.Asn1.AsnReader(der, System.Formats.Asn1.AsnEncodingRules.BER);
            return reader.ReadSequence().PeekTag() == System.Formats.Asn1.Asn1Tag.Sequence;
        }
        catch (System.Formats.Asn1.AsnContentException)
        {
            return false;
        }
    }

    /// <summary>Windows' TLS takes no key that exists in memory only; written to PKCS #12 and read again it does.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
