using System.Text;

namespace Sim7600.Emulator.Families;

/// <summary>One of the two sessions of the CCH commands. On the modem's loop.</summary>
internal sealed class CchSession
{
    private readonly VirtualModem _modem;
    private readonly SecureLink _link;
    private readonly List<byte> _received = [];

    public CchSession(CchService service, VirtualModem modem, int number)
    {
        _modem = modem;
        Number = number;
        SslContext = number;
        _link = new SecureLink(modem, Arrived, () =>
        {
            Close();
            service.PeerClosedSession(this);
        });
    }

    public int Number { get; }

    /// <summary>The certificate context that AT+CCHSSLCFG chose; the session's own number from the start.</summary>
    public int SslContext { get; set; }

    /// <summary>AT+CCHCFG "sendtimeout" in seconds.</summary>
    public int SendTimeout { get; set; } = 150;

    public bool IsInUse => _link.IsInUse;

    public bool IsOpen => _link.IsOpen;

    /// <summary>Bytes that wait for AT+CCHRECV.</summary>
    public int Waiting => _received.Count;

    public void Connect(string host, int port, bool isSecure)
    {
        _received.Clear();
        _link.Open(host, port, isSecure ? SslContext : null, code => _modem.WriteUrc($"+CCHOPEN: {Number},{code}"));
    }

    public void Send(byte[] bytes)
    {
        bool isOpen = IsOpen;
        _link.Send(bytes, code =>
        {
            if (_modem.Settings.Cch.ReportsSends || !isOpen)
            {
                _modem.WriteUrc($"+CCHSEND: {Number},{code}");
            }
        });
    }

    public byte[] Take(int most)
    {
        byte[] bytes = [.. _received.Take(most)];
        _received.RemoveRange(0, bytes.Length);
        return bytes;
    }

    public void Close()
    {
        _link.Close();
        SslContext = Number;
    }

    private void Arrived(byte[] bytes)
    {
        if (_modem.Settings.Cch.ReceivesByHand)
        {
            bool wasEmpty = _received.Count == 0;
            _received.AddRange(bytes);
            if (wasEmpty)
            {
                _modem.WriteUrc($"+CCHEVENT: {Number},RECV EVENT");
            }
        }
        else
        {
            _modem.WriteUrc([.. Encoding.ASCII.GetBytes($"\r\n+CCHRECV: DATA,{Number},{bytes.Length}\r\n"), .. bytes, (byte)'\r', (byte)'\n']);
        }
    }
}
