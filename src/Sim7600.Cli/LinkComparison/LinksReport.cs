using System.Globalization;
using System.Text;

namespace Sim7600.Cli.LinkComparison;

/// <summary>The comparison as text and as docs/links.md.</summary>
internal static class LinksReport
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>The JSON of samples/Stm32SensorNode, each minute.</summary>
    public static LinkWorkload Readable { get; } = new(128, "node-1/reading", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), 1000, 1, Loss: null, BatteryWattHours: 10);

    /// <summary>The same values packed, each quarter of an hour, with the longest keep-alive that mobile networks usually bear.</summary>
    public static LinkWorkload Packed { get; } = Readable with { Payload = 16, Period = TimeSpan.FromMinutes(15), KeepAlive = TimeSpan.FromMinutes(15) };

    /// <summary>A table for a terminal.</summary>
    public static string ToText(IReadOnlyList<LinkResult> results, LinkWorkload workload)
    {
        var text = new StringBuilder();
        text.AppendLine(Invariant, $"{Describe(workload)}, {workload.Readings} readings drawn, seed {workload.Seed}. Radio only; sources: sim7600 links --json, docs/links.md.");
        text.AppendLine();
        Row(text, "link", "delivery", "95 %", "confirmed", "arrive", "on air", "energy", $"{workload.BatteryWattHours.ToString("0.###", Invariant)} Wh", "most a day", "fits");
        foreach (LinkResult result in results)
        {
            string[] cells = Cells(result, workload);
            Row(text, [result.Link.Name, .. cells]);
        }

        return text.ToString();
    }

    /// <summary>docs/links.md.</summary>
    public static string ToMarkdown(IReadOnlyList<LinkProfile> links)
    {
        var text = new StringBuilder();
        text.Append("""
            # Which link for a sensor node?

            Printed by `sim7600 links --markdown`; a test fails when they part. The same node sends the same readings over the SIM7600's radios, over Wi-Fi and
            Ethernet of its own, and over two radios without IP behind a gateway. `sim7600 links --payload 40 --period 300` asks for other readings.

            The figures come from a model, not from a measurement of these links: packets are encoded by the MQTT library, the modem's serial dialogue is counted while the driver
            publishes over the emulator, and around them go the headers, rates, delays, losses and powers of the last section. What is *assumed* there is a guess of the right size. Energy is the
            radio's: no microcontroller, no sensor, no joining of the network; a SIM7600 that keeps its UART awake takes more than the telephones that were measured.


            """.ReplaceLineEndings("\n"));
        Table(text, links, Readable);
        Table(text, links, Packed);
        text.Append("""
            ![Delivery time over mean power](links.svg)

            * **delivery**: from the end of the measurement until the broker has the reading, median; **95 %** of the readings are not later.
            * **confirmed**: until the node knows: PUBACK of the broker, or of a gateway its acknowledgement of the radio frame, which may come before the broker has the reading.
            * **on air**: bytes in both directions, with headers, acknowledgements, repetitions and the share of keep-alive.
            * **arrive**: share of the readings that arrive at all. **fits**: what must change, if not; delivery and energy are then those of a reading that finds the link free. **most a day**: readings that the link carries when none is repeated.
            * **energy**: of one reading above idling, tail and keep-alive included. **10 Wh**: how long that feeds the radio, idling included; a battery is old after ten years.

            ## How to choose

            * **Coverage and no infrastructure of one's own**: LTE. What costs energy is not the byte but being awake: a reading of 16 bytes costs as much as one of 1,000. Send rarely and
              together, with a long keep-alive, or switch the modem off in between.
            * **Mains at hand**: Ethernet or Wi-Fi: tens of milliseconds, and no tariff.
            * **Years on a battery, small readings, minutes do not matter**: LoRaWAN. Pack the reading: SF12 carries 51 bytes, and after each frame the law demands ninety-nine times its length of silence.
            * **Many nodes in one building**: Zigbee: milliseconds and microwatts, with a gateway in reach.
            * **Commands to the node at any time**: a link that listens. LoRaWAN (class A) and a sleeping Zigbee node hear only after they have sent.

            ## The links

            | link | range | costs besides the radio |
            | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (LinkProfile link in links)
        {
            text.Append(Invariant, $"| `{link.Name}` {link.Title} | {link.Range} | {link.Cost} |\n");
        }

        text.Append("\n## Figures and sources\n\n| link | what | figures | source |\n| --- | --- | --- | --- |\n");
        foreach (LinkProfile link in links)
        {
            foreach (LinkFigure figure in link.Figures)
            {
                text.Append(Invariant, $"| `{link.Name}` | {figure.Name} | {figure.Value} | {figure.Source} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>docs/links.svg.</summary>
    public static string ToSvg(IReadOnlyList<LinkProfile> links) => LinksPlot.ToSvg(
        (Name(Readable), [.. links.Select(link => link.Try(Readable))]),
        (Name(Packed), [.. links.Select(link => link.Try(Packed))]));

    private static void Table(StringBuilder text, IReadOnlyList<LinkProfile> links, LinkWorkload workload)
    {
        text.Append(Invariant, $"## {Describe(workload)}\n\n| link | delivery | 95 % | confirmed | arrive | on air | energy | 10 Wh | most a day | fits |\n");
        text.Append("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (LinkProfile link in links)
        {
            text.Append(Invariant, $"| `{link.Name}` | {string.Join(" | ", Cells(link.Try(workload), workload))} |\n");
        }

        text.Append('\n');
    }

    private static string Name(LinkWorkload workload) => $"{workload.Payload} bytes each {Duration.Format(workload.Period)}";

    private static string Describe(LinkWorkload workload) =>
        $"{Name(workload)}, {(workload.KeepAlive == TimeSpan.Zero ? "no keep-alive" : $"keep-alive {Duration.Format(workload.KeepAlive)}")}";

    private static string[] Cells(LinkResult result, LinkWorkload workload) =>
    [
        .. new[] { result.DeliveryMedian, result.Delivery95, result.ConfirmedMedian }.Select(time => result.Delivered == 0 ? "never" : Duration.Format(time)),
        $"{(result.Delivered * 100).ToString("0.#", Invariant)} %",
        $"{result.BytesOnAir.ToString("0", Invariant)} B",
        Energy(result.JoulesPerReading),
        Duration.Format(TimeSpan.FromDays(Math.Min(result.DaysOn(workload.BatteryWattHours), TimeSpan.MaxValue.TotalDays / 2))),
        Math.Floor(result.MostPerDay).ToString("#,0", Invariant),
        result.Misfit ?? "yes",
    ];

    private static string Energy(double joules) => joules switch
    {
        >= 1 => $"{joules.ToString("0.0", Invariant)} J",
        >= 0.001 => $"{(joules * 1e3).ToString(joules < 0.01 ? "0.0" : "0", Invariant)} mJ",
        _ => $"{(joules * 1e6).ToString("0", Invariant)} uJ",
    };

    private static void Row(StringBuilder text, params string[] cells) => text.AppendLine(
        Invariant, $"{cells[0],-10} {cells[1],9} {cells[2],8} {cells[3],10} {cells[4],7} {cells[5],7} {cells[6],8} {cells[7],7} {cells[8],11}  {cells[9]}");
}
