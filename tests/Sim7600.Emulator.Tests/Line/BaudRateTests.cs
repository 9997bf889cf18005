using Sim7600.Emulator.Tests.Faults;

namespace Sim7600.Emulator.Tests.Line;

/// <summary>Two ends of the line at different speeds.</summary>
[Parallelizable(ParallelScope.All)]
public class BaudRateTests
{
    private const string Ok = FaultBench.Ok;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task A_host_at_another_speed_gets_and_sends_garbage_until_it_changes()
    {
        var warnings = new RecordedWarnings();
        var host = new ScriptedHostEnd { BaudRate = 9600 };
        await using var bench = new ModemBench(baudRate: 115200, host: host, log: warnings);
        await bench.Modem.SendUrcAsync("RING");
        string heard = await bench.LiveAsync(Second);
        Assert.That(heard, Has.Length.EqualTo(1), "eight bytes at 115,200 baud last as long as seven bits at 9,600");
        Assert.That(await TypeAsync(bench, "AT\r"), Does.Not.Contain("OK"));
        host.BaudRate = 115200;
        await TypeAsync(bench, "\r");
        Assert.That(await TypeAsync(bench, "AT\r"), Is.EqualTo(Ok));
        Assert.That(warnings.Warnings.Single(), Does.Contain("the host's port is set to 9600 baud, the modem to 115200 baud"));
    }

    [Test]
    public async Task Garbage_is_the_same_every_time()
    {
        string first = await HearAsync();
        Assert.That(first, Is.Not.Empty.And.EqualTo(await HearAsync()));

        static async Task<string> HearAsync()
        {
            await using var bench = new ModemBench(baudRate: 38400, host: new ScriptedHostEnd { BaudRate = 115200 });
            await bench.Modem.SendUrcAsync("+CREG: 1");
            return await bench.LiveAsync(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(1));
        }
    }

    [Test]
    public async Task Garbage_does_not_depend_on_the_timer()
    {
        string fine = await HearAsync(TimeSpan.FromMilliseconds(1));
        Assert.That(fine, Is.EqualTo(await HearAsync(TimeSpan.FromMilliseconds(7))).And.EqualTo(await HearAsync(TimeSpan.FromMilliseconds(50))));

        static async Task<string> HearAsync(TimeSpan step)
        {
            await using var bench = new ModemBench(baudRate: 115200, host: new ScriptedHostEnd { BaudRate = 19200 });
            await bench.Modem.SendUrcAsync(new string('U', 80));
            return await bench.LiveAsync(TimeSpan.FromMilliseconds(100), step);
        }
    }

    [Test]
    public async Task AT_IPR_0_follows_the_host()
    {
        var host = new ScriptedHostEnd { BaudRate = 57600 };
        await using var bench = new ModemBench(baudRate: 0, host: host);
        Assert.That(await TypeAsync(bench, "AT\r"), Is.EqualTo(Ok));
        host.BaudRate = 9600;
        Assert.That(await TypeAsync(bench, "AT+IPR?\r"), Is.EqualTo("\r\n+IPR: 0\r\n" + Ok));
        Assert.That(await TypeAsync(bench, "AT+IPR=115200\r"), Is.EqualTo(Ok));
        Assert.That(await TypeAsync(bench, "AT\r"), Does.Not.Contain("OK"), "a fixed speed follows no more");
    }

    [Test]
    public async Task A_small_difference_is_none()
    {
        var warnings = new RecordedWarnings();
        await using var bench = new ModemBench(baudRate: 115200, host: new ScriptedHostEnd { BaudRate = 117647 }, log: warnings);
        Assert.That(await TypeAsync(bench, "AT+CSQ\r"), Is.EqualTo("\r\n+CSQ: 24,99\r\n" + Ok));
        Assert.That(warnings.Warnings, Is.Empty);
    }

    [Test]
    public async Task A_host_whose_speed_cannot_be_seen_has_the_modems()
    {
        await using var bench = new ModemBench(baudRate: 115200);
        await TypeAsync(bench, "AT+IPR=9600\r");
        Assert.That(await TypeAsync(bench, "AT\r"), Is.EqualTo(Ok));
    }

    private static async Task<string> TypeAsync(ModemBench bench, string line)
    {
        await bench.TypeAsyncQuietly(line);
        return await bench.LiveAsync(TimeSpan.FromMilliseconds(200));
    }
}
