namespace Sim7600.Emulator.Modem;

/// <summary>Settings of the TCP/IP commands with their defaults (AT command manual V3.00, chapter 11).</summary>
internal sealed class SocketSettings
{
    /// <summary>AT+CIPMODE: 1 is the transparent mode.</summary>
    public int TransparentMode { get; set; }

    /// <summary>AT+CIPSENDMODE: 1 confirms a send when the peer has acknowledged it.</summary>
    public int SendMode { get; set; }

    /// <summary>AT+CIPRXGET: 0 pushes what arrives, 1 keeps it until it is asked for.</summary>
    public int ReceiveMode { get; set; }

    /// <summary>AT+CIPHEAD: whether a line with the length stands before pushed data.</summary>
    public int ShowsLength { get; set; } = 1;

    /// <summary>AT+CIPSRIP: whether a line with the sender stands before pushed data.</summary>
    public int ShowsSender { get; set; } = 1;

    /// <summary>AT+CIPCCFG: retries, delay, acknowledgement, words or numbers of errors, header form, asynchronous sends, timeout in ms.</summary>
    public int[] Configuration { get; set; } = [10, 0, 0, 1, 0, 0, 500];

    /// <summary>AT+CIPTIMEOUT: of NETOPEN, of CIPOPEN and of CIPSEND in ms.</summary>
    public int[] Timeouts { get; set; } = [120000, 120000, 120000];

    /// <summary>True when <c>+IP ERROR</c> shows words.</summary>
    public bool ShowsErrorWords => Configuration[3] == 1;

    /// <summary>True when pushed data is headed by <c>+RECEIVE</c>.</summary>
    public bool UsesReceiveHeader => Configuration[4] == 1;

    /// <summary>AT+CIPDNSSET: retries, timeout in ms, and the last one as the manual has it.</summary>
    public int[] NameLookUp { get; set; } = [3, 30000, 7];
}
