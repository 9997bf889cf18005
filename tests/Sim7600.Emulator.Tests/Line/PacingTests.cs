using System.Text;
using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Tests.Faults;

namespace Sim7600.Emulator.Tests.Line;

/// <summary>A line that takes its time: 10 bits a byte, in both directions, on the clock of the test.</summary>
[Parallelizable(ParallelScope.All)]
public class PacingTests
{
    private const string Ok = FaultBench.Ok;

    [Test]
    public async Task A_byte_arrives_when_its_stop_bit_has_passed()
    {
        // 9,600 baud: 1.0417 ms a byte
        await using var bench = new ModemBench(baudRate: 9600);
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty);
        await bench.PassAsync(4);
        Assert.That(await bench.PassAsync(0), Is.Empty, "three bytes take 3.125 ms, the first byte back another 1.04, or one timer more");
        string printed = "";
        for (int i = 0; i < 8; i++)
        {
            printed += await bench.PassAsync(1);
        }

        Assert.That(printed, Is.EqualTo(Ok));
    }

    [TestCase(9600)]
    [TestCase(115200)]
    [TestCase(921600)]
    public async Task A_long_answer_takes_its_time_and_no_more(int rate)
    {
        await using var bench = new ModemBench(baudRate: rate);
        string text = new('x', 498);
        for (int i = 0; i < 40; i++)
        {
            await bench.Modem.SendUrcAsync(text);
        }

        int arrived = 0;
        int total = 40 * 502;
        for (int milliseconds = 1; arrived < total; milliseconds++)
        {
            arrived += (await bench.PassAsync(1)).Length;
            Assert.That(arrived, Is.EqualTo(Math.Min(total, milliseconds * (long)rate / 10_000)), $"after {milliseconds} ms");
        }
    }

    [Test]
    public async Task A_late_timer_delivers_what_is_due_and_loses_nothing_of_the_rate()
    {
        await using var bench = new ModemBench(baudRate: 921600);
        for (int i = 0; i < 40; i++)
        {
            await bench.Modem.SendUrcAsync(new string('x', 498));
        }

        int arrived = 0;
        for (int milliseconds = 16; milliseconds <= 160; milliseconds += 16)
        {
            arrived += (await bench.PassAsync(16)).Length;
            Assert.That(arrived, Is.EqualTo(milliseconds * 92160L / 1000));
        }
    }

    [Test]
    public async Task What_the_host_sends_is_taken_at_the_rate_of_the_line()
    {
        await using var bench = new ModemBench(baudRate: 9600, echo: true);
        Task room = bench.Modem.ReceiveAsync(Encoding.ASCII.GetBytes(new string('x', 96)));
        await bench.PassAsync(50);
        Assert.That(room.IsCompleted, Is.False, "48 of 96 bytes have passed");
        await bench.PassAsync(40);
        await room.WaitAsync(TimeSpan.FromSeconds(20));
        ModemStatus status = await bench.Modem.GetStatusAsync();
        Assert.That(status.BytesReceived, Is.EqualTo(86), "90 ms at 960 bytes a second");
    }

    [Test]
    public async Task A_line_without_a_speed_takes_no_time()
    {
        await using var bench = new ModemBench();
        await bench.Modem.ReceiveAsync(new byte[100_000]).WaitAsync(TimeSpan.FromSeconds(20));
        await bench.SayAsync("\rAT\r", Ok);
    }

    [Test]
    public async Task AT_IPR_changes_the_speed_once_its_OK_has_passed()
    {
        await using var bench = new ModemBench(baudRate: 9600);
        await bench.TypeAsync("AT+IPR=115200\r");
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(1)), Is.EqualTo("\r\nOK"), "14 + 6 bytes at 9,600 baud are 20.8 ms");
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(1)), Is.EqualTo("\r\n"));
        await bench.TypeAsync("AT+IPR?\r");
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(1)), Is.EqualTo("\r\n+IPR: 115200\r\n" + Ok), "30 bytes in 2.6 ms");
    }

    [Test]
    public async Task A_reset_goes_back_to_the_stored_speed()
    {
        await using var bench = new ModemBench(baudRate: 9600);
        await bench.TypeAsync("AT+IPR=115200\r");
        await bench.LiveAsync(TimeSpan.FromMilliseconds(30));
        await bench.Modem.ResetAsync();
        await bench.LiveAsync(TimeSpan.FromSeconds(2));
        await bench.TypeAsync("ATE0\r");
        await bench.LiveAsync(TimeSpan.FromMilliseconds(50));
        await bench.TypeAsync("AT\r");
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(8), TimeSpan.FromMilliseconds(1)), Is.EqualTo("\r\nO"), "9 bytes at 9,600 baud are 9.4 ms");
    }

    [Test]
    public async Task A_gap_is_silence_between_the_pieces()
    {
        await using var bench = new ModemBench(baudRate: 9600);
        bench.Inject("""{ "line": "chunk", "size": 4, "gapMs": 10 }""");
        await bench.TypeAsync("AT\r");
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(9), TimeSpan.FromMilliseconds(1)), Is.EqualTo("\r\nOK"));
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(1)), Is.Empty);
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(1)), Is.EqualTo("\r\n"));
    }

    [Test]
    public async Task Pieces_with_gaps_meet_noise_and_a_pulled_cable()
    {
        await using var bench = new ModemBench(baudRate: 9600);
        bench.Inject("""{ "line": "chunk", "size": 4, "gapMs": 10 }""");
        bench.Inject("""{ "line": "noise", "perThousand": 1000 }""");
        await bench.TypeAsync("AT\r");
        string printed = await bench.LiveAsync(TimeSpan.FromMilliseconds(12), TimeSpan.FromMilliseconds(1));
        Assert.That(printed, Has.Length.EqualTo(4));
        Assert.That(printed.Zip(Ok).Any(pair => pair.First == pair.Second), Is.False);
        bench.Modem.Faults.Unplug(TimeSpan.FromMilliseconds(50));
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(60)), Is.Empty, "the second piece went nowhere");
        bench.Modem.Faults.Clear();
        await bench.TypeAsync("AT\r");
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(12)), Is.EqualTo(Ok));
    }

    [Test]
    public async Task Flow_control_stops_the_line_between_two_bytes()
    {
        await using var bench = new ModemBench(baudRate: 9600);
        await bench.TypeAsync("AT\r");
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(7), TimeSpan.FromMilliseconds(1)), Is.EqualTo("\r\n"));
        bench.Inject("""{ "line": "flow-stop", "forMs": 1000 }""");
        Assert.That(await bench.PassAsync(999), Is.Empty);
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(1)), Is.Empty, "a byte begins when the line goes on");
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(1)), Is.EqualTo("OK\r\n"));
    }

    [Test]
    public async Task A_host_that_reads_too_slowly_loses_bytes()
    {
        var host = new ScriptedHostEnd { Unread = 0 };
        await using var bench = new ModemBench(baudRate: 9600, host: host);
        bench.Modem.Faults.Inject(new LineOverrun(Holds: 2, ByteTimes: 3));
        await bench.Modem.SendUrcAsync("0123456789");
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(6), TimeSpan.FromMilliseconds(1)), Is.EqualTo("\r\n012"));
        host.Unread = 3;
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(6), TimeSpan.FromMilliseconds(1)), Is.EqualTo("3456"), "three bytes' time is granted");
        host.Unread = 2;
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(6), TimeSpan.FromMilliseconds(1)), Is.EqualTo("9\r\n"), "78 are lost");
    }

    [Test]
    public async Task A_line_that_does_not_show_what_is_unread_has_no_overrun()
    {
        var told = new List<TimelineEntry>();
        await using var bench = new ModemBench(baudRate: 9600, host: new ScriptedHostEnd { Unread = null }, timeline: told.Add);
        await bench.InjectAsync("""{ "line": "overrun" }""");
        Assert.That(told.Single(entry => entry.Kind == TimelineKind.Fault).Note, Is.EqualTo("no effect: what the host leaves unread cannot be seen on this line; it can on a PTY that no program has locked"));
    }

    [Test]
    public async Task An_overrun_that_begins_before_its_host_is_seen_tells_once_that_it_has_no_effect()
    {
        var told = new List<TimelineEntry>();
        var host = new ScriptedHostEnd { Unread = 0 };
        await using var bench = new ModemBench(baudRate: 9600, host: host, timeline: told.Add);
        await bench.InjectAsync("""{ "line": "overrun" }""");
        host.Unread = null;
        await bench.Modem.SendUrcAsync("0123456789");
        await bench.LiveAsync(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(1));
        Assert.That(told.Count(entry => entry.Kind == TimelineKind.Fault && entry.Note?.StartsWith("no effect: what the host leaves unread", StringComparison.Ordinal) == true), Is.EqualTo(1));
    }
}
