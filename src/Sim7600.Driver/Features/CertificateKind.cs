namespace Sim7600.Driver.Features;

/// <summary>What a certificate file is for.</summary>
public enum CertificateKind
{
    /// <summary>The certificate of the authority that signed the server's certificate (<c>cacert</c>).</summary>
    CertificateAuthority,

    /// <summary>The certificate by which this device shows who it is (<c>clientcert</c>).</summary>
    Client,

    /// <summary>The private key of the client's certificate (<c>clientkey</c>).</summary>
    ClientKey,
}
