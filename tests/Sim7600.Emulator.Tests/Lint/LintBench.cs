using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Lint;

namespace Sim7600.Emulator.Tests.Lint;

/// <summary>A modem with a linter on the bench.</summary>
internal static class LintBench
{
    public const string Registered = "\r\n+CEREG: 0,1\r\n\r\nOK\r\n";

    /// <summary>A modem that answers at once: whoever is early here is early by the order of bytes alone.</summary>
    public static ModemBench Create(BootMode boot = BootMode.None, TimeSpan? answerTime = null, FirmwareProfile? profile = null) =>
        new(profile, boot, lint: new LintOptions { AnswerTime = answerTime ?? TimeSpan.Zero, RecoveryTime = TimeSpan.FromSeconds(60) });

    /// <summary>A modem whose client 0 is connected by a firmware that did everything right.</summary>
    public static async Task<ModemBench> ConnectedAsync()
    {
        ModemBench bench = Create();
        await bench.SayAsync("AT+CEREG?\r", Registered);
        await bench.ConnectAsync();
        return bench;
    }

    /// <summary>Publishes as one should.</summary>
    public static async Task PublishAsync(this ModemBench bench, string topic = "node/reading", string payload = "hello")
    {
        await bench.SayAsync($"AT+CMQTTTOPIC=0,{topic.Length}\r", "\r\n>");
        await bench.SayAsync(topic, "\r\nOK\r\n");
        await bench.SayAsync($"AT+CMQTTPAYLOAD=0,{payload.Length}\r", "\r\n>");
        await bench.SayAsync(payload, "\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", "\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n");
    }

    /// <summary>Subscribes as one should.</summary>
    public static async Task SubscribeAsync(this ModemBench bench)
    {
        await bench.SayAsync("AT+CMQTTSUB=0,4,1\r", "\r\n>");
        await bench.SayAsync("node", "\r\nOK\r\n\r\n+CMQTTSUB: 0,0\r\n");
    }

    /// <summary>The rules that were broken, each once, once the modem has nothing left to do.</summary>
    public static async Task<string> FoundAsync(this ModemBench bench)
    {
        await bench.PrintedAsync();
        return string.Join(' ', bench.Lint.Rules.Where(result => result.Count > 0).Select(result => result.Rule.Id));
    }

    public static LintFinding First(this ModemBench bench, LintRule rule) => bench.Lint.Rules.Single(result => result.Rule == rule).Findings[0];

    public static long CountOf(this ModemBench bench, LintRule rule) => bench.Lint.Rules.Single(result => result.Rule == rule).Count;

    public static void Inject(this ModemBench bench, Fault fault, string? onCommand = null) =>
        bench.Modem.Faults.Inject(fault, onCommand is null ? null : FaultTrigger.OnCommand(onCommand));
}
