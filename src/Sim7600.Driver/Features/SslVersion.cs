namespace Sim7600.Driver.Features;

/// <summary>Which protocol versions a handshake may use (<c>sslversion</c>, <c>core.md</c> 10.1): one, or all that the firmware has.</summary>
public enum SslVersion
{
    /// <summary>SSL 3.0, which is broken; for old servers only.</summary>
    Ssl3 = 0,

    /// <summary>TLS 1.0.</summary>
    Tls10 = 1,

    /// <summary>TLS 1.1.</summary>
    Tls11 = 2,

    /// <summary>TLS 1.2.</summary>
    Tls12 = 3,

    /// <summary>All; the server's choice. The modem's default, and what every known working session has.</summary>
    All = 4,
}
