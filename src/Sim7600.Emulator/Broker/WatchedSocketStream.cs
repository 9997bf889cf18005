using System.Net.Sockets;

namespace Sim7600.Emulator.Broker;

/// <summary>The stream of a socket that remembers a reset: MQTTnet tells RST and FIN as the same end, the modem does not.</summary>
/// <param name="socket">The connected socket; it belongs to the stream.</param>
/// <param name="reset">Called when the peer has reset the connection, before the reader or writer learns of it.</param>
internal sealed class WatchedSocketStream(Socket socket, Action? reset) : NetworkStream(socket, ownsSocket: true)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            Look(error);
            throw;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await base.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            Look(error);
            throw;
        }
    }

    private void Look(IOException error)
    {
        if (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            reset?.Invoke();
        }
    }
}
