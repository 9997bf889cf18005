using Sim7600.Emulator.Faults;

namespace Sim7600.Emulator.Tests.Faults;

/// <summary>Faults on the bench.</summary>
internal static class FaultBench
{
    public const string Ok = "\r\nOK\r\n";

    /// <summary>Injects a fault as a scenario file writes it.</summary>
    public static void Inject(this ModemBench bench, string json) => bench.Modem.Faults.Inject(ScheduledFault.Parse(json));

    /// <summary>Injects a fault that happens at once, and returns what the modem printed for it.</summary>
    public static async Task<string> InjectAsync(this ModemBench bench, string json)
    {
        bench.Inject(json);
        return await bench.PrintedAsync();
    }

    public static Task<string> PassAsync(this ModemBench bench, int milliseconds) => bench.PassAsync(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Caches topic and payload for a publish.</summary>
    public static async Task CacheAsync(this ModemBench bench)
    {
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r", "\r\n>");
        await bench.SayAsync("t/1", Ok);
        await bench.SayAsync("AT+CMQTTPAYLOAD=0,2\r", "\r\n>");
        await bench.SayAsync("hi", Ok);
    }

    /// <summary>Publishes with QoS 1.</summary>
    public static async Task PublishAsync(this ModemBench bench)
    {
        await bench.CacheAsync();
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", $"{Ok}\r\n+CMQTTPUB: 0,0\r\n");
    }
}
