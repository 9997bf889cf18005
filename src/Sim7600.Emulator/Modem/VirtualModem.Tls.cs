using Sim7600.Emulator.Modem;
using Sim7600.Protocol;

namespace Sim7600.Emulator;

/// <summary>What the modem keeps for TLS: certificate files, which are flash, and SSL contexts, which a reset clears.</summary>
public sealed partial class VirtualModem
{
    internal CertificateStore Certificates { get; } = new();

    internal FileStore Files { get; } = new();

    /// <summary>The contexts of AT+CSSLCFG; no real session shows them outliving a reset (inferred).</summary>
    internal IReadOnlyList<SslContext> SslContexts { get; private set; } = NewSslContexts();

    private void ResetSslContexts() => SslContexts = NewSslContexts();

    private static SslContext[] NewSslContexts() => [.. Enumerable.Range(0, CmqttLimits.SslContexts).Select(_ => new SslContext())];
}
