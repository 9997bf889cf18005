namespace Sim7600.Emulator.Modem;

/// <summary>Settings of the SMS commands with their defaults (AT command manual V3.00, chapter 9).</summary>
internal sealed class MessageSettings
{
    /// <summary>AT+CMGF: text instead of PDUs.</summary>
    public bool IsTextMode { get; set; }

    /// <summary>AT+CSMS.</summary>
    public int Service { get; set; }

    /// <summary>AT+CPMS: to read and delete, to write and send, to receive.</summary>
    public string[] Memories { get; set; } = ["SM", "SM", "SM"];

    /// <summary>AT+CNMI: mode, mt, bm, ds, bfr.</summary>
    public int[] Indications { get; set; } = [2, 1, 0, 0, 0];

    /// <summary>AT+CSMP: first octet, validity, protocol, coding.</summary>
    public int[] Parameters { get; set; } = [17, 167, 0, 0];

    /// <summary>AT+CSDH: all header values are shown.</summary>
    public bool ShowsDetails { get; set; }

    /// <summary>AT+CGSMS: which domain carries messages.</summary>
    public int Domain { get; set; } = 1;
}
