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

    /// <summary>Tracking area code, shown as location area code too.</summary>
    public int Tac { get; set; } = 0x0001;

    /// <summary>Cell identity, 28 bits.</summary>
    public int CellId { get; set; } = 0x01A2D001;

    /// <summary>The address that the network gives the first context.</summary>
    public string Address { get; set; } = "10.64.0.2";

    /// <summary>Technologies in reach.</summary>
    public HashSet<RadioTechnology> Technologies { get; } = [RadioTechnology.Gsm, RadioTechnology.Wcdma, RadioTechnology.Lte];

    /// <summary>The LTE band of the cell.</summary>
    public int LteBand { get; set; } = 20;

    /// <summary>Networks that are in reach and not allowed.</summary>
    public List<RadioOperator> Forbidden { get; } = [new("Other Network", "OtherNet", "00102", RadioTechnology.Lte)];

    /// <summary>Contexts that are active as soon as the modem is attached; real units list 1, and often 2 for <c>ims</c>.</summary>
    public SortedSet<int> ContextsAtAttach { get; } = [PacketData.DataContext];

    /// <summary>How much longer than usual the network takes to let the modem in.</summary>
    public TimeSpan AnswersLateBy { get; set; }

    /// <summary>True when the network tells its time to a modem that registers.</summary>
    public bool SendsTime { get; set; } = true;

    /// <summary>The network's time zone in quarters of an hour, daylight saving included.</summary>
    public int TimeZone { get; set; }

    /// <summary>Hours of daylight saving in <see cref="TimeZone"/>, 0 to 2.</summary>
    public int DaylightSaving { get; set; }

    /// <summary>What <c>AT+CPSI?</c> shows while registered, after the prefix; null lets the modem make it up.</summary>
    public string? SystemInformation { get; set; }

    /// <summary>True when the network would let a modem register.</summary>
    public bool IsServing => State is NetworkState.Home or NetworkState.Roaming;

    /// <summary>The address that the network gives a context.</summary>
    public string AddressOf(int cid) => cid == PacketData.DataContext ? Address : string.Create(CultureInfo.InvariantCulture, $"10.64.1.{cid}");

    /// <summary>
    /// True when the network gives no packet data although the modem is attached; <c>AT+CGACT=1,1</c> ends that. Units that were
    /// registered and could not open the network were logged more than once.
    /// </summary>
    public bool RefusesPacketData { get; set; }

    /// <summary>What <c>AT+CPSI?</c> shows of a technology; strengths on LTE in tenths of a dB as real units print them.</summary>
    public string Describe(RadioTechnology technology)
    {
        if (SystemInformation is not null)
        {
            return SystemInformation;
        }

        int rssi = ((Csq is >= 0 and <= 31 ? Csq : 15) * 2) - 113;
        string network = $"Online,{Plmn[..3]}-{Plmn[3..]},0x{Tac:X4},";
        return technology switch
        {
            RadioTechnology.Lte => Text($"LTE,{network}{CellId},237,EUTRAN-BAND{LteBand},6300,3,3,-94,{(rssi * 10) - 280},{rssi * 10},13"),
            RadioTechnology.Wcdma => Text($"WCDMA,{network}{CellId},WCDMA 900,392,3037,0,5.0,{-rssi},26,30,500"),
            _ => Text($"GSM,{network}{CellId & 0xFFFF},27 EGSM 900,{rssi},2110,42-42"),
        };

        static string Text(FormattableString text) => FormattableString.Invariant(text);
    }
}
