using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Tests;

/// <summary>The satellite receiver: switching, searching, and the lines as real units print them.</summary>
[Parallelizable(ParallelScope.All)]
public class GnssCommandTests
{
    private static readonly GnssFix Bologna = new()
    {
        Latitude = 44 + (29.967842m / 60),
        Longitude = 11 + (24.141582m / 60),
        Time = new DateTimeOffset(2025, 3, 25, 16, 3, 19, TimeSpan.Zero),
        Altitude = 57.7m,
    };

    [TestCase("AT+CGPS?\r", "\r\n+CGPS: 0,1\r\n\r\nOK\r\n")]
    [TestCase("AT+CGPS=?\r", "\r\n+CGPS: (0-1),(1-3)\r\n\r\nOK\r\n")]
    [TestCase("AT+CGPS=0\r", "\r\nOK\r\n", Description = "off when off: no URC")]
    [TestCase("AT+CGPSINFO\r", "\r\n+CGPSINFO: ,,,,,,,,\r\n\r\nOK\r\n")]
    [TestCase("AT+CGNSSINFO\r", "\r\n+CGNSSINFO: ,,,,,,,,,,,,,,,\r\n\r\nOK\r\n")]
    [TestCase("AT+CGPSINFO?\r", "\r\n+CGPSINFO: 0\r\n\r\nOK\r\n")]
    [TestCase("AT+CGPSAUTO=1;+CGPSAUTO?\r", "\r\n+CGPSAUTO: 1\r\n\r\nOK\r\n")]
    [TestCase("AT+CGPSNMEA?\r", "\r\n+CGPSNMEA: 200191\r\n\r\nOK\r\n")]
    [TestCase("AT+CGNSSMODE=3;+CGNSSMODE?\r", "\r\n+CGNSSMODE: 3,1\r\n\r\nOK\r\n")]
    [TestCase("AT+CGPSHOT;+CGPS?\r", "\r\n+CGPS: 1,1\r\n\r\nOK\r\n")]
    [TestCase("AT+CGPS=1,2;+CGPSDEL\r", "\r\nERROR\r\n", Description = "only while the receiver is stopped")]
    public async Task A_line_gets_its_answer(string typed, string printed)
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync(typed), Is.EqualTo(printed));
    }

    [Test]
    public async Task A_fix_comes_after_a_search_and_goes_with_the_receiver()
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() => bench.Modem.Gnss.Fix = Bologna);
        await bench.SayAsync("AT+CGPS=1,1\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CGPS=1\r", "\r\nERROR\r\n", "it is on already");
        await bench.SayAsync("AT+CGPSINFO\r", "\r\n+CGPSINFO: ,,,,,,,,\r\n\r\nOK\r\n");
        await bench.PassAsync(TimeSpan.FromSeconds(10));
        await bench.SayAsync("AT+CGPSINFO\r", "\r\n+CGPSINFO: 4429.967842,N,01124.141582,E,250325,160319.0,57.7,0.0,\r\n\r\nOK\r\n");
        await bench.SayAsync(
            "AT+CGNSSINFO\r", "\r\n+CGNSSINFO: 3,06,02,00,4429.967842,N,01124.141582,E,250325,160319.0,57.7,0.0,,1.5,1.2,0.9\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CGPS=0\r", "\r\nOK\r\n\r\n+CGPS: 0\r\n");
        await bench.SayAsync("AT+CGPSINFO\r", "\r\n+CGPSINFO: ,,,,,,,,\r\n\r\nOK\r\n");
    }

    [Test]
    public async Task South_west_and_course_are_shown()
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() =>
        {
            bench.Modem.Gnss.IsOn = true;
            bench.Modem.Gnss.Fix = Bologna with { Latitude = -34.99999999999m, Longitude = -58.5m, Course = 12.34m, Speed = 3m };
        });
        await bench.SayAsync("AT+CGPSINFO\r", "\r\n+CGPSINFO: 3500.000000,S,05830.000000,W,250325,160319.0,57.7,3.0,12.3\r\n\r\nOK\r\n");
    }

    [Test]
    public async Task A_report_comes_every_so_many_seconds_until_it_is_ended()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CGPSINFO=5\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CGPSINFO?\r", "\r\n+CGPSINFO: 5\r\n\r\nOK\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(5)), Is.EqualTo("\r\n+CGPSINFO: ,,,,,,,,\r\n"));
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(5)), Is.EqualTo("\r\n+CGPSINFO: ,,,,,,,,\r\n"));
        await bench.SayAsync("AT+CGPSINFO=0\r", "\r\nOK\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(20)), Is.Empty);
    }
}
