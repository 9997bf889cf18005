using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Network;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>The modem's TCP/IP service with its ten links. All members are called on the modem's loop.</summary>
internal sealed class SocketService : INetworkService
{
    /// <summary>Links, numbered from 0.</summary>
    public const int LinkCount = 10;

    private readonly VirtualModem _modem;

    public SocketService(VirtualModem modem)
    {
        _modem = modem;
        Links = [.. Enumerable.Range(0, LinkCount).Select(number => new SocketLink(this, modem, number))];
    }

    public IReadOnlyList<SocketLink> Links { get; }

    /// <summary>True when AT+NETOPEN ends with <c>+NETOPEN: 1</c>, as some units show it; a start state may set it.</summary>
    public bool FailsToOpen { get; set; }

    /// <summary>True when packets can reach the network.</summary>
    public bool HasBearer =>
        _modem.IsAttached && !_modem.Network.RefusesPacketData && _modem.Packet.Contexts.ContainsKey(PacketData.DataContext);

    public bool IsNetworkOpen
    {
        get => _modem.Packet.NetworkServiceOpen;
        set => _modem.Packet.NetworkServiceOpen = value;
    }

    private SocketSettings Settings => _modem.Settings.Sockets;

    /// <summary>AT+NETCLOSE: all links end without a line of their own (inferred).</summary>
    public void Close()
    {
        IsNetworkOpen = false;
        CloseLinks();
    }

    public void NetworkLost()
    {
        if (IsNetworkOpen)
        {
            Close();
            _modem.WriteUrc("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY");
        }
    }

    public void Abort()
    {
        IsNetworkOpen = false;
        CloseLinks();
    }

    /// <summary>Opens a TCP link; <c>+CIPOPEN: n,err</c> comes when it is known.</summary>
    public void Connect(SocketLink link, string host, int port, int localPort)
    {
        link.BeginConnecting();
        CancellationToken closed = link.Closed;
        bool timedOut = false;
        var timeout = CancellationTokenSource.CreateLinkedTokenSource(closed);
        IDisposable limit = _modem.After(TimeSpan.FromMilliseconds(Settings.Timeouts[1]), () =>
        {
            timedOut = true;
            timeout.Cancel();
        });
        INetworkDialer dialer = _modem.Dialer;
        _modem.RunBeside(
            token => dialer.ConnectAsync(host, port, localPort, token),
            (connection, error) =>
            {
                limit.Dispose();
                timeout.Dispose();
                if (closed.IsCancellationRequested)
                {
                    connection?.Stream.Dispose();
                }
                else if (error is null)
                {
                    _modem.WriteUrc($"+CIPOPEN: {link.Number},0");
                    link.Connected(connection!);
                }
                else
                {
                    link.Close();
                    SocketResultCode code = timedOut ? SocketResultCode.Timeout : CodeOf(error);
                    _modem.WriteUrc($"+CIPOPEN: {link.Number},{(int)code}");
                }
            },
            connection => connection.Stream.Dispose(),
            timeout.Token);
    }

    /// <summary>Sends bytes; <c>+CIPSEND: n,asked,sent</c> comes when they are on their way.</summary>
    public void Send(SocketLink link, byte[] bytes, string? host, int port)
    {
        if (!link.IsOpen)
        {
            _modem.WriteUrc($"+CIPSEND: {link.Number},{bytes.Length},-1");
            return;
        }

        INetworkDialer dialer = _modem.Dialer;
        CancellationToken closed = link.Closed;
        SendsUnderWay sends = link.Sends;
        sends.Begin();
        IDisposable limit = _modem.After(TimeSpan.FromMilliseconds(Settings.Timeouts[2]), () => Lost(link, reason: 2));
        Task<bool>? writing = link.Kind == SocketLinkKind.Tcp ? link.SendAsync(bytes, to: null, closed) : null;
        _modem.RunBeside(
            async token =>
            {
                if (writing is not null)
                {
                    return await writing.ConfigureAwait(false);
                }

                IReadOnlyList<IPAddress> to = await dialer.ResolveAsync(host!, token).ConfigureAwait(false);
                return await link.SendAsync(bytes, new IPEndPoint(to[0], port), token).ConfigureAwait(false);
            },
            (done, _) =>
            {
                limit.Dispose();
                if (done)
                {
                    link.CountSent(bytes.Length);
                }

                _modem.WriteUrc($"+CIPSEND: {link.Number},{bytes.Length},{(done ? bytes.Length : -1)}");
                sends.Done();
            },
            cancellationToken: closed);
    }

    /// <summary>The peer ended a link.</summary>
    public void ClosedByPeer(SocketLink link) => Lost(link, reason: 1);

    /// <summary>Bytes came on a link: they are pushed to the host, or kept and announced once.</summary>
    public void Arrived(SocketLink link, byte[] bytes, IPEndPoint from)
    {
        if (Settings.ReceiveMode == 1)
        {
            link.Keep(bytes);
            if (!link.IsAnnounced)
            {
                link.IsAnnounced = true;
                _modem.WriteUrc($"+CIPRXGET: 1,{link.Number}");
            }

            return;
        }

        var head = new StringBuilder("\r\n");
        if (Settings.ShowsSender == 1)
        {
            head.Append(CultureInfo.InvariantCulture, $"RECV FROM:{from.Address}:{from.Port}\r\n");
        }

        if (Settings.UsesReceiveHeader)
        {
            head.Append(CultureInfo.InvariantCulture, $"+RECEIVE,{link.Number},{bytes.Length}\r\n");
        }
        else if (Settings.ShowsLength == 1)
        {
            head.Append(CultureInfo.InvariantCulture, $"+IPD{bytes.Length}\r\n");
        }

        _modem.WriteUrc([.. Encoding.ASCII.GetBytes(head.ToString()), .. bytes]);
    }

    /// <summary>The number that the modem shows for what went wrong in the network.</summary>
    internal static SocketResultCode CodeOf(Exception error) => (error as SocketException)?.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => SocketResultCode.DnsFailed,
        SocketError.TimedOut => SocketResultCode.Timeout,
        SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied => SocketResultCode.BindFailed,
        _ => SocketResultCode.NetworkFailure,
    };

    private void Lost(SocketLink link, int reason)
    {
        if (link.IsOpen)
        {
            link.Close();
            _modem.WriteUrc($"+IPCLOSE: {link.Number},{reason}");
        }
    }

    private void CloseLinks()
    {
        foreach (SocketLink link in Links)
        {
            link.Close();
        }
    }
}
