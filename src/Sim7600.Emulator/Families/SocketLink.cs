using System.Diagnostics.CodeAnalysis;
using System.Net;
using Sim7600.Emulator.Network;

namespace Sim7600.Emulator.Families;

/// <summary>One of the ten links of AT+CIPOPEN. All members are called on the modem's loop, except the two pumps.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Each source is cancelled with its link and holds no handle.")]
internal sealed class SocketLink(SocketService service, VirtualModem modem, int number)
{
    /// <summary>Pieces of pushed data are at most this long in logs of real units.</summary>
    private const int LargestPiece = 1460;

    private readonly ReceiveBuffer _received = new(modem);
    private CancellationTokenSource _closed = new();
    private Stream? _stream;
    private IDatagramSocket? _datagrams;
    private Task _sending = Task.CompletedTask;

    public int Number { get; } = number;

    public SocketLinkKind Kind { get; private set; }

    public bool IsOpen => Kind is SocketLinkKind.Tcp or SocketLinkKind.Udp;

    /// <summary>Whom a TCP link reached; null for UDP.</summary>
    public IPEndPoint? Remote { get; private set; }

    public long Sent { get; private set; }

    public long Received { get; private set; }

    /// <summary>Bytes that wait for AT+CIPRXGET; they survive the end of the link.</summary>
    public int Waiting => _received.Count;

    /// <summary>True once <c>+CIPRXGET: 1,n</c> was printed, until everything was read.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Ends with the link.</summary>
    public CancellationToken Closed => _closed.Token;

    public void BeginConnecting()
    {
        Forget();
        Kind = SocketLinkKind.Connecting;
    }

    public void Connected(DialedConnection connection)
    {
        Kind = SocketLinkKind.Tcp;
        Remote = connection.Remote;
        _stream = connection.Stream;
        Pump(connection.Stream, connection.Remote, Sends, _closed.Token);
    }

    public void Opened(IDatagramSocket datagrams)
    {
        Forget();
        Kind = SocketLinkKind.Udp;
        _datagrams = datagrams;
        Pump(datagrams, _closed.Token);
    }

    /// <summary>The sends of the present connection.</summary>
    public SendsUnderWay Sends { get; private set; } = new();

    /// <summary>Ends the link; bytes that were not read yet stay.</summary>
    public void Close()
    {
        Kind = SocketLinkKind.Closed;
        Remote = null;
        Sends = new SendsUnderWay();
        _closed.Cancel();
        _closed = new CancellationTokenSource();
        _stream?.Dispose();
        _stream = null;
        _datagrams?.Dispose();
        _datagrams = null;
        _received.LetGo();
    }

    /// <summary>Writes bytes in the order of the calls.</summary>
    public async Task<bool> SendAsync(byte[] bytes, IPEndPoint? to, CancellationToken cancellationToken)
    {
        Stream? stream = _stream;
        IDatagramSocket? datagrams = _datagrams;
        Task before = _sending;
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _sending = mine.Task;
        try
        {
            await before.ConfigureAwait(false);
            if (stream is not null)
            {
                await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            }
            else if (datagrams is not null && to is not null)
            {
                await datagrams.SendAsync(bytes, to, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                return false;
            }

            return true;
        }
        finally
        {
            mine.SetResult();
        }
    }

    public void CountSent(int bytes) => Sent += bytes;

    /// <summary>Takes bytes out of what waits.</summary>
    public byte[] Take(int most)
    {
        byte[] bytes = _received.Take(most);
        if (_received.Count == 0)
        {
            IsAnnounced = false;
        }


        return bytes;
    }

    public void Keep(byte[] bytes) => _received.Add(bytes);

    private void Forget()
    {
        Close();
        _received.Clear();
        IsAnnounced = false;
        Sent = 0;
        Received = 0;
    }

    private void Pump(Stream stream, IPEndPoint from, SendsUnderWay sends, CancellationToken closed) => _ = Task.Run(
        async () =>
        {
            byte[] buffer = new byte[LargestPiece];
            try
            {
                while (true)
                {
                    int count = await stream.ReadAsync(buffer, closed).ConfigureAwait(false);
                    if (count == 0)
                    {
                        break;
                    }

                    await HandOverAsync(buffer[..count], from, closed).ConfigureAwait(false);
                }
            }
            catch (Exception) when (!closed.IsCancellationRequested)
            {
                // A connection that breaks ends as one that the peer closes.
            }
            catch (Exception)
            {
                return;
            }

            _received.Tell(() => sends.PeerEnded(() => service.ClosedByPeer(this), closed), closed);
        },
        CancellationToken.None);

    private void Pump(IDatagramSocket datagrams, CancellationToken closed) => _ = Task.Run(
        async () =>
        {
            while (!closed.IsCancellationRequested)
            {
                try
                {
                    (byte[] datagram, IPEndPoint from) = await datagrams.ReceiveAsync(closed).ConfigureAwait(false);
                    await HandOverAsync(datagram, from, closed).ConfigureAwait(false);
                }
                catch (System.Net.Sockets.SocketException) when (!closed.IsCancellationRequested)
                {
                    // A refused datagram shows up at the next receive; UDP does not mind.
                }
                catch (Exception)
                {
                    return;
                }
            }
        },
        CancellationToken.None);

    private Task HandOverAsync(byte[] bytes, IPEndPoint from, CancellationToken closed) => _received.HandOverAsync(
        () =>
        {
            Received += bytes.Length;
            service.Arrived(this, bytes, from);
        },
        closed);
}
