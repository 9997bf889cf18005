using Sim7600.Cli.LinkComparison;

namespace Sim7600.Cli.Tests.LinkComparison;

/// <summary>Figures that others have published, and properties that any link has.</summary>
public sealed class LinksTests
{
    private static readonly LinkWorkload Lossless = LinksReport.Readable with { Loss = 0, Readings = 3 };

    private static readonly Lazy<Task<ModemLine>> Line = new(() => ModemLine.MeasureAsync(CancellationToken.None));

    // Known from The Things Network's table and Semtech's calculator: 64 bytes (51 and LoRaWAN's 13) at 125 kHz.
    [TestCase(7, 64, 118.016)]
    [TestCase(12, 64, 2793.472)]
    [TestCase(9, 26, 205.824)]
    [TestCase(10, 13, 288.768)]
    public void Time_on_air_is_that_of_the_data_sheet(int spreadingFactor, int bytes, double milliseconds) =>
        Assert.That(LoRaAirTime.Of(spreadingFactor, bytes).TotalMilliseconds, Is.EqualTo(milliseconds).Within(0.001));

    [Test]
    public async Task A_reading_by_wire_takes_the_bytes_of_MQTT_TCP_IP_and_Ethernet()
    {
        // PUBLISH 2 + 2 + 14 + 2 + 128, PUBACK 4, the acknowledgement of PUBACK: three packets with 40 + 38 bytes around them.
        LinkResult result = (await LinkAsync("ethernet")).Try(Lossless);

        Assert.That(result.BytesOnAir, Is.EqualTo(2 + 1 + 2 + 14 + 2 + 128 + 4 + (3 * 78)));
    }

    [Test]
    public async Task Each_ping_that_a_period_leaves_room_for_costs_bytes_and_energy()
    {
        LinkProfile lte = await LinkAsync("lte");
        LinkResult without = lte.Try(Lossless with { Period = TimeSpan.FromMinutes(10), KeepAlive = TimeSpan.Zero });
        LinkResult with = lte.Try(Lossless with { Period = TimeSpan.FromMinutes(10), KeepAlive = TimeSpan.FromMinutes(1) });

        Assert.That(with.BytesOnAir - without.BytesOnAir, Is.EqualTo(9 * ((2 * 2) + (3 * 40))));
        Assert.That(with.JoulesPerReading, Is.GreaterThan(9 * without.JoulesPerReading));
    }

    [Test]
    public async Task What_does_not_fit_a_frame_is_cut_and_said()
    {
        LinkResult result = (await LinkAsync("lora-sf12")).Try(Lossless);

        Assert.That(result.Frames, Is.EqualTo(3));
        Assert.That(result.Misfit, Does.Contain("3 frames of 51 bytes").And.Contains("duty cycle"));
    }

    [Test]
    public async Task The_duty_cycle_bounds_the_readings_of_a_day()
    {
        LinkResult result = (await LinkAsync("lora-sf12")).Try(Lossless with { Payload = 50 });

        Assert.That(result.MostPerDay, Is.EqualTo(864.0 / 2.793472).Within(0.01));
    }

    [Test]
    public async Task Losses_delay_on_a_link_with_TCP_and_lose_readings_where_tries_end()
    {
        LinkWorkload lossy = LinksReport.Readable with { Loss = 0.5 };
        LinkResult wifi = (await LinkAsync("wifi")).Try(lossy);
        LinkResult zigbee = (await LinkAsync("zigbee")).Try(lossy);

        Assert.That(wifi.Delivered, Is.EqualTo(1));
        Assert.That(wifi.Delivery95, Is.GreaterThan(TimeSpan.FromSeconds(3)), "a second, and two more");
        Assert.That(zigbee.Delivered, Is.EqualTo(Math.Pow(1 - Math.Pow(0.5, 4), 2)).Within(0.05), "two frames, four tries each");
    }

    [Test]
    public async Task The_same_seed_gives_the_same_figures()
    {
        LinkProfile lora = await LinkAsync("lora-sf7");
        LinkResult first = lora.Try(LinksReport.Readable);

        Assert.That(lora.Try(LinksReport.Readable), Is.EqualTo(first));
        Assert.That(lora.Try(LinksReport.Readable with { Seed = 2 }).JoulesPerReading, Is.Not.EqualTo(first.JoulesPerReading));
    }

    [Test]
    public async Task Every_figure_of_a_link_names_its_source() =>
        Assert.That((await AllAsync()).SelectMany(link => link.Figures), Has.All.Matches((LinkFigure? figure) => figure is { Source.Length: > 0, Value.Length: > 0 }));

    [Test]
    public async Task The_docs_are_what_the_tool_prints()
    {
        IReadOnlyList<LinkProfile> links = await AllAsync();
        const string How = "write it anew: dotnet run --project src/Sim7600.Cli -- links --markdown --plot docs/links.svg > docs/links.md";

        Assert.That(await DocumentAsync("links.md"), Is.EqualTo(LinksReport.ToMarkdown(links)), How);
        Assert.That(await DocumentAsync("links.svg"), Is.EqualTo(LinksReport.ToSvg(links)), How);
    }

    private static Task<string> DocumentAsync(string name) => File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", name));

    private static async Task<IReadOnlyList<LinkProfile>> AllAsync() =>
        LinkProfiles.All(await Line.Value);

    private static async Task<LinkProfile> LinkAsync(string name) => (await AllAsync()).Single(link => link.Name == name);
}
