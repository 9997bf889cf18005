using System.Text;
using Sim7600.Emulator.Network;

namespace Sim7600.Emulator.Families;

/// <summary>One of the two sessions of the CCH commands. On the modem's loop, except the pump.</summary>
internal sealed class CchSession(CchService service, VirtualModem modem, int number)
{
    private const int LargestPiece = 1500;
    private readonly List<byte> _received = [];
    private CancellationTokenSource? _open;
    private Stream? _stream;

    public int Number { get; } = number;

    /// <summary>The certificate context that AT+CCHSSLCFG chose; the session's own number from the start.</summary>
    public int SslContext { get; set; } = number;

    /// <summary>AT+CCHCFG "sendtimeout" in seconds.</summary>
    public int SendTimeout { get; set; } = 150;

    public bool IsInUse => _open is not null;

    public bool IsOpen => _stream is not null;

    /// <summary>Bytes that wait for AT+CCHRECV.</summary>
    public int Waiting => _received.Count;

    public void Connect(string host, int port)
    {
        var open = new CancellationTokenSource();
        _open = open;
        _received.Clear();
        INetworkDialer dialer = modem.Dialer;
        CancellationToken closed = open.Token;
        modem.RunBeside(
            token => dialer.ConnectAsync(host, port, 0, token),
            (connection, error) =>
            {
                if (!ReferenceEquals(_open, open))
                {
                    connection?.Stream.Dispose();
                    return;
                }

                if (error is not null)
                {
                    _open = null;
                    modem.WriteUrc($"+CCHOPEN: {Number},{CchService.CodeOf(error)}");
                    return;
                }

                _stream = connection!.Stream;
                modem.WriteUrc($"+CCHOPEN: {Number},0");
                Pump(_stream, closed);
            },
            connection => connection.Stream.Dispose(),
            closed);
    }

    public void Send(byte[] bytes)
    {
        if (_stream is not { } stream)
        {
            modem.WriteUrc($"+CCHSEND: {Number},{CchService.PeerClosed}");
            return;
        }

        modem.RunBeside(
            async token =>
            {
                await stream.WriteAsync(bytes, token).ConfigureAwait(false);
                return true;
            },
            (_, error) =>
            {
                if (modem.Settings.Cch.ReportsSends)
                {
                    modem.WriteUrc($"+CCHSEND: {Number},{(error is null ? 0 : CchService.TransferFailed)}");
                }
            },
            cancellationToken: _open!.Token);
    }

    public byte[] Take(int most)
    {
        byte[] bytes = [.. _received.Take(most)];
        _received.RemoveRange(0, bytes.Length);
        return bytes;
    }

    public void Close()
    {
        _open?.Cancel();
        _open = null;
        _stream?.Dispose();
        _stream = null;
        SslContext = Number;
    }

    private void Arrived(byte[] bytes)
    {
        if (modem.Settings.Cch.ReceivesByHand)
        {
            bool wasEmpty = _received.Count == 0;
            _received.AddRange(bytes);
            if (wasEmpty)
            {
                modem.WriteUrc($"+CCHEVENT: {Number},RECV EVENT");
            }
        }
        else
        {
            modem.WriteUrc([.. Encoding.ASCII.GetBytes($"\r\n+CCHRECV: DATA,{Number},{bytes.Length}\r\n"), .. bytes, (byte)'\r', (byte)'\n']);
        }
    }

    private void Pump(Stream stream, CancellationToken closed) => _ = Task.Run(
        async () =>
        {
            byte[] buffer = new byte[LargestPiece];
            int count = 1;
            while (count > 0)
            {
                try
                {
                    count = await stream.ReadAsync(buffer, closed).ConfigureAwait(false);
                }
                catch (Exception)
                {
                    count = 0; // a connection that breaks ends as one that the peer closes
                }

                byte[] bytes = buffer[..count];
                modem.Post(() =>
                {
                    if (closed.IsCancellationRequested)
                    {
                        return;
                    }

                    if (bytes.Length > 0)
                    {
                        Arrived(bytes);
                    }
                    else
                    {
                        Close();
                        service.PeerClosedSession(this);
                    }
                });
            }
        },
        CancellationToken.None);
}
