namespace Sim7600.Cli.LinkComparison;

/// <summary>
/// The links that are compared. Nobody has published the energy of a SIM7600 by the byte; for the mobile links the figures
/// are those of telephones' radios, whose states (promotion, transfer, tail) the network commands and a modem shares.
/// </summary>
internal static class LinkProfiles
{
    private const string Huang = "Huang et al., A Close Examination of Performance and Power Characteristics of 4G LTE Networks, MobiSys 2012, tables 3 and 4 (a telephone)";
    private const string Balasubramanian = "Balasubramanian et al., Energy Consumption in Mobile Phones, IMC 2009, table 4 (a telephone)";
    private const string Grigorik = "Grigorik, High Performance Browser Networking, 2013, chapter 7: 2G 300-1000 ms, 3G 100-500 ms, 4G below 100 ms";
    private const string Backbone = "assumed: a broker 20 ms away by wire";
    private const string Esp32 = "Espressif, ESP32 data sheet, RF power consumption (802.11n MCS7, 14 dBm: 180 mA; receive 100 mA; 3.3 V)";
    private const string Sx1276 = "Semtech, SX1276 data sheet, table 6 (29 mA at 13 dBm, receive 10.8 mA, sleep 0.2 uA; 3.3 V)";
    private const string LoRaWan = "LoRa Alliance, LoRaWAN L2 1.0.4 and Regional Parameters (EU863-870)";
    private const string Ieee802154 = "IEEE 802.15.4, 2.4 GHz O-QPSK, CSMA-CA defaults";
    private const string Zigbee = "Zigbee specification: NWK header 8, APS header 8, NWK security 18 bytes";
    private const string Cc2530 = "Texas Instruments, CC2530 data sheet (29 mA at 1 dBm, receive 24 mA, power mode 2 1 uA; 3 V)";
    private const string Assumed = "assumed";
    private static readonly TimeSpan WiredRoundTrip = TimeSpan.FromMilliseconds(20);

    /// <summary>All of them, the modem's first.</summary>
    /// <param name="line">What a publish takes on the modem's serial line.</param>
    public static IReadOnlyList<LinkProfile> All(ModemLine line) => [Lte(line), ThirdGeneration(line), SecondGeneration(line), WiFi, Ethernet, LoRa(7, 222, "some 2 km"), LoRa(9, 115, "some 4 km"), LoRa(10, 51, "some 6 km"), LoRa(12, 51, "up to 15 km in the open"), ZigbeeHop];

    private static LinkFigure Serial { get; } = new("serial line", $"{ModemLine.BaudRate} baud, the bytes of the driver's own dialogue", "counted: the driver publishes over the emulator");

    private static InternetLink Lte(ModemLine line) => new("lte", "LTE, by SIM7600")
    {
        ModemLine = line,
        UpRate = 5.64e6,
        DownRate = 12.74e6,
        RoundTrip = TimeSpan.FromMilliseconds(70),
        Loss = 0.001,
        PromotionTime = TimeSpan.FromMilliseconds(260.1),
        PromotionJoules = 1.2107 * 0.2601,
        ActiveWatts = 1.28804,
        JoulesPerByteUp = 0.43839 * 8e-6,
        JoulesPerByteDown = 0.05197 * 8e-6,
        TailTime = TimeSpan.FromMilliseconds(11576),
        TailWatts = 1.060,
        IdleWatts = 0.031,
        Range = "where the operator has LTE, kilometres from a mast",
        Cost = "SIM and tariff",
        Figures =
        [
            Serial,
            new("rate", "5.64 Mbit/s up, 12.74 down (medians)", Huang),
            new("round trip", "70 ms (median)", Huang),
            new("energy", "promotion 260 ms at 1.21 W; transfer 1.29 W + 3.5 uJ a byte up, 0.42 down; tail 11.6 s at 1.06 W; idle 31 mW", Huang),
            new("loss", "0.1 % of packets", Assumed),
        ],
    };

    private static InternetLink ThirdGeneration(ModemLine line) => new("3g", "3G (HSPA), by SIM7600")
    {
        ModemLine = line,
        UpRate = 0.5e6,
        DownRate = 1e6,
        RoundTrip = TimeSpan.FromMilliseconds(200),
        Loss = 0.005,
        PromotionTime = TimeSpan.FromMilliseconds(582.1),
        PromotionJoules = 0.6594 * 0.5821,
        ActiveWatts = 0.81788,
        JoulesPerByteUp = 0.86898 * 8e-6,
        JoulesPerByteDown = 0.12212 * 8e-6,
        TailTime = TimeSpan.FromMilliseconds(8088.2 + 824.2),
        TailWatts = ((0.8039 * 8.0882) + (0.6013 * 0.8242)) / (8.0882 + 0.8242),
        IdleWatts = 0.015,
        Range = "where the operator still has 3G",
        Cost = "SIM and tariff",
        Figures =
        [
            Serial,
            new("rate", "0.5 Mbit/s up, 1 down", $"{Grigorik}; 0.5-5 Mbit/s"),
            new("round trip", "200 ms", Grigorik),
            new("energy", "promotion 582 ms at 0.66 W; transfer 0.82 W + 7.0 uJ a byte up, 0.98 down; tail 8.1 s at 0.80 W and 0.8 s at 0.60 W; idle 15 mW", Huang),
            new("loss", "0.5 % of packets", Assumed),
        ],
    };

    private static InternetLink SecondGeneration(ModemLine line) => new("2g", "2G (GPRS), by SIM7600")
    {
        ModemLine = line,
        UpRate = 26.8e3,
        DownRate = 53.6e3,
        RoundTrip = TimeSpan.FromMilliseconds(600),
        Loss = 0.01,
        PromotionJoules = 1.7,
        ActiveWatts = 0.25,
        JoulesPerByteUp = 0.036 / 1024,
        JoulesPerByteDown = 0.036 / 1024,
        TailTime = TimeSpan.FromSeconds(6),
        TailWatts = 0.25,
        IdleWatts = 0.015,
        Range = "up to 35 km from a mast",
        Cost = "SIM and tariff",
        Figures =
        [
            Serial,
            new("rate", "26.8 kbit/s up, 53.6 down: 2 and 4 time slots with CS-2 of 13.4 kbit/s", "3GPP TS 45.003; the slots are assumed"),
            new("round trip", "600 ms, in it the time to get a channel", Grigorik),
            new("energy", "1.7 J to begin; 35 uJ a byte; 0.25 W during transfer and 6 s of tail", Balasubramanian),
            new("idle", "15 mW", "assumed: as 3G"),
            new("loss", "1 % of packets", Assumed),
            new("range", "35 km by timing advance", "3GPP TS 45.010"),
        ],
    };

    private static InternetLink WiFi { get; } = new("wifi", "Wi-Fi, ESP32")
    {
        UpRate = 65e6,
        DownRate = 65e6,
        RoundTrip = WiredRoundTrip + TimeSpan.FromMilliseconds(3),
        FrameOverhead = 54,
        FrameTime = TimeSpan.FromMicroseconds(150),
        Loss = 0.005,
        ActiveWatts = 0.330,
        JoulesPerByteUp = (0.594 - 0.330) * 8 / 65e6,
        IdleWatts = 0.003,
        Range = "some 50 m indoors",
        Cost = "access point",
        Figures =
        [
            new("rate", "65 Mbit/s (MCS7, 20 MHz)", "IEEE 802.11n"),
            new("frame", "54 bytes (MAC 26, LLC 8, CCMP 16, FCS 4) and 150 us of preamble, back-off, acknowledgement", "IEEE 802.11; the time is assumed"),
            new("round trip", "23 ms", $"{Backbone}, 3 ms by radio"),
            new("energy", "0.59 W sending, 0.33 W receiving and waiting for the answer", Esp32),
            new("idle", "3 mW: 0.9 mA in light sleep, beacons heard each third DTIM", "Espressif, ESP8266EX data sheet, table 3-4"),
            new("loss", "0.5 % of packets", Assumed),
        ],
    };

    private static InternetLink Ethernet { get; } = new("ethernet", "Ethernet, W5500")
    {
        UpRate = 100e6,
        DownRate = 100e6,
        RoundTrip = WiredRoundTrip,
        FrameOverhead = 38,
        Loss = 0,
        ActiveWatts = 0.436,
        IdleWatts = 0.422,
        Range = "100 m of cable",
        Cost = "cable and switch",
        Figures =
        [
            new("rate", "100 Mbit/s", "IEEE 802.3 (100BASE-TX)"),
            new("frame", "38 bytes (preamble 8, header 14, FCS 4, gap 12)", "IEEE 802.3"),
            new("round trip", "20 ms", Backbone),
            new("energy", "132 mA sending, 128 mA with a link; 3.3 V", "WIZnet, W5500 data sheet, power dissipation"),
        ],
    };

    private static GatewayLink LoRa(int spreadingFactor, int maximumPayload, string range) => new($"lora-sf{spreadingFactor}", $"LoRaWAN SF{spreadingFactor}, gateway")
    {
        MaximumPayload = maximumPayload,
        FrameOverhead = 13,
        AcknowledgementBytes = 12,
        AirTime = bytes => LoRaAirTime.Of(spreadingFactor, bytes),
        AcknowledgementDelay = TimeSpan.FromSeconds(1),
        ListenTime = LoRaAirTime.Of(spreadingFactor, 0) + LoRaAirTime.Of(12, 0),
        LeastRepetitionDelay = TimeSpan.FromSeconds(3),
        MostRepetitionDelay = TimeSpan.FromSeconds(5),
        Tries = 8,
        DutyCycle = 0.01,
        GatewayRoundTrip = WiredRoundTrip,
        Loss = 0.05,
        TransmitWatts = 0.029 * 3.3,
        ReceiveWatts = 0.0108 * 3.3,
        IdleWatts = 0.2e-6 * 3.3,
        Range = range,
        Cost = "gateway, no tariff on one's own",
        Figures =
        [
            new("time on air", "125 kHz, coding rate 4/5, CRC", "Semtech, SX1276 data sheet, section 4.1.1.7"),
            new("frame", $"13 bytes around {maximumPayload} of the node; acknowledgement 12", LoRaWan),
            new("duty cycle", "1 %", "ETSI EN 300 220, 868.0-868.6 MHz"),
            new("acknowledgement", "after 1 s or, in a second window, 2 s; repeated 1 to 3 s later, 8 tries", LoRaWan),
            new("energy", "96 mW sending, 36 mW receiving, 0.7 uW asleep", Sx1276),
            new("loss", "5 % of frames", Assumed),
            new("range", "by spreading factor", "assumed: what networks report"),
        ],
    };

    private static GatewayLink ZigbeeHop { get; } = new("zigbee", "Zigbee, one hop, gateway")
    {
        MaximumPayload = 82,
        FrameOverhead = 51,
        AcknowledgementBytes = 11,
        AirTime = bytes => TimeSpan.FromSeconds(bytes * 8 / 250e3),
        ChannelAccess = TimeSpan.FromMicroseconds((3.5 * 320) + 128),
        AcknowledgementDelay = TimeSpan.FromMicroseconds(192),
        ListenTime = TimeSpan.FromMicroseconds(864),
        LeastRepetitionDelay = TimeSpan.FromMicroseconds(864),
        MostRepetitionDelay = TimeSpan.FromMicroseconds(864),
        Tries = 4,
        GatewayRoundTrip = WiredRoundTrip,
        Loss = 0.02,
        TransmitWatts = 0.029 * 3,
        ReceiveWatts = 0.024 * 3,
        IdleWatts = 1e-6 * 3,
        Range = "10 to 100 m a hop",
        Cost = "gateway",
        Figures =
        [
            new("rate", "250 kbit/s", Ieee802154),
            new("frame", "51 bytes (PHY 6, MAC 11, network and application 34) around 82 of the node", $"{Ieee802154}; {Zigbee}"),
            new("access", "1.2 ms mean wait, acknowledgement after 192 us, 4 tries", Ieee802154),
            new("energy", "87 mW sending, 72 mW receiving, 3 uW asleep", Cc2530),
            new("loss", "2 % of frames", Assumed),
            new("range", "a hop", "assumed: what vendors state"),
        ],
    };
}
