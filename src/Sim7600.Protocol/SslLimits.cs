namespace Sim7600.Protocol;

/// <summary>
/// Lengths and ranges of SSL contexts (AT+CSSLCFG) and certificate files (AT+CCERTDOWN). Lengths are bytes, times are seconds. Source:
/// SIM7500_SIM7600 AT command manual V3.00, chapter 10.
/// </summary>
public static class SslLimits
{
    /// <summary>SSL contexts, 0..9.</summary>
    public const int Contexts = 10;

    /// <summary>Shortest name of a certificate file, its ending <c>.pem</c> or <c>.der</c> included.</summary>
    public const int FileNameMinimum = 5;

    /// <summary>Longest name of a certificate file.</summary>
    public const int FileName = 128;

    /// <summary>Longest certificate file, 1..10240 bytes.</summary>
    public const int File = 10240;

    /// <summary>Shortest time for the TLS handshake.</summary>
    public const int NegotiationMinimum = 10;

    /// <summary>Longest time for the TLS handshake, and what an untouched context has.</summary>
    public const int Negotiation = 300;

    /// <summary>Password of an encrypted key, 0..128 bytes.</summary>
    public const int KeyPassword = 128;
}
