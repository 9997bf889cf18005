namespace Sim7600.Emulator.Tests;

/// <summary>The clock: unset, set by the host, by the network, by a time server.</summary>
[Parallelizable(ParallelScope.All)]
public class ClockTests
{
    private const string Ok = "\r\nOK\r\n";
    private static readonly TimeSpan ServerAnswer = TimeSpan.FromMilliseconds(10);

    [Test]
    public async Task Unset_it_runs_from_1980_and_has_no_zone()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CCLK?\r", "\r\n+CCLK: \"80/01/06,00:00:00\"\r\n" + Ok);
        await bench.PassAsync(TimeSpan.FromSeconds(65));
        await bench.SayAsync("AT+CCLK?\r", "\r\n+CCLK: \"80/01/06,00:01:05\"\r\n" + Ok);
    }

    [Test]
    public async Task The_host_sets_it_and_a_reset_leaves_it_running()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CCLK=\"26/02/28,23:59:58-14\"\r", Ok);
        await bench.PassAsync(TimeSpan.FromSeconds(3));
        await bench.SayAsync("AT+CCLK?\r", "\r\n+CCLK: \"26/03/01,00:00:01-14\"\r\n" + Ok);
        foreach (string wrong in new[] { "26/13/01,00:00:00+00", "26/02/30,00:00:00", "26/02/28,24:00:00", "26/02/28 10:00:00", "26/02/28,10:00:00+97", "26/02/28,10:00:00 04" })
        {
            await bench.SayAsync($"AT+CCLK=\"{wrong}\"\r", "\r\nERROR\r\n");
        }

        await bench.SayAsync("AT+CRESET\r", Ok);
        await bench.LiveAsync(TimeSpan.FromMilliseconds(400));
        Assert.That(await bench.TypeAsync("AT+CCLK?\r"), Does.EndWith("\r\n+CCLK: \"26/03/01,00:00:01-14\"\r\n" + Ok));
    }

    [Test]
    public async Task The_network_tells_its_time_to_a_modem_that_registers_and_wants_it()
    {
        await using var bench = new ModemBench();
        await bench.ChangeAsync(modem =>
        {
            modem.Network.TimeZone = 22;
            modem.Network.DaylightSaving = 1;
        });
        await bench.SayAsync("AT+CTZU?;+CTZR?\r", "\r\n+CTZU: 0\r\n\r\n+CTZR: 0\r\n" + Ok);
        await bench.Modem.SetNetworkAsync(NetworkState.Searching);
        await bench.Modem.SetNetworkAsync(NetworkState.Home);
        Assert.That(await bench.TypeAsync("AT+CCLK?\r"), Does.Contain("80/01/06"));
        await bench.SayAsync("AT+CTZU=1;+CTZR=1\r", Ok);
        await bench.Modem.SetNetworkAsync(NetworkState.Searching);
        await bench.Modem.SetNetworkAsync(NetworkState.Home);
        await bench.ExpectAsync("\r\n+CTZV: 22,00/01/01,05:30:00,1\r\n");
        await bench.SayAsync("AT+CCLK?\r", "\r\n+CCLK: \"00/01/01,05:30:00+22\"\r\n" + Ok);
    }

    [Test]
    public async Task A_time_server_sets_it_when_packets_flow()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CNTP\r", Ok + "\r\n+CNTP: 2\r\n", "no server yet");
        await bench.SayAsync("AT+CNTP=\"pool.ntp.org\",-20;+CNTP?\r", "\r\n+CNTP: pool.ntp.org,-20\r\n" + Ok);
        await bench.SayAsync("AT+CNTP=\"pool.ntp.org\",97\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+CNTP\r", Ok);
        Assert.That(await bench.PassAsync(ServerAnswer), Is.EqualTo("\r\n+CNTP: 0\r\n"));
        await bench.SayAsync("AT+CCLK?\r", "\r\n+CCLK: \"99/12/31,19:00:00-20\"\r\n" + Ok);
        await bench.SayAsync("AT+CGATT=0;+CNTP\r", Ok);
        Assert.That(await bench.PassAsync(ServerAnswer), Is.EqualTo("\r\n+CNTP: 4\r\n"));
        await bench.SayAsync("AT+CNTP=?\r", "\r\n+CNTP: 255,(-96~96)\r\n" + Ok);
    }

    [Test]
    public async Task A_web_server_sets_it_too()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CHTPUPDATE\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+CHTPSERV=\"ADD\",\"www.google.com\",80,1;+CHTPSERV?\r", "\r\n+CHTPSERV: 0,\"www.google.com\",80,1\r\n" + Ok);
        await bench.SayAsync("AT+CHTPUPDATE\r", Ok);
        Assert.That(await bench.PassAsync(ServerAnswer), Is.EqualTo("\r\n+CHTPUPDATE: 0\r\n"));
        Assert.That(await bench.TypeAsync("AT+CCLK?\r"), Does.Contain("00/01/01,00:00:00+00"));
        await bench.SayAsync("AT+CHTPSERV=\"DEL\",0;+CHTPSERV?\r", Ok);
        await bench.SayAsync("AT+CHTPSERV=\"DEL\",0\r", "\r\nERROR\r\n");
    }
}
