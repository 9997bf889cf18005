using System.Globalization;

namespace Sim7600.Emulator.Modem;

/// <summary>One of the ten SSL contexts, as <c>AT+CSSLCFG</c> sets it; the values here are those after a reset.</summary>
internal sealed class SslContext
{
    /// <summary>0 SSL 3.0, 1 TLS 1.0, 2 TLS 1.1, 3 TLS 1.2, 4 all of them.</summary>
    public int Version { get; set; } = 4;

    /// <summary>0 nobody proves anything, 1 the server does, 2 both do, 3 the client does.</summary>
    public int AuthenticationMode { get; set; }

    /// <summary>True when certificates may be out of date.</summary>
    public bool IgnoresLocalTime { get; set; } = true;

    /// <summary>Seconds that a handshake may take.</summary>
    public int NegotiationSeconds { get; set; } = 300;

    /// <summary>File of the CA certificates, or empty.</summary>
    public string Authority { get; set; } = "";

    /// <summary>File of the client's certificate, or empty.</summary>
    public string ClientCertificate { get; set; } = "";

    /// <summary>File of the client's private key, or empty.</summary>
    public string ClientKey { get; set; } = "";

    /// <summary>True when the handshake names the host (SNI).</summary>
    public bool SendsServerName { get; set; }

    /// <summary>Password of the private key, or empty; never logged.</summary>
    public string KeyPassword { get; set; } = "";

    /// <summary>Cipher suites by their TLS numbers, as the host wrote them; 0 and 0xFFFF stand for all.</summary>
    public IReadOnlyList<int> CipherSuites { get; set; } = [0];

    /// <summary>True when the modem verifies the server.</summary>
    public bool VerifiesServer => AuthenticationMode is 1 or 2;

    /// <summary>True when the modem shows a certificate of its own.</summary>
    public bool ShowsCertificate => AuthenticationMode is 2 or 3;

    /// <summary>The context as the read form shows it, behind its number (real session of SIM7600G-H).</summary>
    /// <param name="withNewerKeys">False for firmware that knows neither <c>enableSNI</c> nor what came with it.</param>
    public string Show(bool withNewerKeys)
    {
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{Version},{AuthenticationMode},{(IgnoresLocalTime ? 1 : 0)},{NegotiationSeconds},\"{Authority}\",\"{ClientCertificate}\",\"{ClientKey}\"");
        return withNewerKeys
            ? $"{line},{(SendsServerName ? 1 : 0)},\"{KeyPassword}\",{string.Join(',', CipherSuites.Select(suite => $"0x{suite:X}"))}"
            : line;
    }
}
