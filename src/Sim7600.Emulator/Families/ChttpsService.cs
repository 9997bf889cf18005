using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>The service behind the CHTTPS commands with its one session. On the modem's loop.</summary>
internal sealed class ChttpsService : INetworkService
{
    /// <summary>The context of AT+CSSLCFG that protects the session (inferred: these commands name none).</summary>
    private const int SslContext = 0;

    private readonly VirtualModem _modem;
    private readonly SecureLink _link;
    private readonly List<byte> _received = [];

    public ChttpsService(VirtualModem modem)
    {
        _modem = modem;
        _link = new SecureLink(modem, Arrived, () => modem.WriteUrc("+CHTTPSNOTIFY: PEER CLOSED"));
    }

    public bool IsStarted { get; set; }

    public bool IsInUse => _link.IsInUse;

    public bool IsOpen => _link.IsOpen;

    /// <summary>Code of what was sent last.</summary>
    public CchResultCode SendResult { get; private set; }

    /// <summary>Bytes that wait for AT+CHTTPSRECV; they survive the end of the session.</summary>
    public int Waiting => _received.Count;

    /// <summary>What AT+CHTTPSSTATE shows: 0 not started, 4 network open, 6 session being opened, 7 session open.</summary>
    public int State => !IsStarted ? 0 : IsOpen ? 7 : IsInUse ? 6 : 4;

    public void Open(string host, int port, bool isSecure)
    {
        _received.Clear();
        SendResult = CchResultCode.Success;
        _link.Open(host, port, isSecure ? SslContext : null, code => WriteResult("+CHTTPSOPSE", code));
    }

    public void Send(byte[] bytes) => _link.Send(bytes, code => SendResult = code);

    public byte[] Take(int most)
    {
        byte[] bytes = [.. _received.Take(most)];
        _received.RemoveRange(0, bytes.Length);
        return bytes;
    }

    public void Close() => _link.Close();

    /// <summary>A result line of this family.</summary>
    public void WriteResult(string name, CchResultCode code) => _modem.WriteUrc($"{name}:{(_modem.Profile.ChttpsResultHasBlank ? " " : "")}{(int)code}");

    /// <inheritdoc/>
    public void NetworkLost()
    {
        if (IsOpen)
        {
            _modem.WriteUrc("+CHTTPSNOTIFY: PEER CLOSED");
        }

        Abort();
    }

    /// <inheritdoc/>
    public void Abort()
    {
        IsStarted = false;
        _received.Clear();
        _link.Close();
    }

    private void Arrived(byte[] bytes)
    {
        bool wasEmpty = _received.Count == 0;
        _received.AddRange(bytes);
        if (wasEmpty)
        {
            _modem.WriteUrc("+CHTTPS: RECV EVENT");
        }
    }
}
