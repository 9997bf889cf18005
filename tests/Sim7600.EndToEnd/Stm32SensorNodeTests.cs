using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>
/// Firmware in C for an STM32F405, run as it is in QEMU, talks to the emulator over its USART; a subscriber judges what arrives while
/// broker, modem and order of start are what they are in the field.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class Stm32SensorNodeTests
{
    private const string QuickPeriod = "{\"period_ms\": 100}";

    [Test]
    public async Task Its_host_tests_pass()
    {
        Tools.RequirePosix();
        _ = Tools.Compiler;
        await using ToolProcess make = ToolProcess.Start(Tools.Make, "-C", Stm32Node.Folder, "test");
        await make.SucceedAsync();
    }

    [Test]
    public async Task One_command_runs_all_of_it()
    {
        await using Stm32Node node = Stm32Node.Start("--count", "4", "--sensor", "--interval-ms 200 --garble-every 3");
        for (int n = 1; n <= 3; n++)
        {
            Assert.That(Stm32Node.Number(await node.NextReadingAsync(), "n"), Is.EqualTo(n));
        }

        Assert.That(Stm32Node.Number(await node.NextReadingAsync(), "garbled"), Is.GreaterThan(0));
        await node.Process.SucceedAsync();
    }

    [Test]
    public async Task It_runs_on_a_line_of_its_speed_and_on_no_other([Values("115200", "9600")] string rate)
    {
        await using Stm32Node node = Stm32Node.Start("--count", "2", "--baud", rate, "--limit", rate == "9600" ? "10" : "40");
        Assert.That(await node.Process.ExitAsync(), Is.EqualTo(rate == "9600" ? 1 : 0), node.Process.Errors);
        Assert.That((node.Process.Output + node.Process.Errors).Contains("the host's port is set to 115200 baud, the modem to 9600 baud", StringComparison.Ordinal), Is.EqualTo(rate == "9600"));
    }

    [Test]
    public async Task A_run_that_gets_no_readings_fails_and_says_what_is_missing()
    {
        await using Stm32Node node = Stm32Node.Start("--limit", "8", "--sensor", "--garble-every 1");
        Assert.That(await node.Process.ExitAsync(), Is.EqualTo(1));
        Assert.That(node.Process.Errors, Does.Contain("still waiting for reading 1 of 5"));
    }

    [TestCase("INT", 130)]
    [TestCase("KILL", 137)]
    public async Task A_signal_ends_all_that_was_started(string signal, int code)
    {
        await using Stm32Node node = Stm32Node.Start("--count", "0");
        string ready = await node.LineAsync(line => line.StartsWith("emulator: {", StringComparison.Ordinal), "the emulator");
        string folder = Path.GetDirectoryName(JsonNode.Parse(ready["emulator: ".Length..])!["unix"]!.GetValue<string>())!;
        await node.NextReadingAsync();
        List<Process> started = Using(folder);
        Assert.That(started, Has.Count.GreaterThanOrEqualTo(3), "emulator, sensor, QEMU");
        await node.Process.SignalAsync(signal);
        Assert.That(await node.Process.ExitAsync(), Is.EqualTo(code));
        using var limit = new CancellationTokenSource(ToolProcess.Patience);
        foreach (Process process in started)
        {
            using (process)
            {
                await process.WaitForExitAsync(limit.Token);
            }
        }

        if (signal == "INT")
        {
            Assert.That(folder, Does.Not.Exist);
        }
        else
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task A_command_changes_the_period_and_a_bad_one_is_answered()
    {
        await using MosquittoBroker mosquitto = await MosquittoBroker.StartAsync();
        await using Stm32Node node = Stm32Node.Start("--count", "0", "--broker", mosquitto.Address);
        Assert.That(Stm32Node.Number(await node.NextReadingAsync(), "period_ms"), Is.EqualTo(1000));

        await CommandAsync(mosquitto.Address, "{\"period_ms\":300}");
        JsonNode first = await node.ReadingAsync(reading => Stm32Node.Number(reading, "period_ms") == 300);
        JsonNode second = await node.NextReadingAsync();
        Assert.That(Stm32Node.Number(second, "up_ms") - Stm32Node.Number(first, "up_ms"), Is.InRange(290, 310), "firmware time, whatever this machine does");

        await CommandAsync(mosquitto.Address, "soon \"please\"");
        string error = await node.LineAsync(line => line.StartsWith("error node-1/error", StringComparison.Ordinal), "an error");
        Assert.That(error, Does.Contain("\"got\":\"soon ?please?\""));
        await CommandAsync(mosquitto.Address, "400");
        await node.ReadingAsync(reading => Stm32Node.Number(reading, "period_ms") == 400);
    }

    [Test]
    public async Task The_gateway_shows_readings_and_sends_what_is_typed()
    {
        await using Stm32Node node = Stm32Node.Start("--count", "0");
        await node.LineAsync(line => line.StartsWith("gateway: reading node-1/reading {\"n\":1,", StringComparison.Ordinal), "a reading at the gateway");
        await node.Process.TypeAsync("250");
        await node.ReadingAsync(reading => Stm32Node.Number(reading, "period_ms") == 250);
        await node.Process.TypeAsync("never");
        await node.LineAsync(line => line.StartsWith("gateway: error node-1/error", StringComparison.Ordinal), "the node's answer at the gateway");
    }

    /// <summary>One fault in the middle of readings each 100 ms; the node's queue of 16 lasts for less than each of them.</summary>
    [TestCase("""{ "afterPublishes": 5, "network": "down", "forMs": 6000 }""")]
    [TestCase("""{ "afterPublishes": 5, "mqtt": "nonet" }, { "afterPublishes": 5, "broker": "refuse", "forMs": 3000 }""")]
    [TestCase("""{ "afterPublishes": 5, "mqtt": "connlost", "cause": 2 }, { "afterPublishes": 5, "broker": "refuse", "forMs": 3000 }""")]
    [TestCase("""{ "afterPublishes": 5, "modem": "reset" }""")]
    [TestCase("""{ "on": "AT+CMQTTPUB", "skip": 5, "modem": "boot-banner" }""")]
    [TestCase("""{ "on": "AT+CMQTTTOPIC", "skip": 5, "modem": "no-answer" }""")]
    [TestCase("""{ "on": "AT+CMQTTPAYLOAD", "skip": 5, "modem": "starved-data", "bytes": 3 }""")]
    public async Task After_a_fault_readings_flow_again_and_what_is_missing_is_told(string faults)
    {
        using var scenario = new TemporaryFile();
        await File.WriteAllTextAsync(scenario.Path, $$"""{ "faults": [ {{faults}} ] }""");
        await using Stm32Node node = Stm32Node.Start("--count", "0", "--boot", "fast", "--emulate", $"--scenario {scenario.Path}", "--sensor", "--interval-ms 50");
        await node.NextReadingAsync();
        await node.Process.TypeAsync("100");

        await node.ReadingAsync(reading => Stm32Node.Number(reading, "reconnects") >= 1);
        await FlowAsync(node);
    }

    [Test]
    public async Task A_restart_of_the_broker_costs_what_the_queue_cannot_hold_and_that_is_told()
    {
        DirectoryInfo store = Directory.CreateTempSubdirectory("sim7600-mosquitto-");
        try
        {
            await using MosquittoBroker mosquitto = await MosquittoBroker.StartAsync("user root", "persistence true", $"persistence_location {store.FullName}/", "max_queued_messages 0");
            await using Stm32Node node = Stm32Node.Start("--count", "0", "--broker", mosquitto.Address, "--sensor", "--interval-ms 50");
            await node.NextReadingAsync();
            await CommandAsync(mosquitto.Address, QuickPeriod);
            await node.ReadingAsync(reading => Stm32Node.Number(reading, "period_ms") == 100);

            await mosquitto.StopAsync("TERM");
            await node.FirmwareAsync("connect -> back-off (3)");
            await node.FirmwareAsync("connect -> back-off (3)");
            await node.FirmwareAsync("connect -> back-off (3)");
            await mosquitto.RestartAsync();

            JsonNode after = await node.ReadingAsync(reading => Stm32Node.Gap(reading) > 0);
            Assert.That(Stm32Node.Number(after, "dropped"), Is.GreaterThanOrEqualTo(Stm32Node.Gap(after)));
            Assert.That(Stm32Node.Number(after, "reconnects"), Is.GreaterThanOrEqualTo(1));
            await FlowAsync(node);
        }
        finally
        {
            store.Delete(recursive: true);
        }
    }

    [Test]
    public async Task A_restart_of_the_modem_is_survived_whether_it_says_so_or_not([Values("none", "fast")] string boot)
    {
        await using MosquittoBroker mosquitto = await MosquittoBroker.StartAsync();
        string tcp = Loopback(MosquittoBroker.FreePort());
        await using EmulatorProcess before = await EmulatorProcess.StartBareAsync("--tcp", tcp, "--broker", $"mqtt://{mosquitto.Address}");
        await using Stm32Node node = Stm32Node.Start("--count", "0", "--tcp", tcp, "--broker", mosquitto.Address);
        await node.NextReadingAsync();

        await before.Process.SignalAsync("KILL");
        await before.Process.ExitAsync();
        await using EmulatorProcess after = await EmulatorProcess.StartBareAsync("--tcp", tcp, "--broker", $"mqtt://{mosquitto.Address}", "--boot", boot);
        await node.ReadingAsync(reading => Stm32Node.Number(reading, "reconnects") >= 1);
        await FlowAsync(node);
    }

    [Test]
    public async Task Firmware_that_was_first_waits_for_the_modem_and_its_boot()
    {
        await using MosquittoBroker mosquitto = await MosquittoBroker.StartAsync();
        string tcp = Loopback(MosquittoBroker.FreePort());
        await using Stm32Node node = Stm32Node.Start("--count", "0", "--tcp", tcp, "--broker", mosquitto.Address);
        await node.FirmwareAsync("probe -> probe");
        await node.FirmwareAsync("probe -> probe");
        await node.FirmwareAsync("probe -> probe");
        await using EmulatorProcess emulator = await EmulatorProcess.StartBareAsync("--tcp", tcp, "--broker", $"mqtt://{mosquitto.Address}", "--boot", "real");
        await node.FirmwareAsync("boot -> echo");
        JsonNode first = await node.ReadingAsync(reading => Stm32Node.Gap(reading) >= 0);
        Assert.That(Stm32Node.Gap(first), Is.EqualTo(Stm32Node.Number(first, "n") - 1), "what was measured meanwhile and found no room");
        await FlowAsync(node);
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    /// <summary>The processes whose command lines name a folder.</summary>
    private static List<Process> Using(string folder)
    {
        var found = new List<Process>();
        foreach (Process process in Process.GetProcesses())
        {
            bool uses = false;
            try
            {
                uses = File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(folder, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // it has just ended
            }

            if (uses)
            {
                found.Add(process);
            }
            else
            {
                process.Dispose();
            }
        }

        return found;
    }

    private static async Task FlowAsync(Stm32Node node)
    {
        for (int i = 0; i < 3; i++)
        {
            await node.NextReadingAsync();
        }
    }

    private static async Task CommandAsync(string broker, string command)
    {
        using var file = new TemporaryFile();
        await File.WriteAllTextAsync(file.Path, command);
        await MosquittoBroker.PublishFileAsync(broker, "node-1/command", file.Path);
    }
}
