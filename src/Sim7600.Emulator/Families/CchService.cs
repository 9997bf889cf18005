using System.Net.Sockets;
using System.Security.Authentication;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Families;

/// <summary>The service behind the CCH commands with its two sessions. On the modem's loop.</summary>
internal sealed class CchService : INetworkService
{
    /// <summary>Codes of the CCH commands (AT command manual V3.00, chapter 10).</summary>
    public const int PeerClosed = 4;

    /// <summary>Sending or receiving failed.</summary>
    public const int TransferFailed = 6;

    /// <summary>The TLS handshake failed.</summary>
    public const int HandshakeFailed = 15;

    /// <summary>The far end did not answer in time.</summary>
    public const int Timeout = 5;

    /// <summary>The name has no address.</summary>
    public const int DnsFailed = 13;

    /// <summary>No connection.</summary>
    public const int ConnectFailed = 14;

    private readonly VirtualModem _modem;

    public CchService(VirtualModem modem)
    {
        _modem = modem;
        Sessions = [new CchSession(this, modem, 0), new CchSession(this, modem, 1)];
    }

    public bool IsStarted { get; set; }

    public IReadOnlyList<CchSession> Sessions { get; }

    public void PeerClosedSession(CchSession session) => _modem.WriteUrc($"+CCH_PEER_CLOSED: {session.Number}");

    /// <inheritdoc/>
    public void NetworkLost()
    {
        foreach (CchSession session in Sessions.Where(session => session.IsOpen))
        {
            session.Close();
            PeerClosedSession(session);
        }

        Abort();
    }

    /// <inheritdoc/>
    public void Abort()
    {
        IsStarted = false;
        foreach (CchSession session in Sessions)
        {
            session.Close();
        }
    }

    internal static int CodeOf(Exception error) => error is AuthenticationException ? HandshakeFailed : (error as SocketException)?.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => DnsFailed,
        SocketError.TimedOut => Timeout,
        _ => ConnectFailed,
    };
}
