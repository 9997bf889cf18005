namespace Sim7600.Emulator.Tests;

/// <summary>CFUN, CRESET, CPOF, AT&amp;W and what they take along.</summary>
[Parallelizable(ParallelScope.All)]
public class FunctionalityTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Losses = "\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n";
    private static readonly TimeSpan Boot = TimeSpan.FromMilliseconds(400);

    private static async Task<ModemBench> OnlineAsync()
    {
        var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.ChangeAsync(modem => modem.Packet.NetworkServiceOpen = true);
        return bench;
    }

    [TestCase("AT+CRESET")]
    [TestCase("AT+CFUN=6")]
    [TestCase("AT+CFUN=1,1")]
    public async Task A_restart_names_its_losses_in_the_order_of_a_real_session_then_boots(string command)
    {
        await using ModemBench bench = await OnlineAsync();
        await bench.SayAsync($"{command}\r", Ok + Losses, "transcript 004");
        Assert.That(await bench.LiveAsync(Boot), Is.EqualTo("\r\nRDY\r\n\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n"));
        Assert.That(await bench.TypeAsync("AT+NETOPEN?\r"), Does.EndWith("\r\n+NETOPEN: 0\r\n" + Ok));
    }

    [Test]
    public async Task With_NETOPEN_alone_only_its_own_loss_is_named()
    {
        await using var bench = new ModemBench();
        await bench.ChangeAsync(modem => modem.Packet.NetworkServiceOpen = true);
        await bench.SayAsync("AT+CRESET\r", Ok + "\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n", "transcript 006");
    }

    [Test]
    public async Task CPOF_names_the_losses_and_goes_silent()
    {
        await using ModemBench bench = await OnlineAsync();
        await bench.SayAsync("AT+CPOF\r", Ok + Losses);
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty);
    }

    [TestCase(0, "\r\n+SIMCARD: NOT AVAILABLE\r\n", "NO SERVICE,Low Power Mode")]
    [TestCase(4, "", "NO SERVICE,Low Power Mode")]
    [TestCase(5, "", "NO SERVICE,Factory Test Mode")]
    [TestCase(7, "", "NO SERVICE,Offline")]
    public async Task Less_functionality_takes_the_network_and_all_that_lives_on_it(int mode, string card, string system)
    {
        await using ModemBench bench = await OnlineAsync();
        await bench.SayAsync("AT+CREG=1;+CEREG=1;+CGEREP=2\r", Ok);
        await bench.SayAsync($"AT+CFUN={mode}\r", Ok + card + "\r\n+CREG: 0\r\n\r\n+CEREG: 0\r\n\r\n+CGEV: ME DETACH\r\n" + Losses);
        await bench.SayAsync("AT+CFUN?;+CSQ;+CPSI?;+COPS?\r", $"\r\n+CFUN: {mode}\r\n\r\n+CSQ: 99,99\r\n\r\n+CPSI: {system}\r\n\r\n+COPS: 0\r\n" + Ok);
        await bench.SayAsync("AT+CGPADDR=1\r", "\r\n+CGPADDR: 1,0.0.0.0\r\n" + Ok);
    }

    [Test]
    public async Task Flight_mode_keeps_the_card_and_its_end_needs_a_search()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CFUN=4\r", Ok);
        await bench.SayAsync("AT+CPIN?\r", "\r\n+CPIN: READY\r\n" + Ok);
        await bench.SayAsync("AT+CREG=1\r", Ok);
        await bench.SayAsync("AT+CFUN=1\r", Ok + "\r\n+CREG: 2\r\n");
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(100)), Is.EqualTo("\r\n+CREG: 1\r\n"), "no card messages");
    }

    [Test]
    public async Task Offline_mode_ends_only_with_a_restart()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CFUN=7\r", Ok);
        await bench.SayAsync("AT+CFUN=1\r", "\r\n+CME ERROR: operation not allowed\r\n");
        await bench.SayAsync("AT+CFUN=6\r", Ok);
        await bench.LiveAsync(Boot);
        Assert.That(await bench.TypeAsync("AT+CFUN?\r"), Does.EndWith("\r\n+CFUN: 1\r\n" + Ok));
    }

    [TestCase("AT+CFUN=0,1")]
    [TestCase("AT+CFUN=2")]
    [TestCase("AT+CFUN=1,2")]
    public async Task What_the_manual_does_not_allow_is_refused(string command)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"{command}\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+CFUN?\r", "\r\n+CFUN: 1\r\n" + Ok);
    }

    [Test]
    public async Task AT_and_W_keeps_the_radio_off_over_a_restart()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CFUN=0\r", Ok + "\r\n+SIMCARD: NOT AVAILABLE\r\n");
        await bench.SayAsync("AT&W\r", Ok);
        await bench.SayAsync("AT+CRESET\r", Ok);
        Assert.That(await bench.LiveAsync(Boot), Is.EqualTo("\r\nRDY\r\n"), "field note 31");
        await bench.SayAsync("AT+CFUN?\r", "\r\n+CFUN: 0\r\n" + Ok, "echo was saved as off");
        await bench.SayAsync("AT+CFUN=1\r", Ok);
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(100)), Is.EqualTo("\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n"));
    }
}
