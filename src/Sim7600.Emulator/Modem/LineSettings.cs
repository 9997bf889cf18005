namespace Sim7600.Emulator.Modem;

/// <summary>
/// Settings of the command line with their factory values, as dumps of real units show them; the manual's table has others
/// for some (<c>core.md</c> 19).
/// </summary>
internal sealed record LineSettings
{
    private static readonly int[] SavedRegisters = [0, 7, 10];

    /// <summary>ATE.</summary>
    public bool Echo { get; set; } = true;

    /// <summary>ATQ1: final results are not shown.</summary>
    public bool Quiet { get; set; }

    /// <summary>ATV1: words.</summary>
    public bool Verbose { get; set; } = true;

    /// <summary>ATX: 0 shows a bare <c>CONNECT</c>; 1 on real units, 4 in the manual.</summary>
    public int ConnectDetail { get; set; } = 1;

    /// <summary>AT&amp;C; 2 on real units, 1 in the manual.</summary>
    public int CarrierDetect { get; set; } = 2;

    /// <summary>AT&amp;D; 0 or 2 on real units, 1 in the manual.</summary>
    public int TerminalReady { get; set; }

    /// <summary>AT&amp;S.</summary>
    public int DataSetReady { get; set; }

    /// <summary>AT&amp;E: 1 shows the speed of the serial line behind <c>CONNECT</c>, 0 that of the air.</summary>
    public int SpeedShown { get; set; } = 1;

    /// <summary>AT\V.</summary>
    public int ProtocolShown { get; set; }

    /// <summary>AT\Q; 3 on real units although <c>AT+IFC</c> says none.</summary>
    public int FlowSelection { get; set; } = 3;

    /// <summary>ATL and ATM.</summary>
    public (int Loudness, int Mode) Speaker { get; set; }

    /// <summary>AT+CMEE; 2 on real units whatever the manual says.</summary>
    public int MobileErrors { get; set; } = 2;

    /// <summary>AT+IFC: flow control of the modem and of the host.</summary>
    public (int Dce, int Dte) FlowControl { get; set; }

    /// <summary>AT+ICF: framing and parity.</summary>
    public (int Format, int Parity) Framing { get; set; } = (3, 3);

    /// <summary>AT+CFUN at the next boot: a real unit came up with the radio off after <c>AT&amp;W</c> in <c>AT+CFUN=0</c>.</summary>
    public int Functionality { get; set; } = 1;

    /// <summary>S-registers.</summary>
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
        [10] = 14,
        [11] = 95,
        [12] = 50,
        [30] = 0,
        [103] = 1,
        [104] = 1,
    };

    /// <summary>A copy that does not share the registers.</summary>
    public LineSettings Copy() => this with { Registers = new Dictionary<int, int>(Registers) };

    /// <summary>These settings with those that <c>AT&amp;W</c> saves taken from another set (<c>core.md</c> 1.3).</summary>
    public LineSettings WithSaved(LineSettings saved)
    {
        LineSettings line = this with
        {
            Echo = saved.Echo,
            Quiet = saved.Quiet,
            Verbose = saved.Verbose,
            ConnectDetail = saved.ConnectDetail,
            CarrierDetect = saved.CarrierDetect,
            TerminalReady = saved.TerminalReady,
            DataSetReady = saved.DataSetReady,
            ProtocolShown = saved.ProtocolShown,
            FlowControl = saved.FlowControl,
            Framing = saved.Framing,
            Functionality = saved.Functionality,
            Registers = new Dictionary<int, int>(Registers),
        };
        foreach (int register in SavedRegisters)
        {
            line.Registers[register] = saved.Registers[register];
        }

        return line;
    }
}
