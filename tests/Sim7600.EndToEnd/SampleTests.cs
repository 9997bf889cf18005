using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>The samples in C#, run as their users run them, over an emulated modem.</summary>
[Parallelizable(ParallelScope.All)]
public class SampleTests
{
    [Test]
    public async Task The_gateway_shows_what_the_node_measures_and_changes_its_period()
    {
        Tools.RequirePosix();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using ToolProcess gateway = StartSample("Gateway", "--broker", $"mqtt://{emulator.Broker}");
        await gateway.ErrorLineAsync("Watching +/# at mqtt://");
        await using ToolProcess node = StartSample("SensorNode", "--modem", emulator.Port, "--broker", "mqtt://broker.example");
        await gateway.LineAsync("reading node-2/reading {\"n\":1,");

        await gateway.TypeAsync("node-2 200");
        await gateway.LineAsync("\"period_ms\":200,");
        await gateway.TypeAsync("node-2 soon");
        await gateway.LineAsync("error node-2/error a command is");
        await gateway.TypeAsync("200");
        await gateway.ErrorLineAsync("Type: NODE PERIOD");

        await node.SignalAsync("INT");
        await node.SucceedAsync();
        await gateway.SignalAsync("INT");
        await gateway.SucceedAsync();
    }

    [Test]
    public async Task Readings_of_a_node_outlive_the_modem_in_their_order()
    {
        Tools.RequirePosix();
        await using MosquittoBroker mosquitto = await MosquittoBroker.StartAsync();
        using var outbox = new TemporaryFile();
        string link = EmulatorProcess.NewLink();
        string[] arguments = ["--pty", link, "--broker", $"mqtt://{mosquitto.Address}"];
        await using ToolProcess gateway = StartSample("Gateway", "--broker", $"mqtt://{mosquitto.Address}", "--node", "node-7");
        await gateway.ErrorLineAsync("Watching");
        EmulatorProcess first = await EmulatorProcess.StartBareAsync(arguments);
        await using ToolProcess node = StartSample("SensorNode", "--modem", link, "--broker", "mqtt://broker.example", "--node", "node-7", "--outbox", outbox.Path);
        await gateway.LineAsync("reading node-7/reading {\"n\":2,");

        await first.Process.SignalAsync("KILL");
        await first.DisposeAsync();
        await using EmulatorProcess second = await EmulatorProcess.StartBareAsync(arguments);
        for (int number = 3; number <= 6; number++)
        {
            await gateway.LineAsync($"reading node-7/reading {{\"n\":{number},");
        }
    }

    [Test]
    public async Task The_node_reads_the_frames_of_a_UART_sensor()
    {
        Tools.RequirePosix();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sim7600-pms-");
        try
        {
            string socket = Path.Combine(folder.FullName, "pms.sock");
            await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
            await using ToolProcess sensor = ToolProcess.StartWith(
                new Dictionary<string, string> { ["PYTHONUNBUFFERED"] = "1" }, Tools.Python, Path.Combine(Stm32Node.Folder, "sensor.py"), socket, "--interval-ms", "100", "--garble-every", "3");
            await sensor.LineAsync("ready");
            await using ToolProcess gateway = StartSample("Gateway", "--broker", $"mqtt://{emulator.Broker}", "--count", "2");
            await gateway.ErrorLineAsync("Watching");
            await using ToolProcess node = StartSample("SensorNode", "--modem", emulator.Port, "--broker", "mqtt://broker.example", "--sensor", $"unix://{socket}");
            await gateway.LineAsync(line => line.StartsWith("reading node-2/reading", StringComparison.Ordinal) && !line.Contains("\"garbled\":0", StringComparison.Ordinal), "a reading, and a frame that was broken before it");
            await gateway.SucceedAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestCase("Gateway", "--broker", "http://127.0.0.1", "--broker is mqtt://host[:port]; 'http://127.0.0.1' is not.")]
    [TestCase("SensorNode", "--broker", "127.0.0.1", "--broker is mqtt://host[:port]; '127.0.0.1' is not.")]
    public async Task A_wrong_address_is_refused(string sample, string option, string value, string reason)
    {
        await using ToolProcess process = StartSample(sample, option, value);
        Assert.That(await process.ExitAsync(), Is.Not.Zero);
        Assert.That(process.Errors, Does.Contain(reason));
    }

    private static ToolProcess StartSample(string name, params string[] arguments) => ToolProcess.Start(ToolProcess.DotNet, [ToolProcess.Sample(name), .. arguments]);
}
