namespace Sim7600.Emulator.Tests;

/// <summary>Cold boots with every kind of card, and what the modem says on the way to a network.</summary>
[Parallelizable(ParallelScope.All)]
public class BootTests
{
    private const string Ok = "\r\nOK\r\n";
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SimReady = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private static async Task<ModemBench> BootAsync(Action<VirtualModem>? given = null)
    {
        var bench = new ModemBench(boot: BootMode.Real);
        await bench.ChangeAsync(given ?? (_ => { }));
        Assert.That(await bench.PassAsync(Silence), Is.EqualTo("\r\nRDY\r\n"));
        Assert.That(await bench.TypeAsync("ATE0\r"), Is.EqualTo("ATE0\r" + Ok));
        return bench;
    }

    [Test]
    public async Task CSQ_is_good_before_CREG_leaves_searching()
    {
        await using ModemBench bench = await BootAsync();
        await bench.SayAsync("AT+CSQ;+CREG?\r", "\r\n+CSQ: 99,99\r\n\r\n+CREG: 0,0\r\n" + Ok);
        await bench.PassAsync(SimReady);
        await bench.SayAsync("AT+CSQ;+CREG?\r", "\r\n+CSQ: 99,99\r\n\r\n+CREG: 0,2\r\n" + Ok);
        await bench.PassAsync(TimeSpan.FromSeconds(2));
        await bench.SayAsync("AT+CSQ;+CREG?\r", "\r\n+CSQ: 24,99\r\n\r\n+CREG: 0,2\r\n" + Ok, "field note 26");
        await bench.PassAsync(TimeSpan.FromSeconds(2));
        Assert.That(await bench.TypeAsync("AT+CSQ;+CREG?;+CGATT?\r"), Does.EndWith("\r\n+CSQ: 24,99\r\n\r\n+CREG: 0,1\r\n\r\n+CGATT: 1\r\n" + Ok));
    }

    [Test]
    public async Task Registration_reports_come_in_the_form_that_each_command_asked_for()
    {
        await using ModemBench bench = await BootAsync();
        await bench.SayAsync("AT+CREG=1;+CGREG=2;+CEREG=2;+CNSMOD=1\r", Ok);
        string printed = await bench.LiveAsync(TimeSpan.FromSeconds(8), Step);
        Assert.That(printed, Is.EqualTo(
            "\r\n+CPIN: READY\r\n\r\n+CREG: 2\r\n\r\n+CGREG: 2\r\n\r\n+CEREG: 2\r\n\r\nSMS DONE\r\n"
            + "\r\n+CREG: 1\r\n\r\n+CGREG: 1,0001,1A2D001\r\n\r\n+CEREG: 1,0001,1A2D001,7\r\n\r\n+CNSMOD: 8\r\n\r\nPB DONE\r\n"));
        await bench.SayAsync("AT+CREG?;+CGREG?;+CEREG?\r", "\r\n+CREG: 1,1\r\n\r\n+CGREG: 2,1,0001,1A2D001\r\n\r\n+CEREG: 2,1,0001,1A2D001,7\r\n" + Ok);
    }

    [Test]
    public async Task A_locked_card_stops_the_boot_until_its_PIN_comes()
    {
        await using ModemBench bench = await BootAsync(modem => modem.Sim.State = SimState.Pin);
        await bench.SayAsync("AT+CPIN?\r", "\r\n+CME ERROR: SIM busy\r\n");
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(20), Step), Is.EqualTo("\r\n+CPIN: SIM PIN\r\n"));
        await bench.SayAsync("AT+CPIN?;+CREG?\r", "\r\n+CPIN: SIM PIN\r\n\r\n+CREG: 0,0\r\n" + Ok);
        await bench.SayAsync("AT+CIMI\r", "\r\n+CME ERROR: SIM PIN required\r\n");
        await bench.SayAsync("AT+CREG=1\r", Ok);
        await bench.SayAsync("AT+CPIN=\"1234\"\r", Ok + "\r\n+CPIN: READY\r\n\r\n+CREG: 2\r\n");
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(6), Step), Is.EqualTo("\r\nSMS DONE\r\n\r\n+CREG: 1\r\n\r\nPB DONE\r\n"));
    }

    [Test]
    public async Task A_card_that_waits_for_its_PUK_says_so()
    {
        await using ModemBench bench = await BootAsync(modem => modem.Sim.State = SimState.Puk);
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(20), Step), Is.EqualTo("\r\n+CPIN: SIM PUK\r\n"));
        await bench.SayAsync("AT+CPIN?\r", "\r\n+CPIN: SIM PUK\r\n" + Ok);
    }

    [Test]
    public async Task Without_a_card_there_is_neither_SMS_nor_phone_book_nor_network()
    {
        await using ModemBench bench = await BootAsync(modem => modem.Sim.State = SimState.Absent);
        await bench.SayAsync("AT+CPIN?\r", "\r\n+CME ERROR: SIM not inserted\r\n");
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(20), Step), Is.EqualTo("\r\n+SIMCARD: NOT AVAILABLE\r\n"));
        await bench.SayAsync("AT+CREG?\r", "\r\n+CREG: 0,0\r\n" + Ok);
        await bench.SayAsync("AT+CMEE=1\r", Ok);
        await bench.SayAsync("AT+CIMI\r", "\r\n+CME ERROR: 10\r\n");
    }

    [TestCase(NetworkState.Denied, "3")]
    [TestCase(NetworkState.Roaming, "5,0001,1A2D001")]
    [TestCase(NetworkState.Searching, "2")]
    public async Task The_network_decides_how_the_search_ends(NetworkState network, string status)
    {
        await using ModemBench bench = await BootAsync(modem => modem.Network.State = network);
        await bench.SayAsync("AT+CREG=2\r", Ok);
        await bench.LiveAsync(TimeSpan.FromSeconds(10), Step);
        await bench.SayAsync("AT+CREG?\r", $"\r\n+CREG: 2,{status}\r\n" + Ok);
    }

    [Test]
    public async Task With_automatic_baud_rate_the_first_line_is_confirmed_instead_of_RDY()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+IPREX=0\r", Ok);
        await bench.SayAsync("AT+CRESET\r", Ok);
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(400)), Does.StartWith("\r\n+CPIN: READY\r\n"));
        Assert.That(await bench.TypeAsync("ATE0\r"), Is.EqualTo("ATE0\r\r\nAutobaud: OK\r\n" + Ok));
        await bench.SayAsync("AT\r", Ok);
    }

    [Test]
    public async Task What_is_typed_while_the_module_is_off_is_lost()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CPOF\r", Ok);
        Assert.That(await bench.TypeAsync("AT\rAT+CREG"), Is.Empty);
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(1)), Is.Empty, "it stays off");
        await bench.Modem.ResetAsync();
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(400)), Is.EqualTo("\r\nRDY\r\n\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n"));
    }
}
