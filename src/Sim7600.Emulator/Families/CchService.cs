using System.Net.Sockets;
using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Network;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>The service behind the CCH commands with its two sessions. On the modem's loop.</summary>
internal sealed class CchService : INetworkService
{
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
        foreach (CchSession session in Sessions.Where(session => session.IsInUse))
        {
            bool wasOpen = session.IsOpen;
            session.Close();
            if (wasOpen)
            {
                PeerClosedSession(session);
            }
            else
            {
                _modem.WriteUrc($"+CCHOPEN: {session.Number},{(int)CchResultCode.NoNetwork}");
            }
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

    /// <summary>The number that the modem shows for what went wrong.</summary>
    internal static CchResultCode CodeOf(Exception error) => error switch
    {
        UnusableFileException => CchResultCode.OpenSessionFailed,
        TlsHandshakeException => CchResultCode.HandshakeFailed,
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery } => CchResultCode.DnsFailed,
        SocketException { SocketErrorCode: SocketError.TimedOut } => CchResultCode.Timeout,
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied } => CchResultCode.CreateSocketFailed,
        _ => CchResultCode.ConnectFailed,
    };
}
