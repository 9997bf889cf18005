using System.Text.Json.Nodes;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary><c>sim7600 info</c>, <c>pub</c> and <c>sub</c> as processes, against an emulator process, with Debian's mosquitto clients beyond the broker.</summary>
[Parallelizable(ParallelScope.All)]
public class HostCommandTests
{
    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    /// <summary>An emulator on each kind of port, and the name under which the tool opens it.</summary>
    private static async Task<(EmulatorProcess Emulator, string Port)> StartAsync(string kind)
    {
        string path = EmulatorProcess.NewLink();
        EmulatorProcess emulator = kind switch
        {
            "pty" => await EmulatorProcess.StartAsync("--modems", "2"),
            "tcp" => await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker-port", "0"),
            _ => await EmulatorProcess.StartBareAsync("--unix", path, "--broker-port", "0"),
        };
        return (emulator, kind switch
        {
            "pty" => emulator.Port,
            "tcp" => $"tcp://{emulator.Tcp}",
            _ => $"unix://{path}",
        });
    }

    [Test]
    public async Task Pub_reaches_mosquitto_sub([Values("pty", "tcp", "unix")] string kind, [Values(0, 1, 2)] int qos)
    {
        (EmulatorProcess emulator, string port) = await StartAsync(kind);
        await using EmulatorProcess started = emulator;
        byte[] payload = Payloads.Nasty(10240);
        using TemporaryFile file = Payloads.InFile(payload);
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(emulator.Broker, "plant/7/temp");
        await using ToolProcess pub = ToolProcess.Sim7600("pub", "--modem", port, "--broker", "mqtt://broker.example", "-t", "plant/7/temp", "-f", file.Path, "-q", $"{qos}");
        await pub.SucceedAsync();
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo(payload));
    }

    [Test]
    public async Task Mosquitto_pub_reaches_sub([Values("pty", "tcp", "unix")] string kind)
    {
        (EmulatorProcess emulator, string port) = await StartAsync(kind);
        await using EmulatorProcess started = emulator;
        byte[] payload = Payloads.Nasty(10240);
        using TemporaryFile file = Payloads.InFile(payload);
        await using ToolProcess sub = ToolProcess.Sim7600("sub", "--modem", port, "--broker", "mqtt://broker.example", "-t", "to/+/device", "-q", "1", "-C", "1", "--json");
        await sub.LineAsync("\"subscribed\"");
        await MosquittoBroker.PublishFileAsync(emulator.Broker, "to/the/device", file.Path);
        JsonNode message = JsonNode.Parse(await sub.LineAsync("\"message\""))!;
        await sub.SucceedAsync();
        Assert.That(message["topic"]!.GetValue<string>(), Is.EqualTo("to/the/device"));
        Assert.That(Convert.FromBase64String(message["payloadBase64"]!.GetValue<string>()), Is.EqualTo(payload));
    }

    [Test]
    public async Task Pub_and_sub_on_two_modems_meet([Values("pty", "tcp", "unix")] string kind)
    {
        (EmulatorProcess emulator, string port) = await StartAsync(kind);
        await using EmulatorProcess started = emulator;
        string second = kind == "pty" ? emulator.Ports[1] : port;
        await using ToolProcess sub = ToolProcess.Sim7600("sub", "--modem", port, "--broker", "mqtt://broker.example", "-t", "a/#", "-t", "b", "-v", "-C", "3");
        await sub.ErrorLineAsync("Subscribed");
        await using ToolProcess pub = ToolProcess.Sim7600("pub", "--modem", second, "--broker", "mqtt://broker.example", "-t", "a/1", "-l", "-q", "1", "--json");
        await pub.TypeAsync("first");
        await pub.LineAsync("\"event\":\"delivered\",\"line\":1");
        await pub.TypeAsync("grüße");
        pub.CloseInput();
        await pub.SucceedAsync();
        await using ToolProcess empty = ToolProcess.Sim7600("pub", "--modem", second, "--broker", "mqtt://broker.example", "-t", "b", "-n");
        await empty.SucceedAsync();
        await sub.SucceedAsync();
        Assert.That(sub.Output, Is.EqualTo("a/1 first\na/1 grüße\nb \n"));
    }

    [Test]
    public async Task Info_prints_plain_lines_in_a_pipe_and_JSON_when_asked()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using ToolProcess info = ToolProcess.Sim7600("info", "--modem", emulator.Port);
        await info.SucceedAsync();
        Assert.That(info.Output, Does.Contain("SIMCOM INCORPORATED").And.Contain("Ready").And.Not.Contain("\u001b"));
        await using ToolProcess json = ToolProcess.Sim7600("info", "--modem", emulator.Port, "--json");
        await json.SucceedAsync();
        Assert.That(JsonNode.Parse(json.Output)!["registered"]!.GetValue<bool>(), Is.True);
    }

    [Test]
    public async Task Sub_ends_with_0_on_a_signal_and_leaves_the_modem_clean()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        for (int i = 0; i < 2; i++)
        {
            await using ToolProcess sub = ToolProcess.Sim7600("sub", "--modem", emulator.Port, "--broker", "mqtt://broker.example", "-t", "x", "--json");
            await sub.LineAsync("\"subscribed\"");
            await sub.SignalAsync("INT");
            await sub.SucceedAsync();
        }
    }

    [Test]
    public async Task A_killed_host_leaves_a_modem_that_the_next_one_can_use()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using (ToolProcess sub = ToolProcess.Sim7600("sub", "--modem", emulator.Port, "--broker", "mqtt://broker.example", "-t", "x", "--json"))
        {
            await sub.LineAsync("\"subscribed\"");
            await sub.SignalAsync("KILL");
            await sub.ExitAsync();
        }

        await using ToolProcess pub = ToolProcess.Sim7600("pub", "--modem", emulator.Port, "--broker", "mqtt://broker.example", "-t", "x", "-m", "after", "-q", "1");
        await pub.SucceedAsync();
    }

    [Test]
    public async Task A_modem_that_is_unplugged_ends_sub_with_one_line_and_exit_1()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using ToolProcess sub = ToolProcess.Sim7600("sub", "--modem", emulator.Port, "--broker", "mqtt://broker.example", "-t", "x", "--json");
        await sub.LineAsync("\"subscribed\"");
        await emulator.Process.SignalAsync("TERM");
        Assert.That(await sub.ExitAsync(), Is.EqualTo(1));
        Assert.That(sub.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1).And.All.StartsWith("sim7600: "), sub.Errors);
    }

    [Test]
    public async Task A_broker_that_cannot_be_reached_is_one_line_with_the_modems_code()
    {
        int nobody = MosquittoBroker.FreePort();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--broker", "direct");
        await using ToolProcess pub = ToolProcess.Sim7600("pub", "--modem", emulator.Port, "--broker", $"mqtt://127.0.0.1:{nobody}", "-t", "x", "-m", "y");
        Assert.That(await pub.ExitAsync(), Is.EqualTo(1));
        Assert.That(pub.Errors, Does.StartWith("sim7600: ").And.Contain("3 (SocketConnectFailed").And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_wrong_password_is_refused_with_its_code_and_shown_nowhere()
    {
        using var passwords = new TemporaryFile();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(passwords.Path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead); // mosquitto reads it as its own user
        }

        await using MosquittoBroker mosquitto = await MosquittoBroker.StartAsync("allow_anonymous false", $"password_file {passwords.Path}");
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--broker", $"mqtt://{mosquitto.Address}");
        await using ToolProcess pub = ToolProcess.Sim7600(
            "pub", "--modem", emulator.Port, "--broker", "mqtt://broker.example", "-t", "x", "-m", "y", "-u", "user", "-P", "s3cr3t-Passw0rd");
        Assert.That(await pub.ExitAsync(), Is.EqualTo(1));
        Assert.That(pub.Errors, Does.Contain("31").Or.Contain("30"));
        Assert.That(pub.Errors + pub.Output + emulator.Process.Errors + emulator.Process.Output, Does.Not.Contain("s3cr3t"));
    }

    [TestCase(1, "There is no port", "info", "--modem", "/dev/ttyNONE")]
    [TestCase(1, "not a serial port", "info", "--modem", "/etc/passwd")]
    [TestCase(1, "Nothing listens", "info", "--modem", "tcp://127.0.0.1:1")]
    [TestCase(2, "not a modem port", "info", "--modem", "http://x")]
    [TestCase(1, "No SIM7600", "info", "--modem", "auto")]
    [TestCase(2, "--modem", "info")]
    [TestCase(2, "--nonsense", "info", "--modem", "x", "--nonsense")]
    [TestCase(2, "-q", "pub", "--modem", "x", "--broker", "mqtt://h", "-t", "t", "-m", "m", "-q", "3")]
    [TestCase(2, "exactly one", "pub", "--modem", "x", "--broker", "mqtt://h", "-t", "t")]
    [TestCase(2, "exactly one", "pub", "--modem", "x", "--broker", "mqtt://h", "-t", "t", "-m", "m", "-l")]
    [TestCase(2, "mqtts", "pub", "--modem", "x", "--broker", "mqtts://h", "-t", "t", "-m", "m")]
    [TestCase(2, "--cafile", "sub", "--modem", "x", "--broker", "mqtt://h", "-t", "t", "--cafile", "f")]
    [TestCase(2, "-C", "sub", "--modem", "x", "--broker", "mqtt://h", "-t", "t", "-C", "0")]
    [TestCase(1, "/no/such/file", "pub", "--modem", "x", "--broker", "mqtt://h", "-t", "t", "-f", "/no/such/file")]
    [TestCase(1, "no folder /no-such-folder", "pub", "--modem", "x", "--broker", "mqtt://h", "-t", "t", "-m", "m", "--outbox", "/no-such-folder/f")]
    public async Task Bad_input_is_one_clear_line(int exitCode, string mention, params string[] arguments)
    {
        await using ToolProcess process = ToolProcess.Sim7600(arguments);
        Assert.That(await process.ExitAsync(), Is.EqualTo(exitCode), process.Errors);
        Assert.That(process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1).And.All.StartsWith("sim7600: ").And.All.Contain(mention));
    }
}
