namespace Sim7600.Emulator.Modem;

/// <summary>Settings of the command line that <c>AT&amp;W</c> saves, with their factory values (<c>core.md</c> 19).</summary>
internal sealed record LineSettings
{
    /// <summary>ATE.</summary>
    public bool Echo { get; set; } = true;

    /// <summary>ATQ1: final results are not shown.</summary>
    public bool Quiet { get; set; }

    /// <summary>ATV1: words.</summary>
    public bool Verbose { get; set; } = true;

    /// <summary>ATX.</summary>
    public int ConnectDetail { get; set; } = 4;

    /// <summary>AT&amp;C.</summary>
    public int CarrierDetect { get; set; } = 1;

    /// <summary>AT&amp;D.</summary>
    public int TerminalReady { get; set; } = 1;

    /// <summary>AT&amp;S.</summary>
    public int DataSetReady { get; set; }

    /// <summary>AT+CMEE; 2 on real units whatever the manual says.</summary>
    public int MobileErrors { get; set; } = 2;

    /// <summary>AT+IFC: flow control of the modem and of the host.</summary>
    public (int Dce, int Dte) FlowControl { get; set; }

    /// <summary>AT+ICF: framing and parity.</summary>
    public (int Format, int Parity) Framing { get; set; } = (3, 3);

    /// <summary>S-registers that have no field of their own.</summary>
    public Dictionary<int, int> Registers { get; init; } = new()
    {
        [0] = 0,
        [2] = 43,
        [3] = 13,
        [4] = 10,
        [5] = 8,
        [6] = 2,
        [7] = 0,
        [8] = 2,
        [9] = 6,
        [10] = 15,
        [11] = 95,
        [12] = 50,
    };

    /// <summary>A copy that does not share the registers.</summary>
    public LineSettings Copy() => this with { Registers = new Dictionary<int, int>(Registers) };
}
