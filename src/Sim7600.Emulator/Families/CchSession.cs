using System.Diagnostics.CodeAnalysis;
using System.Text;
using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Network;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>One of the two sessions of the CCH commands. On the modem's loop, except the pump.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Each source is cancelled with its session and holds no handle.")]
internal sealed class CchSession(CchService service, VirtualModem modem, int number)
{
    /// <summary>AT+CCHCFG "sendtimeout" of a session that was not configured, in seconds.</summary>
    private const int FactorySendTimeout = 150;

    private const int LargestPiece = 1500;

    /// <summary>How long opening may take besides the handshake: the longest time that the manual gives a CCH command.</summary>
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(120);

    private readonly ReceiveBuffer _received = new(modem);
    private CancellationTokenSource? _open;
    private SendsUnderWay _sends = new();
    private Task _sending = Task.CompletedTask;
    private Stream? _stream;

    public int Number { get; } = number;

    /// <summary>The certificate context that AT+CCHSSLCFG chose; the session's own number from the start.</summary>
    public int SslContext { get; set; } = number;

    /// <summary>AT+CCHCFG "sendtimeout" in seconds.</summary>
    public int SendTimeout { get; set; } = FactorySendTimeout;

    public bool IsInUse => _open is not null;

    public bool IsOpen => _stream is not null;

    /// <summary>Bytes that wait for AT+CCHRECV; they survive the end of the session.</summary>
    public int Waiting => _received.Count;

    /// <summary>Opens the session; <c>+CCHOPEN: s,err</c> comes when it is known.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="localPort">The port to call from; 0 is any.</param>
    /// <param name="tls">How to protect it; null for plain TCP.</param>
    public void Connect(string host, int port, int localPort, TlsRequest? tls)
    {
        var open = new CancellationTokenSource();
        _open = open;
        _received.Clear();
        _sending = Task.CompletedTask;
        _sends = new SendsUnderWay();
        CancellationToken closed = open.Token;
        bool timedOut = false;
        var timeout = CancellationTokenSource.CreateLinkedTokenSource(closed);
        IDisposable limit = modem.After(OpenLimit + (tls?.NegotiationTime ?? TimeSpan.Zero), () =>
        {
            timedOut = true;
            timeout.Cancel();
        });
        INetworkDialer dialer = modem.Dialer;
        TimeProvider time = modem.Options.TimeProvider;
        modem.RunBeside(
            async token =>
            {
                DialedConnection plain = await dialer.ConnectAsync(host, port, localPort, token).ConfigureAwait(false);
                return tls is null ? plain : await dialer.SecureAsync(plain, tls, host, time, token).ConfigureAwait(false);
            },
            (connection, error) =>
            {
                limit.Dispose();
                timeout.Dispose();
                if (!ReferenceEquals(_open, open))
                {
                    connection?.Stream.Dispose();
                    return;
                }

                if (error is not null)
                {
                    Fail(timedOut ? CchResultCode.Timeout : CchService.CodeOf(error), host, port, error.Message);
                    return;
                }

                _stream = connection!.Stream;
                modem.WriteUrc($"+CCHOPEN: {Number},0");
                Pump(_stream, _sends, closed);
            },
            connection => connection.Stream.Dispose(),
            timeout.Token);
    }

    /// <summary>Ends an attempt to open the session, before or after dialling.</summary>
    public void Fail(CchResultCode code, string host, int port, string reason)
    {
        CchLog.NotOpened(modem.Log, Number, host, port, code, reason);
        Close();
        modem.WriteUrc($"+CCHOPEN: {Number},{(int)code}");
    }

    /// <summary>Sends bytes; <c>+CCHSEND: s,err</c> comes when they are on their way and the host wants to know.</summary>
    public void Send(byte[] bytes)
    {
        if (_stream is not { } stream || _open is not { } open)
        {
            Report(CchResultCode.ClosedByPeer);
            return;
        }

        SendsUnderWay sends = _sends;
        sends.Begin();
        IDisposable limit = modem.After(TimeSpan.FromSeconds(SendTimeout), () =>
        {
            if (ReferenceEquals(_open, open))
            {
                Report(CchResultCode.SendTimeout);
                Lose(CchResultCode.SendTimeout);
            }
        });
        CancellationToken closed = open.Token;
        Task writing = _sending = WriteBehindAsync(_sending, stream, bytes, closed);
        modem.RunBeside(
            async _ =>
            {
                await writing.ConfigureAwait(false);
                return true;
            },
            (_, error) =>
            {
                limit.Dispose();
                if (ReferenceEquals(_open, open))
                {
                    Report(error is null ? CchResultCode.Success : CchResultCode.TransferFailed);
                }

                sends.Done();
            },
            cancellationToken: closed);
    }

    public byte[] Take(int most) => _received.Take(most);

    /// <summary>Ends the session. What AT+CCHCFG and AT+CCHSSLCFG chose is forgotten; bytes that were not read yet stay.</summary>
    public void Close()
    {
        _open?.Cancel();
        _open = null;
        _stream?.Dispose();
        _stream = null;
        _received.LetGo();
        SslContext = Number;
        SendTimeout = FactorySendTimeout;
    }

    private static async Task WriteBehindAsync(Task before, Stream stream, byte[] bytes, CancellationToken closed)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stream.WriteAsync(bytes, closed).ConfigureAwait(false);
    }

    private void Report(CchResultCode code)
    {
        if (modem.Settings.Cch.ReportsSends)
        {
            modem.WriteUrc($"+CCHSEND: {Number},{(int)code}");
        }
    }

    private void Lose(CchResultCode code)
    {
        Close();
        modem.WriteUrc($"+CCH_RECV_CLOSED: {Number},{(int)code}");
    }

    private void Arrived(byte[] bytes)
    {
        if (modem.Settings.Cch.ReceivesByHand)
        {
            bool wasEmpty = _received.Count == 0;
            _received.Add(bytes);
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

    private void Pump(Stream stream, SendsUnderWay sends, CancellationToken closed) => _ = Task.Run(
        async () =>
        {
            byte[] buffer = new byte[LargestPiece];
            try
            {
                while (await stream.ReadAsync(buffer, closed).ConfigureAwait(false) is > 0 and int count)
                {
                    byte[] bytes = buffer[..count];
                    await _received.HandOverAsync(() => Arrived(bytes), closed).ConfigureAwait(false);
                }
            }
            catch (Exception)
            {
                // A connection that breaks ends as one that the peer closes.
            }

            _received.Tell(() => sends.PeerEnded(EndedByPeer, closed), closed);
        },
        CancellationToken.None);

    private void EndedByPeer()
    {
        Close();
        service.PeerClosedSession(this);
    }
}
