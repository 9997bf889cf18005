using System.Globalization;

namespace Sim7600.Emulator.Modem;

/// <summary>The mobile network around the modem: what the air offers, whatever the modem does with it.</summary>
internal sealed class RadioNetwork
{
    /// <summary>What the network does with the modem.</summary>
    public NetworkState State { get; set; } = NetworkState.Home;

    /// <summary>Signal, 0..31 or 99 for unknown.</summary>
    public int Csq { get; set; } = 24;

    /// <summary>Long operator name.</summary>
    public string LongName { get; set; } = "Test Network";

    /// <summary>Short operator name.</summary>
    public string ShortName { get; set; } = "TestNet";

    /// <summary>Mobile country code and network code, five or six digits.</summary>
    public string Plmn { get; set; } = "00101";

    /// <summary>Tracking area code.</summary>
    public int Tac { get; set; } = 0x0001;

    /// <summary>Cell identity.</summary>
    public int CellId { get; set; } = 0x01A2D001;

    /// <summary>The address that the network gives the first context.</summary>
    public string Address { get; set; } = "10.64.0.2";

    /// <summary>True when the network would let a modem register.</summary>
    public bool IsServing => State is NetworkState.Home or NetworkState.Roaming;

    /// <summary>What <c>AT+CPSI?</c> shows while registered, when it is given.</summary>
    public string? SystemInformation { get; set; }

    /// <summary>The line that <c>AT+CPSI?</c> shows on LTE; strengths in tenths of a dB as real units print them.</summary>
    public string CpsiLte()
    {
        if (SystemInformation is not null)
        {
            return SystemInformation;
        }

        int rssiTenths = ((Csq is >= 0 and <= 31 ? Csq : 15) * 20) - 1130;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"LTE,Online,{Plmn[..3]}-{Plmn[3..]},0x{Tac:X4},{CellId},237,EUTRAN-BAND20,6300,3,3,-94,{rssiTenths - 280},{rssiTenths},13");
    }
}
