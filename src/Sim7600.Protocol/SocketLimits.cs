namespace Sim7600.Protocol;

/// <summary>Ranges of the TCP/IP links and of the CCH (TLS) sessions. Source: AT command manual V3.00, chapters 10 and 11.</summary>
public static class SocketLimits
{
    /// <summary>Links of AT+CIPOPEN, numbered from 0.</summary>
    public const int Links = 10;

    /// <summary>Most bytes of one AT+CIPSEND.</summary>
    public const int Send = 1500;

    /// <summary>Most bytes that one AT+CIPRXGET=2 takes.</summary>
    public const int Fetch = 1500;

    /// <summary>Sessions of AT+CCHOPEN, numbered from 0.</summary>
    public const int CchSessions = 2;

    /// <summary>Most bytes of one AT+CCHSEND.</summary>
    public const int CchSend = 2048;

    /// <summary>Most bytes that one AT+CCHRECV takes.</summary>
    public const int CchFetch = 2048;

    /// <summary>Longest host name or address of AT+CCHOPEN and AT+CIPOPEN.</summary>
    public const int Host = 256;
}
