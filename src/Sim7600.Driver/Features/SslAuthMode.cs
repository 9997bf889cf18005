namespace Sim7600.Driver.Features;

/// <summary>Who has to show a certificate in a handshake (<c>authmode</c>, <c>core.md</c> 10.1).</summary>
public enum SslAuthMode
{
    /// <summary>Nobody: encrypted, but with whomever. The modem's default.</summary>
    None = 0,

    /// <summary>The server; needs <c>cacert</c>.</summary>
    Server = 1,

    /// <summary>Both; needs <c>cacert</c>, <c>clientcert</c> and <c>clientkey</c>.</summary>
    Mutual = 2,

    /// <summary>The client only; needs <c>clientcert</c> and <c>clientkey</c>.</summary>
    ClientOnly = 3,
}
