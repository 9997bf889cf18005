using System.Net.Security;
using Sim7600.Emulator.Broker;

namespace Sim7600.Emulator.Network;

/// <summary>A TLS stream that closes the certificates which its handshake used, once it is closed itself.</summary>
internal sealed class SecuredStream : SslStream
{
    private readonly TlsMaterial _material;

    private SecuredStream(Stream inner, TlsMaterial material)
        : base(inner) => _material = material;

    /// <summary>Does the handshake over an open connection.</summary>
    /// <param name="plain">The connection; it is closed when this fails.</param>
    /// <param name="request">How it is to be protected.</param>
    /// <param name="host">The host, for SNI, and what the certificate must name.</param>
    /// <param name="time">The modem's clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnusableFileException">A certificate or key file is not what it should be.</exception>
    /// <exception cref="TlsHandshakeException">The handshake failed.</exception>
    public static async Task<Stream> SecureAsync(Stream plain, TlsRequest request, string host, TimeProvider time, CancellationToken cancellationToken)
    {
        TlsMaterial material;
        try
        {
            material = TlsMaterial.Load(request);
        }
        catch
        {
            await plain.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var dialer = new TlsDialer(request, material, host, time, announce: null);
        try
        {
            return await dialer.SecureAsync(new SecuredStream(plain, material), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (dialer.Failure is not null)
        {
            throw new TlsHandshakeException(dialer.Failure, error);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _material.Dispose();
    }
}
