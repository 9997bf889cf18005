using Sim7600.Emulator.Faults;

namespace Sim7600.Emulator.Tests.Faults;

/// <summary>Faults of the serial line, byte for byte.</summary>
[Parallelizable(ParallelScope.All)]
public class LineFaultTests
{
    private const string Ok = FaultBench.Ok;

    [Test]
    public async Task What_the_modem_prints_arrives_later()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "line": "delay", "delayMs": 300, "forMs": 1000 }""");
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty);
        Assert.That(await bench.PassAsync(200), Is.Empty);
        Assert.That(await bench.TypeAsync("AT+CSQ\r"), Is.Empty);
        Assert.That(await bench.PassAsync(100), Is.EqualTo(Ok));
        Assert.That(await bench.PassAsync(200), Is.EqualTo("\r\n+CSQ: 24,99\r\n" + Ok));
        await bench.PassAsync(500);
        await bench.SayAsync("AT\r", Ok);
    }

    [Test]
    public async Task What_the_host_sends_arrives_later()
    {
        await using var bench = new ModemBench(echo: true);
        bench.Inject("""{ "line": "delay", "delayMs": 300, "direction": "to-modem", "forMs": 100 }""");
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty);
        await bench.PassAsync(100);
        Assert.That(await bench.TypeAsync("AT+CSQ\r"), Is.Empty, "the line is fast again, and still nothing overtakes");
        Assert.That(await bench.PassAsync(200), Is.EqualTo("AT\r" + Ok + "AT+CSQ\r\r\n+CSQ: 24,99\r\n" + Ok));
    }

    [Test]
    public async Task An_answer_arrives_in_pieces_with_gaps()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "line": "chunk", "size": 4, "gapMs": 10 }""");
        Assert.That(await bench.TypeAsync("AT\r"), Is.EqualTo("\r\nOK"));
        Assert.That(await bench.PassAsync(9), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\n"));
        await bench.PassAsync(100);
        Assert.That(await bench.TypeAsync("AT\rAT\r"), Is.EqualTo("\r\nOK"), "after a pause the first piece waits for nothing");
        Assert.That(await bench.PassAsync(10), Is.EqualTo("\r\n\r\n"));
        Assert.That(await bench.PassAsync(10), Is.EqualTo("OK\r\n"));
    }

    [TestCase("""{ "on": "AT", "line": "drop", "byte": 3 }""")]
    public void A_bare_AT_is_no_command_to_wait_for(string json) => Assert.That(() => ScheduledFault.Parse(json), Throws.TypeOf<ScenarioException>());

    [Test]
    public async Task What_waits_on_a_slow_line_comes_when_that_is_over()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "line": "chunk", "size": 2, "gapMs": 1000, "direction": "to-modem", "forMs": 2500 }""");
        await bench.TypeAsync("AT+CSQ\r");
        Assert.That(await bench.PassAsync(2499), Is.Empty);
        Assert.That(await bench.PassAsync(1), Does.EndWith("\r\nOK\r\n"), "at 3 s the fourth piece would have come");
    }

    [Test]
    public async Task A_byte_to_the_host_is_lost()
    {
        await using var bench = new ModemBench(echo: true);
        bench.Inject("""{ "on": "AT+CSQ", "line": "drop", "byte": 3 }""");
        await bench.SayAsync("AT+CSQ\r", "AT+CSQ\r\r\nCSQ: 24,99\r\n" + Ok, "counted from where the answer begins");
    }

    [Test]
    public async Task A_byte_to_the_modem_is_lost()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "line": "drop", "byte": 4, "direction": "to-modem" }""");
        await bench.SayAsync("AT+CSQ\r", "\r\nERROR\r\n", "AT+SQ");
        await bench.SayAsync("AT+CSQ\r", "\r\n+CSQ: 24,99\r\n" + Ok);
    }

    [Test]
    public async Task A_byte_arrives_twice()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "line": "duplicate", "byte": 9 }""");
        await bench.SayAsync("AT+CSQ\r", "\r\n+CSQ: 224,99\r\n" + Ok);
    }

    [Test]
    public async Task A_byte_arrives_as_another()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "line": "garble", "byte": 3 }""");
        string printed = await bench.TypeAsync("AT\r");
        Assert.That(printed.Remove(2, 1), Is.EqualTo(Ok.Remove(2, 1)));
        Assert.That(printed[2], Is.Not.EqualTo('O'));
    }

    [Test]
    public async Task Noise_is_the_same_for_the_same_seed()
    {
        string clean = string.Concat(Enumerable.Repeat("\r\n+CSQ: 24,99\r\n" + Ok, 20));
        string first = await NoiseAsync();
        Assert.That(first, Has.Length.EqualTo(clean.Length).And.EqualTo(await NoiseAsync()));
        Assert.That(first.Zip(clean).Count(pair => pair.First != pair.Second), Is.InRange(5, clean.Length / 4));

        static async Task<string> NoiseAsync()
        {
            await using var bench = new ModemBench();
            bench.Inject("""{ "line": "noise", "perThousand": 50 }""");
            string printed = "";
            for (int i = 0; i < 20; i++)
            {
                printed += await bench.TypeAsync("AT+CSQ\r");
            }

            return printed;
        }
    }

    [Test]
    public async Task Flow_control_holds_bytes_back()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "line": "flow-stop", "forMs": 1000 }""");
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty);
        Assert.That(await bench.PassAsync(999), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo(Ok));
        bench.Inject("""{ "line": "flow-stop", "direction": "to-modem" }""");
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty);
        bench.Modem.Faults.Clear();
        Assert.That(await bench.PrintedAsync(), Is.EqualTo(Ok));
    }

    [Test]
    public async Task A_wrong_baud_rate_is_garbage()
    {
        await using var bench = new ModemBench();
        bench.Inject("""{ "line": "wrong-baud", "forMs": 1000 }""");
        string printed = await bench.TypeAsync("AT\r");
        Assert.That(printed, Has.Length.EqualTo(Ok.Length));
        Assert.That(printed.Zip(Ok).Any(pair => pair.First == pair.Second), Is.False);
        await bench.PassAsync(1000);
        await bench.SayAsync("AT\r", Ok);
    }

    [Test]
    public async Task A_pulled_cable_hangs_up_and_loses_bytes()
    {
        await using var bench = new ModemBench();
        var cable = new List<bool>();
        bench.Modem.WatchCable(cable.Add);
        bench.Modem.Faults.Unplug(TimeSpan.FromSeconds(5));
        Assert.That(await bench.TypeAsync("AT+CREG=1\r"), Is.Empty);
        Assert.That(cable, Is.EqualTo(new[] { false }));
        await bench.Modem.SendUrcAsync("RING");
        Assert.That(await bench.PassAsync(5000), Is.Empty);
        Assert.That(cable, Is.EqualTo(new[] { false, true }));
        await bench.SayAsync("AT+CREG?\r", "\r\n+CREG: 0,1\r\n" + Ok, "the command was lost, and so was RING");
    }
}
