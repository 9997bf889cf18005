using System.Text.RegularExpressions;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>
/// What a firmware author has instead of a modem on the desk: a line with a speed, and a real serial device. Scripts in plain
/// Python are the other side; they measure no speed, which is what bench/LineRate is for.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class FirmwareBenchTests
{
    private static string Script => Path.Combine(AppContext.BaseDirectory, "Scripts", "line_bench.py");

    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [Test]
    public async Task A_port_at_another_speed_reads_garbage_and_the_log_says_why()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--baud", "115200");
        await using ToolProcess python = ToolProcess.Start(Tools.Python, Script, "speeds", emulator.Port);
        await python.SucceedAsync();
        await emulator.Process.ErrorLineAsync("the host's port is set to 9600 baud, the modem to 115200 baud: both sides read garbage");
        await emulator.Process.ErrorLineAsync("the host's port is set to 115200 baud, the modem to 115200 baud: they understand each other again");
        await emulator.Process.ErrorLineAsync("the host's port is set to 115200 baud, the modem to 9600 baud");
        await emulator.Process.ErrorLineAsync("the host's port is set to 9600 baud, the modem to 9600 baud: they understand each other again");
    }

    [Test]
    public async Task A_slow_reader_overruns()
    {
        using var scenario = new TemporaryFile();
        await File.WriteAllTextAsync(scenario.Path, """{ "faults": [ { "on": "AT+CSQ", "line": "overrun", "holds": 16, "byteTimes": 20 } ] }""");
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--baud", "115200", "--scenario", scenario.Path);
        await using ToolProcess python = ToolProcess.Start(Tools.Python, Script, "slow", emulator.Port);
        await python.SucceedAsync();
    }

    [Test]
    public async Task A_whole_publish_runs_at_line_rate([Values("115200", "0")] string rate)
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--baud", rate);
        byte[] payload = Payloads.Nasty(2000);
        using TemporaryFile file = Payloads.InFile(payload);
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(emulator.Broker, "plant/#");
        await using ToolProcess python = ToolProcess.Start(
            Tools.Python, Path.Combine(AppContext.BaseDirectory, "Scripts", "at_dialogue.py"), emulator.Port, "publish", "broker.example", "plant/7", file.Path, "1");
        await python.SucceedAsync();
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo(payload));
    }

    [Test]
    public async Task A_board_behind_a_serial_device_talks_and_survives_its_adapter()
    {
        string link = EmulatorProcess.NewLink();
        await using ToolProcess board = ToolProcess.Start(Tools.Python, Script, "board", link);
        await board.LineAsync("PLUGGED");
        await using EmulatorProcess emulator = await EmulatorProcess.StartBareAsync("--port", link, "--baud", "57600", "--broker-port", "0");
        Assert.That(emulator.Ports, Is.EqualTo(new[] { link }));
        await board.LineAsync("TALKED");
        await board.TypeAsync("pull");
        await board.LineAsync("PULLED");
        await emulator.Process.ErrorLineAsync($"{link} is gone; modem 1 waits for its return");
        await board.TypeAsync("plug");
        await emulator.Process.ErrorLineAsync($"{link} is there again");
        await board.SucceedAsync();
    }

    [Test]
    public async Task A_publish_through_a_serial_device_and_a_PTY_beside_it()
    {
        string board = EmulatorProcess.NewLink();
        string device = EmulatorProcess.NewLink();
        await using ToolProcess wire = ToolProcess.Start(Tools.Socat, "-d", "-d", $"pty,raw,echo=0,link={device}", $"pty,raw,echo=0,link={board}");
        await wire.ErrorLineAsync("starting data transfer loop");
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--port", device);
        Assert.That(emulator.Ports, Has.Count.EqualTo(2));
        Assert.That(emulator.Ports[1], Is.EqualTo(device));
        byte[] payload = Payloads.Nasty(5000);
        using TemporaryFile file = Payloads.InFile(payload);
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(emulator.Broker, "plant/#");
        await using ToolProcess python = ToolProcess.Start(
            Tools.Python, Path.Combine(AppContext.BaseDirectory, "Scripts", "at_dialogue.py"), board, "publish", "broker.example", "plant/7", file.Path, "1");
        await python.SucceedAsync();
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo(payload));

        await using ToolProcess second = ToolProcess.Sim7600("emulate", "--port", device, "--broker-port", "0");
        Assert.That(await second.ExitAsync(), Is.EqualTo(1));
        Assert.That(second.Errors, Does.Contain($"{device} is in use"));
    }

    [TestCase(1, "/dev/ttyNOTHERE", "There is no serial device /dev/ttyNOTHERE. Is the USB-UART adapter plugged in?")]
    [TestCase(1, "/dev/null", "/dev/null is not a serial port")]
    [TestCase(2, "tcp://127.0.0.1:1", "For sockets there are --tcp and --unix")]
    [TestCase(2, "auto", "wired to your board")]
    [TestCase(2, "/dev/ttyNOTHERE", "--baud takes off or one of 0, 300,", "--baud", "12345")]
    [TestCase(2, "/dev/ttyNOTHERE", "--baud 0 follows the port's speed", "--baud", "0")]
    [TestCase(2, "/dev/ttyNOTHERE", "--modems would do nothing", "--modems", "2")]
    public async Task A_device_that_cannot_be_served_is_one_clear_line(int code, string device, string expected, params string[] more)
    {
        await using ToolProcess tool = ToolProcess.Sim7600(["emulate", "--port", device, "--broker-port", "0", .. more]);
        Assert.That(await tool.ExitAsync(), Is.EqualTo(code));
        Assert.That(tool.Errors, Does.Contain(expected));
        Assert.That(Regex.Count(tool.Errors.TrimEnd(), "\n"), Is.Zero, tool.Errors);
    }
}
