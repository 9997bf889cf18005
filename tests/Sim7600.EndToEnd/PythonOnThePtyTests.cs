using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>A script in plain Python, with no code of ours, types at the emulator's PTY; Debian's mosquitto is the far end.</summary>
[Parallelizable(ParallelScope.All)]
public class PythonOnThePtyTests
{
    private static string Script => Path.Combine(AppContext.BaseDirectory, "Scripts", "at_dialogue.py");

    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [Test]
    public async Task Publishes_exact_bytes_to_the_embedded_broker([Values(0, 1, 2)] int qos)
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await PublishAsync(emulator, emulator.Broker, qos);
    }

    [Test]
    public async Task Publishes_exact_bytes_to_mosquitto([Values] bool direct)
    {
        await using MosquittoBroker mosquitto = await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--broker", direct ? "direct" : $"mqtt://{mosquitto.Address}");
        await PublishAsync(emulator, mosquitto.Address, qos: 1, dial: direct ? mosquitto.Address : "any.example:4711");
    }

    [Test]
    public async Task Receives_exact_bytes_from_mosquitto_pub([Values(0, 1, 1500, 1501, 10240)] int length)
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        byte[] payload = Payloads.Nasty(length);
        using TemporaryFile sent = Payloads.InFile(payload);
        using var received = new TemporaryFile();
        await using ToolProcess python = ToolProcess.Start(Tools.Python, Script, emulator.Port, "receive", "broker.example", "to/the/device", received.Path);
        await python.LineAsync("SUBSCRIBED");
        await MosquittoBroker.PublishFileAsync(emulator.Broker, "to/the/device", sent.Path);
        await python.SucceedAsync();
        Assert.That(await File.ReadAllBytesAsync(received.Path), Is.EqualTo(payload));
    }

    [Test]
    public async Task Uses_both_clients_at_once()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        using TemporaryFile payload = Payloads.InFile(Payloads.Nasty(2039));
        await using ToolProcess python = ToolProcess.Start(Tools.Python, Script, emulator.Port, "both", "broker.example", "between/two", payload.Path);
        await python.SucceedAsync();
    }

    [Test]
    public async Task Two_scripts_on_two_modems_work_at_once()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--modems", "2");
        using TemporaryFile first = Payloads.InFile(Payloads.Nasty(5000));
        using var received = new TemporaryFile();
        await using ToolProcess receiver = ToolProcess.Start(Tools.Python, Script, emulator.Ports[1], "receive", "host", "from/one", received.Path, "2");
        await receiver.LineAsync("SUBSCRIBED");
        for (int i = 0; i < 2; i++)
        {
            await using ToolProcess sender = ToolProcess.Start(Tools.Python, Script, emulator.Ports[0], "publish", "broker", "from/one", first.Path);
            await sender.SucceedAsync();
        }

        await receiver.SucceedAsync();
        Assert.That(await File.ReadAllBytesAsync(received.Path), Is.EqualTo(Payloads.Nasty(5000).Concat(Payloads.Nasty(5000))));
    }

    private static async Task PublishAsync(EmulatorProcess emulator, string broker, int qos, string dial = "broker.example:1883")
    {
        byte[] payload = Payloads.Nasty(10240);
        using TemporaryFile file = Payloads.InFile(payload);
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(broker, "plant/#");
        await using ToolProcess python = ToolProcess.Start(Tools.Python, Script, emulator.Port, "publish", dial, "plant/7/temp", file.Path, $"{qos}");
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo(payload));
        await python.SucceedAsync();
    }
}
