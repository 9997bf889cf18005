namespace Sim7600.Emulator.Tests;

/// <summary>Contexts, attach and activation, with what they take along.</summary>
[Parallelizable(ParallelScope.All)]
public class PacketDataTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Zeroes = "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0";
    private const string MqttLost = "\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n";

    [Test]
    public async Task Contexts_are_defined_listed_and_deleted()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CGDCONT=1,\"IP\",\"internet.telekom\",\"0.0.0.0\",0,0\r", Ok, "transcript 030");
        await bench.SayAsync("AT+CGDCONT=2;+CGDCONT=100,\"ipv6\",\"x\"\r", Ok);
        await bench.SayAsync(
            "AT+CGDCONT?\r",
            $"\r\n+CGDCONT: 1,\"IP\",\"internet.telekom\",\"0.0.0.0\",0,0,0,0\r\n+CGDCONT: 3,\"IPV4V6\",\"SOS\",\"{Zeroes}\",0,0,0,1\r\n+CGDCONT: 100,\"IPV6\",\"x\",\"{Zeroes}\",0,0,0,0\r\n" + Ok);
        await bench.SayAsync("AT+CGPADDR\r", $"\r\n+CGPADDR: 1,10.64.0.2\r\n+CGPADDR: 3,0.0.0.0,{Zeroes}\r\n+CGPADDR: 100,{Zeroes}\r\n" + Ok, "transcript 056");
        await bench.SayAsync("AT+CGPADDR=?\r", "\r\n+CGPADDR: (1,3,100)\r\n" + Ok);
        await bench.SayAsync("AT+CGPADDR=2\r", "\r\nERROR\r\n");
        foreach (string wrong in new[] { "25", "99", "180", "0", "1,\"X25\"", "1,\"IP\",\"a\",\"\",3" })
        {
            await bench.SayAsync($"AT+CGDCONT={wrong}\r", "\r\nERROR\r\n");
        }

        await bench.SayAsync("AT+CRESET\r", Ok);
        await bench.LiveAsync(TimeSpan.FromMilliseconds(400));
        Assert.That(await bench.TypeAsync("AT+CGDCONT?\r"), Does.Contain("+CGDCONT: 100,\"IPV6\",\"x\""), "contexts survive");
    }

    [Test]
    public async Task CGAUTH_takes_the_password_first_and_shows_the_user_first()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CGAUTH=1,3,\"word\",\"name\"\r", Ok);
        await bench.SayAsync("AT+CGAUTH?\r", "\r\n+CGAUTH: 1,3,\"name\",\"word\"\r\n+CGAUTH: 2,0,\"\"\r\n+CGAUTH: 3,0,\"\"\r\n" + Ok);
        await bench.SayAsync("AT+CGAUTH=1\r", Ok);
        Assert.That(await bench.TypeAsync("AT+CGAUTH?\r"), Does.StartWith("\r\n+CGAUTH: 1,0,\"\"\r\n"));
        await bench.SayAsync("AT+CGAUTH=7,1\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+CGAUTH=1,4\r", "\r\nERROR\r\n");
    }

    [TestCase("AT+CGATT=0", "\r\n+CGREG: 0\r\n\r\n+CGEV: ME DETACH\r\n")]
    [TestCase("AT+CGACT=0,1", "\r\n+CGEV: ME DEACT \"IP\",\"10.64.0.2\",1\r\n")]
    public async Task Giving_up_the_context_drops_MQTT(string command, string reports)
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CGEREP=2;+CGREG=1\r", Ok);
        await bench.SayAsync($"{command}\r", Ok + reports + MqttLost);
        Assert.That(await bench.TypeAsync("AT+CGACT?;+CREG?\r"), Is.EqualTo("\r\n+CGACT: 1,0\r\n+CGACT: 2,0\r\n+CGACT: 3,0\r\n\r\n+CREG: 0,1\r\n" + Ok));
        await bench.Modem.SetSignalAsync(12);
        await bench.ChangeAsync(modem => modem.RefreshRegistration());
        Assert.That(await bench.TypeAsync("AT+CGACT?\r"), Does.StartWith("\r\n+CGACT: 1,0\r\n"), "the host gave it up; nothing but the host brings it back");
    }

    [Test]
    public async Task Attaching_again_brings_the_first_context_and_the_network_may_bring_more()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CGATT=0;+CGATT?\r", "\r\n+CGATT: 0\r\n" + Ok);
        await bench.SayAsync("AT+CGACT=1,1\r", "\r\n+CME ERROR: no network service\r\n");
        await bench.ChangeAsync(modem => modem.Network.ContextsAtAttach.Add(2));
        await bench.SayAsync("AT+CGATT=1;+CGACT?\r", "\r\n+CGACT: 1,1\r\n+CGACT: 2,1\r\n+CGACT: 3,0\r\n" + Ok);
        await bench.SayAsync("AT+CGACT=1;+CGACT?\r", "\r\n+CGACT: 1,1\r\n+CGACT: 2,1\r\n+CGACT: 3,1\r\n" + Ok, "transcript 002: no number means all");
        await bench.SayAsync("AT+CGACT=1,9\r", "\r\nERROR\r\n");
    }

    [Test]
    public async Task Events_wait_for_a_host_that_asks_for_them()
    {
        await using var bench = new ModemBench();
        await bench.Modem.SetNetworkAsync(NetworkState.Searching);
        await bench.Modem.SetNetworkAsync(NetworkState.Home);
        await bench.SayAsync("AT+CGATT=0\r", Ok);
        await bench.SayAsync("AT+CGEREP?\r", "\r\n+CGEREP: 0,0\r\n" + Ok);
        await bench.SayAsync("AT+CGEREP=2,1\r", Ok + "\r\n+CGEV: NW DETACH\r\n\r\n+CGEV: ME DETACH\r\n");
        await bench.SayAsync("AT+CGEREP=1,1\r", Ok, "told once");
    }

    [Test]
    public async Task The_older_commands_have_a_state_of_their_own()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CGSOCKCONT=1,\"IP\",\"CMNET\"\r", Ok);
        await bench.SayAsync("AT+CGSOCKCONT?\r", "\r\n+CGSOCKCONT: 1,\"IP\",\"CMNET\",\"0.0.0.0\",0,0\r\n" + Ok);
        await bench.SayAsync("AT+CGSOCKCONT=1;+CGSOCKCONT?\r", Ok);
        await bench.SayAsync("AT+CNETSTOP\r", "\r\n+CNETSTOP: 4\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CNETIPADDR?\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+CNETSTART\r", Ok + "\r\n+CNETSTART: 0\r\n");
        await bench.SayAsync("AT+CNETSTART\r", "\r\n+CNETSTART: 7\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CNETSTART?;+CNETIPADDR?\r", "\r\n+CNETSTART: 2\r\n\r\n+CNETIPADDR: 10.64.0.2\r\n" + Ok);
        await bench.Modem.SetNetworkAsync(NetworkState.None);
        await bench.SayAsync("AT+CNETSTART?\r", "\r\n+CNETSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CNETSTART\r", "\r\n+CNETSTART: 2\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CGCLASS?;+CGCLASS=\"A\"\r", "\r\n+CGCLASS: \"A\"\r\n" + Ok);
        await bench.SayAsync("AT+CGCLASS=\"CC\"\r", "\r\nERROR\r\n");
    }
}
