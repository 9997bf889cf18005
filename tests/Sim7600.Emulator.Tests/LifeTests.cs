namespace Sim7600.Emulator.Tests;

/// <summary>Boot, SIM, registration and reset with what they take along, on a clock that the test turns.</summary>
[Parallelizable(ParallelScope.All)]
public class LifeTests
{
    private const string Ok = "\r\nOK\r\n";

    [Test]
    public async Task A_cold_boot_is_silent_then_says_RDY_and_the_rest_in_order()
    {
        await using var bench = new ModemBench(boot: BootMode.Real);
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty, "nothing is echoed or answered before RDY");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(9.9)), Is.Empty);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(0.1)), Is.EqualTo("\r\nRDY\r\n"), "what was typed before is lost");
        Assert.That(await bench.TypeAsync("ATE0\rAT+CPIN?\r"), Is.EqualTo("ATE0\r" + Ok + "\r\n+CME ERROR: SIM busy\r\n"));
        Assert.That(await bench.TypeAsync("AT+CREG=1\r"), Is.EqualTo(Ok));
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(1.5)), Is.EqualTo("\r\n+CPIN: READY\r\n\r\n+CREG: 2\r\n"));
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(3)), Is.EqualTo("\r\nSMS DONE\r\n"));
        Assert.That(await bench.TypeAsync("AT+CREG?\r"), Is.EqualTo("\r\n+CREG: 1,2\r\n" + Ok));
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(1)), Is.EqualTo("\r\n+CREG: 1\r\n"));
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(1)), Is.EqualTo("\r\nPB DONE\r\n"));
    }

    [Test]
    public async Task CRESET_closes_MQTT_says_so_and_boots()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CRESET\r", Ok + "\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n");
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty, "a module that boots answers nothing");
        string boot = "";
        for (int i = 0; i < 300; i++)
        {
            boot += await bench.PassAsync(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(boot, Is.EqualTo("\r\nRDY\r\n\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n"));
        Assert.That(await bench.TypeAsync("AT+CMQTTDISC?\r"), Is.EqualTo("AT+CMQTTDISC?\r\r\nERROR\r\n"), "echo is back and the service is stopped");
    }

    [Test]
    public async Task CFUN_0_releases_the_SIM_and_the_network_and_CFUN_1_brings_both_back()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CREG=1\r", Ok);
        await bench.SayAsync("AT+CFUN=0\r", Ok + "\r\n+SIMCARD: NOT AVAILABLE\r\n\r\n+CREG: 0\r\n\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n");
        await bench.SayAsync("AT+CPIN?\r", "\r\n+CME ERROR: SIM not inserted\r\n");
        await bench.SayAsync("AT+CSQ\r", "\r\n+CSQ: 99,99\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 7\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CFUN=1\r", Ok);
        string back = "";
        for (int i = 0; i < 100; i++)
        {
            back += await bench.PassAsync(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(back, Is.EqualTo("\r\n+CPIN: READY\r\n\r\n+CREG: 2\r\n\r\nSMS DONE\r\n\r\n+CREG: 1\r\n\r\nPB DONE\r\n"));
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
    }

    [Test]
    public async Task Losing_the_network_drops_MQTT_and_shows_in_every_query()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CEREG=2\r", Ok);
        await bench.Modem.SetNetworkAsync(NetworkState.Searching);
        await bench.ExpectAsync("\r\n+CEREG: 2\r\n\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n");
        await bench.SayAsync("AT+COPS?\r", "\r\n+COPS: 0\r\n" + Ok);
        await bench.SayAsync("AT+CPSI?\r", "\r\n+CPSI: NO SERVICE,Online\r\n" + Ok);
        await bench.SayAsync("AT+CGATT?\r", "\r\n+CGATT: 0\r\n" + Ok);
        await bench.Modem.SetNetworkAsync(NetworkState.Roaming);
        await bench.ExpectAsync("\r\n+CEREG: 5,0001,1A2D001,7\r\n");
        await bench.SayAsync("AT+CGACT?\r", "\r\n+CGACT: 1,1\r\n+CGACT: 2,0\r\n+CGACT: 3,0\r\n" + Ok);
    }

    [Test]
    public async Task Three_wrong_PINs_block_the_card_and_the_PUK_opens_it()
    {
        await using var bench = new ModemBench();
        await bench.Modem.SetSimAsync(SimState.Pin);
        await bench.ExpectAsync("\r\n+CPIN: SIM PIN\r\n");
        await bench.SayAsync("AT+CPIN?\r", "\r\n+CPIN: SIM PIN\r\n" + Ok);
        await bench.SayAsync("AT+CIMI\r", "\r\n+CME ERROR: SIM PIN required\r\n");
        foreach (int left in new[] { 2, 1, 0 })
        {
            await bench.SayAsync("AT+CPIN=\"0000\"\r", "\r\n+CME ERROR: incorrect password\r\n");
            await bench.SayAsync("AT+SPIC\r", $"\r\n+SPIC: {left},10,0,10\r\n" + Ok);
        }

        await bench.SayAsync("AT+CPIN=\"1234\"\r", "\r\n+CME ERROR: SIM PUK required\r\n");
        await bench.SayAsync("AT+CPIN=\"12345678\",\"4321\"\r", Ok + "\r\n+CPIN: READY\r\n");
        await bench.SayAsync("AT+CPIN=\"4321\"\r", "\r\n+CME ERROR: operation not allowed\r\n");
        await bench.SayAsync("AT+CIMI\r", $"\r\n{bench.Modem.Identity.Imsi}\r\n" + Ok);
    }

    [TestCase(0, "\r\nERROR\r\n")]
    [TestCase(1, "\r\n+CME ERROR: 10\r\n")]
    [TestCase(2, "\r\n+CME ERROR: SIM not inserted\r\n")]
    public async Task CMEE_chooses_how_an_error_is_shown(int mode, string answer)
    {
        await using var bench = new ModemBench();
        await bench.Modem.SetSimAsync(SimState.Absent);
        await bench.ExpectAsync("\r\n+SIMCARD: NOT AVAILABLE\r\n");
        await bench.SayAsync($"AT+CMEE={mode}\r", Ok);
        await bench.SayAsync("AT+CPIN?\r", answer);
    }

    [Test]
    public async Task The_commands_that_a_client_begins_with_answer()
    {
        await using var bench = new ModemBench();
        ModemIdentity identity = bench.Modem.Identity;
        await bench.SayAsync("ATI\r", $"\r\nManufacturer: {identity.Manufacturer}\r\nModel: {identity.Model}\r\nRevision: {identity.Revision}\r\nIMEI: {identity.Imei}\r\n+GCAP: +CGSM\r\n" + Ok);
        await bench.SayAsync("AT+CGMI\r", $"\r\n{identity.Manufacturer}\r\n" + Ok);
        await bench.SayAsync("AT+CGMM\r", $"\r\n{identity.Model}\r\n" + Ok);
        await bench.SayAsync("AT+CGMR\r", $"\r\n+CGMR: {identity.Build}\r\n" + Ok);
        await bench.SayAsync("AT+CGSN\r", $"\r\n{identity.Imei}\r\n" + Ok);
        await bench.SayAsync("AT+CICCID\r", $"\r\n+ICCID: {identity.Iccid}\r\n" + Ok);
        await bench.SayAsync("AT+COPS?\r", "\r\n+COPS: 0,0,\"Test Network\",7\r\n" + Ok);
        await bench.SayAsync("AT+COPS=3,2;+COPS?\r", "\r\n+COPS: 0,2,\"00101\",7\r\n" + Ok);
        await bench.SayAsync("AT+CGDCONT=1,\"IP\",\"internet\"\r", Ok);
        await bench.SayAsync("AT+CGDCONT?\r", "\r\n+CGDCONT: 1,\"IP\",\"internet\",\"0.0.0.0\",0,0,0,0\r\n+CGDCONT: 2,\"IPV4V6\",\"ims\",\"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0\",0,0,0,0\r\n+CGDCONT: 3,\"IPV4V6\",\"SOS\",\"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0\",0,0,0,1\r\n" + Ok);
        await bench.SayAsync("AT+CGPADDR=1\r", "\r\n+CGPADDR: 1,10.64.0.2\r\n" + Ok);
        await bench.SayAsync("AT+IFC?\r", "\r\n+IFC: 0,0\r\n" + Ok);
        await bench.SayAsync("AT+IPR?\r", "\r\n+IPR: 115200\r\n" + Ok);
        await bench.SayAsync("AT+IPR=12345\r", "\r\nERROR\r\n");
    }

    [Test]
    public async Task Ending_a_modem_in_the_middle_of_everything_ends()
    {
        var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTSUB=0,1,0\r", "\r\n>");
        await bench.SayAsync("t", Ok);
        await bench.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(bench.Broker.Log, Does.Contain("closed"));
    }
}
