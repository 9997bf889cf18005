using System.Net;

namespace Sim7600.Emulator.Network;

/// <summary>An open UDP socket.</summary>
internal interface IDatagramSocket : IDisposable
{
    /// <summary>Sends one datagram.</summary>
    Task SendAsync(byte[] datagram, IPEndPoint to, CancellationToken cancellationToken);

    /// <summary>Waits for the next datagram.</summary>
    Task<(byte[] Datagram, IPEndPoint From)> ReceiveAsync(CancellationToken cancellationToken);
}
