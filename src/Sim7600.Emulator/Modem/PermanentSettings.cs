using System.Numerics;

namespace Sim7600.Emulator.Modem;

/// <summary>Settings that a reset and a loss of power leave as they are.</summary>
internal sealed class PermanentSettings
{
    /// <summary>Bits of <c>AT+CNBP</c> for EGSM 900 and WCDMA 900.</summary>
    public const int EgsmBit = 8, Wcdma900Bit = 49;

    /// <summary>AT+CNMP: 2 automatic, 13 GSM, 14 WCDMA, 38 LTE and combinations.</summary>
    public int PreferredMode { get; set; } = 2;

    /// <summary>AT+CNAOP: the mode, then the order of system modes (9 LTE, 5 WCDMA, 3 GSM).</summary>
    public int[] AcquisitionOrder { get; set; } = [7, 9, 5, 3];

    /// <summary>AT+CNBP, GSM and WCDMA: DCS 1800, EGSM 900, PGSM 900, WCDMA 2100, 850 and 900.</summary>
    public ulong BandMask { get; set; } = 0x0002000004400380;

    /// <summary>AT+CNBP, LTE: bands 1, 3, 5, 7, 8, 20, 38, 40 and 41, bit = band - 1.</summary>
    public BigInteger LteBandMask { get; set; } = 0x000001A0000800D5;

    /// <summary>AT+CNBP, TD-SCDMA.</summary>
    public ulong TdsBandMask { get; set; } = 0x3F;

    /// <summary>AT+CTZU: the network's time sets the clock.</summary>
    public bool TakesNetworkTime { get; set; }

    /// <summary>AT+UIMHOTSWAPON.</summary>
    public int SimHotSwap { get; set; }

    /// <summary>AT+UIMHOTSWAPLEVEL.</summary>
    public int SimHotSwapLevel { get; set; }

    /// <summary>AT+CUSBPIDSWITCH: the USB product id, four hexadecimal digits.</summary>
    public string UsbProduct { get; set; } = "9001";

    /// <summary>AT+CUSBADB.</summary>
    public int UsbDebugging { get; set; }

    /// <summary>True when a technology may be used: allowed by the mode and by the bands.</summary>
    public bool Allows(RadioTechnology technology, RadioNetwork network) => technology switch
    {
        RadioTechnology.Lte => PreferredMode is 2 or 38 or 39 or 51 or 54 && !((LteBandMask >> (network.LteBand - 1)) & 1).IsZero,
        RadioTechnology.Wcdma => PreferredMode is 2 or 14 or 19 or 39 or 48 or 54 && (BandMask >> Wcdma900Bit & 1) != 0,
        _ => PreferredMode is 2 or 13 or 19 or 39 or 48 or 51 && (BandMask >> EgsmBit & 1) != 0,
    };

    /// <summary>The technologies in the order in which the module looks for them.</summary>
    public IEnumerable<RadioTechnology> Order()
    {
        RadioTechnology[] listed =
        [
            .. AcquisitionOrder.Skip(1).Select(mode => mode switch
            {
                9 => RadioTechnology.Lte,
                5 => RadioTechnology.Wcdma,
                3 => RadioTechnology.Gsm,
                _ => (RadioTechnology?)null,
            }).OfType<RadioTechnology>(),
        ];
        return listed.Union([RadioTechnology.Lte, RadioTechnology.Wcdma, RadioTechnology.Gsm]);
    }
}
