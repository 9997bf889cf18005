namespace Sim7600.Emulator.Broker;

/// <summary>How a connection is to be protected: what the SSL context says, with the files that it names.</summary>
internal sealed record TlsRequest
{
    /// <summary>0 SSL 3.0, 1 TLS 1.0, 2 TLS 1.1, 3 TLS 1.2, 4 all of them.</summary>
    public int Version { get; init; } = 4;

    /// <summary>TLS 1.3 belongs to "all of them".</summary>
    public bool OffersTls13 { get; init; }

    /// <summary>The server's certificate must be trusted.</summary>
    public bool VerifiesServer { get; init; }

    /// <summary>A trusted certificate must also name the host.</summary>
    public bool VerifiesHostName { get; init; }

    /// <summary>Certificates may be out of date.</summary>
    public bool IgnoresDates { get; init; }

    /// <summary>What time it is by the modem's own clock, which is wrong until somebody sets it.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How long the handshake may take.</summary>
    public required TimeSpan NegotiationTime { get; init; }

    /// <summary>The handshake names the host (SNI).</summary>
    public bool SendsServerName { get; init; }

    /// <summary>CA certificates that are trusted; null trusts those of this computer.</summary>
    public TlsFile? Authority { get; init; }

    /// <summary>The certificate to show, or null for none; its key comes with it.</summary>
    public TlsFile? ClientCertificate { get; init; }

    /// <summary>The private key of <see cref="ClientCertificate"/>.</summary>
    public TlsFile? ClientKey { get; init; }

    /// <summary>Password of the private key, or empty; never logged.</summary>
    public string KeyPassword { get; init; } = "";

    /// <summary>Cipher suites by their TLS numbers; empty leaves the choice to this computer.</summary>
    public IReadOnlyList<int> CipherSuites { get; init; } = [];

    /// <summary>Nothing that is secret.</summary>
    public override string ToString() => $"TLS version {Version}, {(VerifiesServer ? "server verified" : "server not verified")}";
}
