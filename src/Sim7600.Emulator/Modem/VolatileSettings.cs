namespace Sim7600.Emulator.Modem;

/// <summary>Settings that a reset puts back to their default.</summary>
internal sealed class VolatileSettings
{
    /// <summary>AT+CREG=n.</summary>
    public int Creg { get; set; }

    /// <summary>AT+CGREG=n.</summary>
    public int Cgreg { get; set; }

    /// <summary>AT+CEREG=n.</summary>
    public int Cereg { get; set; }

    /// <summary>AT+COPS mode: 0 automatic, 1 manual, 2 deregistered.</summary>
    public int OperatorMode { get; set; }

    /// <summary>AT+COPS format: 0 long, 1 short, 2 numeric.</summary>
    public int OperatorFormat { get; set; }

    /// <summary>AT+CSCS.</summary>
    public string CharacterSet { get; set; } = "IRA";

    /// <summary>AT+IPR.</summary>
    public int BaudRate { get; set; } = 115200;

    /// <summary>AT+CGEREP mode and buffer.</summary>
    public (int Mode, int Buffer) PacketEvents { get; set; }

    /// <summary>AT+CTZR: report the network's time zone.</summary>
    public int TimeZoneReport { get; set; }

    /// <summary>AT+CATR.</summary>
    public int UrcPort { get; set; }

    /// <summary>AT+CNSMOD=n.</summary>
    public int SystemModeReport { get; set; }

    /// <summary>AT+AUTOCSQ: on, and 0 every five seconds or 1 on change.</summary>
    public (int On, int Mode) SignalReport { get; set; }

    /// <summary>AT+CSQDELTA: the change that is worth a report.</summary>
    public int SignalDelta { get; set; } = 5;

    /// <summary>AT+CPSI=n: seconds between reports, 0 for none.</summary>
    public int SystemInformationReport { get; set; }

    /// <summary>AT+CSCLK.</summary>
    public int SlowClock { get; set; }

    /// <summary>AT+CFGRI: the ring line for URCs, with the length of its pulse for a URC and for an SMS in milliseconds.</summary>
    public (int On, int Urc, int Sms) RingLine { get; set; } = (0, 60, 120);

    /// <summary>AT+CUARTRM.</summary>
    public int UartPower { get; set; }

    /// <summary>AT+CMTE.</summary>
    public int TemperatureAlarm { get; set; }

    /// <summary>AT+CVALARM: on, low and high limit in millivolts.</summary>
    public (int On, int Low, int High) VoltageAlarm { get; set; } = (0, 3300, 4300);

    /// <summary>AT+CPMVT: on, low and high limit in millivolts, outside of which the module powers down.</summary>
    public (int On, int Low, int High) VoltagePowerDown { get; set; } = (0, 3200, 4300);

    /// <summary>AT+CNTP: server and time zone in quarters of an hour.</summary>
    public (string Host, int TimeZone) TimeServer { get; set; } = ("", 0);

    /// <summary>AT+CHTPSERV: servers for the time over HTTP.</summary>
    public SortedDictionary<int, (string Host, int Port, int Version)> WebTimeServers { get; } = [];

    /// <summary>The TCP/IP commands.</summary>
    public SocketSettings Sockets { get; } = new();

    /// <summary>The CCH commands.</summary>
    public CchSettings Cch { get; } = new();

    /// <summary>The SMS commands.</summary>
    public MessageSettings Messages { get; } = new();

    /// <summary>The GNSS commands, by name, as they were set.</summary>
    public Dictionary<string, int[]> Gnss { get; } = [];

    /// <summary>The call commands, by name, as they were set.</summary>
    public Dictionary<string, int[]> Calls { get; } = [];
}
