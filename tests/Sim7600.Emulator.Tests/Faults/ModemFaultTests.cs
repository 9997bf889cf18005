namespace Sim7600.Emulator.Tests.Faults;

/// <summary>Faults of the module, byte for byte.</summary>
[Parallelizable(ParallelScope.All)]
public class ModemFaultTests
{
    private const string Ok = FaultBench.Ok;

    [Test]
    public async Task A_late_answer_comes_after_its_delay_and_what_is_typed_meanwhile_waits()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "on": "AT+CSQ", "skip": 1, "times": 1, "modem": "late-answer", "delayMs": 61000 }""");
        await bench.SayAsync("AT+CSQ\r", "\r\n+CSQ: 24,99\r\n" + Ok, "the first passes");
        Assert.That(await bench.TypeAsync("AT+CSQ\rAT+CREG?\r"), Is.Empty);
        Assert.That(await bench.PassAsync(60_999), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\n+CSQ: 24,99\r\n" + Ok + "\r\n+CREG: 0,1\r\n" + Ok));
        await bench.SayAsync("AT+CSQ\r", "\r\n+CSQ: 24,99\r\n" + Ok, "once only");
    }

    [Test]
    public async Task A_command_without_answer_is_not_run()
    {
        await using var bench = new ModemBench(echo: true);
        bench.Inject("""{ "on": "ATE", "modem": "no-answer" }""");
        await bench.SayAsync("ATE0\r", "ATE0\r");
        await bench.SayAsync("AT\r", "AT\r" + Ok, "echo is still on");
    }

    [Test]
    public async Task One_form_of_a_command_can_be_meant()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "on": "at+creg?", "times": 2, "modem": "no-answer" }""");
        await bench.SayAsync("AT+CREG=1\r", Ok);
        await bench.SayAsync("AT+CREG=?\r", "\r\n+CREG: (0-2)\r\n" + Ok);
        Assert.That(await bench.TypeAsync("AT+CREG?\r"), Is.Empty);
        Assert.That(await bench.TypeAsync("AT+CREG?\r"), Is.Empty);
        await bench.SayAsync("AT+CREG?\r", "\r\n+CREG: 1,1\r\n" + Ok);
    }

    [Test]
    public async Task A_missing_prompt_makes_the_next_command_data()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Inject("""{ "on": "AT+CMQTTTOPIC", "modem": "missing-prompt" }""");
        Assert.That(await bench.TypeAsync("AT+CMQTTTOPIC=0,3\r"), Is.Empty);
        await bench.SayAsync("AT\rAT\r", Ok + Ok, "the first AT and its CR were the topic");
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r", "\r\n>");
    }

    [Test]
    public async Task A_late_prompt_takes_what_came_before_it()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Inject("""{ "on": "AT+CMQTTTOPIC", "modem": "late-prompt", "delayMs": 3000 }""");
        Assert.That(await bench.TypeAsync("AT+CMQTTTOPIC=0,3\ra/"), Is.Empty);
        Assert.That(await bench.PassAsync(2999), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\n>"));
        await bench.SayAsync("b", Ok);
    }

    [Test]
    public async Task A_URC_stands_in_the_middle_of_an_answer()
    {
        await using var bench = new ModemBench(echo: true);
        bench.Inject("""{ "on": "AT+CSQ", "modem": "urc", "text": "+CREG: 2", "afterBytes": 8 }""");
        await bench.SayAsync("AT+CSQ\r", "AT+CSQ\r\r\n+CSQ: \r\n+CREG: 2\r\n24,99\r\n" + Ok);
        Assert.That(await bench.InjectAsync("""{ "modem": "urc", "text": "RING" }"""), Is.EqualTo("\r\nRING\r\n"), "at once");
    }

    [Test]
    public async Task A_URC_can_tear_a_result_line_from_its_OK()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.CacheAsync();
        bench.Inject("""{ "on": "AT+CMQTTPUB", "modem": "urc", "text": "PB DONE", "afterBytes": 6 }""");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", "\r\nOK\r\n\r\nPB DONE\r\n\r\n+CMQTTPUB: 0,0\r\n");
    }

    [Test]
    public async Task A_crash_shows_the_banner_in_place_of_an_answer()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Inject("""{ "on": "AT+CSQ", "modem": "boot-banner" }""");
        await bench.SayAsync("AT+CSQ\r", "\r\nRDY\r\n");
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(1)), Does.StartWith("\r\n+CPIN: READY\r\n").And.EndWith("\r\nPB DONE\r\n"));
        Assert.That(bench.Broker.Log, Does.Contain("closed").And.Not.Contain("disconnect"));
        await bench.SayAsync("ATE0\r", "ATE0\r" + Ok, "echo is on after a boot");
        await bench.SayAsync("AT+CMQTTDISC=0,60\r", "\r\n+CMQTTDISC: 0,11\r\n\r\nERROR\r\n", "the service is gone");
    }

    [Test]
    public async Task The_echo_comes_back()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "atMs": 1000, "modem": "echo-on" }""");
        await bench.SayAsync("AT\r", Ok);
        Assert.That(await bench.PassAsync(1000), Is.Empty);
        await bench.SayAsync("AT\r", "AT\r" + Ok);
    }

    [Test]
    public async Task Starved_data_waits_for_more()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Inject("""{ "on": "AT+CMQTTPAYLOAD", "modem": "starved-data", "bytes": 2 }""");
        await bench.SayAsync("AT+CMQTTPAYLOAD=0,5\r", "\r\n>");
        Assert.That(await bench.TypeAsync("hello"), Is.Empty);
        await bench.SayAsync("AT", Ok, "two bytes of the next command complete it");
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r", "\r\n>");
        await bench.SayAsync("t/1", Ok);
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok + "\r\n+CMQTTPUB: 0,0\r\n");
        Assert.That(bench.Broker.Sessions.Single().Published.Single().Payload, Is.EqualTo("lloAT"u8.ToArray()));
    }

    [Test]
    public async Task A_frozen_modem_says_everything_when_it_goes_on()
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.InjectAsync("""{ "modem": "freeze", "forMs": 5000 }"""), Is.Empty);
        Assert.That(await bench.TypeAsync("AT+CSQ\r"), Is.Empty);
        await bench.Modem.SendUrcAsync("RING");
        Assert.That(await bench.PassAsync(4999), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\nRING\r\n\r\n+CSQ: 24,99\r\n" + Ok));
    }

    [Test]
    public async Task A_reset_ends_a_freeze()
    {
        await using var bench = new ModemBench();
        await bench.InjectAsync("""{ "modem": "freeze" }""");
        await bench.TypeAsync("AT+CSQ\r");
        await bench.Modem.SendUrcAsync("RING");
        await bench.Modem.ResetAsync();
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(1)), Does.StartWith("\r\nRDY\r\n"), "what was held is lost");
        await bench.SayAsync("AT\r", "AT\r" + Ok);
    }

    [Test]
    public async Task A_reset_is_silent_and_boots()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Inject("""{ "on": "AT+CSQ", "modem": "reset" }""");
        Assert.That(await bench.TypeAsync("AT+CSQ\r"), Is.Empty);
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(1)), Does.StartWith("\r\nRDY\r\n"));
        Assert.That(bench.Broker.Log, Does.Contain("closed").And.Not.Contain("disconnect"));
    }

    [TestCase("+CMQTTPUB: 0,17", Ok + "\r\n+CMQTTPUB: 0,17\r\n", Description = "the result comes after OK")]
    [TestCase("+CMQTTPUB: 0,11\nERROR", "\r\n+CMQTTPUB: 0,11\r\n\r\nERROR\r\n")]
    [TestCase("OK\n+CMQTTPUB: 0,17\n+CMQTTCONNLOST: 0,1", Ok + "\r\n+CMQTTPUB: 0,17\r\n\r\n+CMQTTCONNLOST: 0,1\r\n")]
    [TestCase("+CME ERROR: operation not allowed", "\r\n+CME ERROR: operation not allowed\r\n")]
    [TestCase("FIRST\nSECOND", "\r\nFIRST\r\nSECOND\r\n" + Ok)]
    public async Task A_reply_stands_for_the_answer(string reply, string expected)
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.CacheAsync();
        bench.Modem.Faults.Reply("AT+CMQTTPUB", reply);
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", expected);
        Assert.That(bench.Broker.Sessions.Single().Published, Is.Empty, "it is not run");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok + "\r\n+CMQTTPUB: 0,0\r\n");
    }

    [Test]
    public async Task A_reply_may_be_late_and_stand_for_a_command_that_nobody_knows()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{"command":"AT+XYZ","reply":"+XYZ: 1","times":2,"delayMs":500}""");
        Assert.That(await bench.TypeAsync("AT+XYZ=5\r"), Is.Empty);
        Assert.That(await bench.PassAsync(499), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\n+XYZ: 1\r\n" + Ok));
        Assert.That(await bench.TypeAsync("AT+XYZ\r"), Is.Empty);
        Assert.That(await bench.PassAsync(500), Is.EqualTo("\r\n+XYZ: 1\r\n" + Ok));
        await bench.SayAsync("AT+XYZ\r", "\r\nERROR\r\n");
    }

    [Test]
    public async Task What_is_planned_outlives_a_reset()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "atMs": 5000, "modem": "urc", "text": "RING" }""");
        bench.Inject("""{ "network": "down", "forMs": 6000 }""");
        await bench.Modem.ResetAsync();
        await bench.LiveAsync(TimeSpan.FromSeconds(2));
        await bench.SayAsync("ATE0;+CREG=1\r", "ATE0;+CREG=1\r" + Ok);
        Assert.That(await bench.PassAsync(3000), Is.EqualTo("\r\nRING\r\n"));
        Assert.That(await bench.PassAsync(1000), Is.EqualTo("\r\n+CREG: 1\r\n"), "the network is back");
    }

    [Test]
    public async Task What_was_cleared_does_not_happen()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "on": "AT+CSQ", "modem": "no-answer" }""");
        bench.Inject("""{ "atMs": 1000, "modem": "reset" }""");
        bench.Inject("""{ "modem": "freeze" }""");
        bench.Inject("""{ "modem": "urc", "text": "RING", "afterBytes": 3 }""");
        bench.Modem.Faults.Clear();
        await bench.SayAsync("AT+CSQ\r", "\r\n+CSQ: 24,99\r\n" + Ok);
        Assert.That(await bench.PassAsync(2000), Is.Empty);
    }
}
