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

    /// <summary>AT+CTZU and AT+CTZR, which this group keeps as numbers only.</summary>
    public (int Update, int Report) TimeZone { get; set; }

    /// <summary>AT+CATR.</summary>
    public int UrcPort { get; set; }

    /// <summary>AT+CNSMOD=n.</summary>
    public int SystemModeReport { get; set; }
}
