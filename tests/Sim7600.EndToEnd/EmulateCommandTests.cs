using System.Net.Sockets;
using System.Text;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary><c>sim7600 emulate</c> from outside: its ready line, its end, and what it says when it cannot start.</summary>
[Parallelizable(ParallelScope.All)]
public class EmulateCommandTests
{
    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [TestCase("TERM")]
    [TestCase("INT")]
    public async Task A_signal_removes_the_link_closes_the_broker_and_ends_with_0(string signal)
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        Assert.That(new FileInfo(emulator.Port).LinkTarget, Does.StartWith("/dev/pts/"));
        await emulator.Process.SignalAsync(signal);
        Assert.That(await emulator.Process.ExitAsync(), Is.Zero, emulator.Process.Errors);
        Assert.That(new FileInfo(emulator.Port).LinkTarget, Is.Null, "the link is gone");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        int port = int.Parse(emulator.Broker.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        await Assert.ThatAsync(async () => await socket.ConnectAsync("127.0.0.1", port), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task A_taken_broker_port_is_one_clear_line_and_exit_1()
    {
        await using EmulatorProcess first = await EmulatorProcess.StartAsync();
        string port = first.Broker.Split(':')[1];
        string link = EmulatorProcess.NewLink();
        await using ToolProcess second = ToolProcess.Sim7600("emulate", "--pty", link, "--broker-port", port);
        await FailsAsync(second, 1, port, "--broker-port");
        Assert.That(File.Exists(link), Is.False);
    }

    [Test]
    public async Task A_link_that_another_emulator_serves_is_refused_and_left_alone()
    {
        await using EmulatorProcess first = await EmulatorProcess.StartAsync();
        await using ToolProcess second = ToolProcess.Sim7600("emulate", "--pty", first.Port, "--broker-port", "0");
        await FailsAsync(second, 1, first.Port);
        Assert.That(new FileInfo(first.Port).LinkTarget, Does.StartWith("/dev/pts/"));
    }

    [Test]
    public async Task A_link_left_behind_by_a_killed_emulator_is_replaced()
    {
        await using EmulatorProcess first = await EmulatorProcess.StartAsync();
        await first.Process.SignalAsync("KILL");
        await first.Process.ExitAsync();
        Assert.That(new FileInfo(first.Port).LinkTarget, Is.Not.Null, "nobody could remove it");
        await using EmulatorProcess second = await EmulatorProcess.StartBareAsync("--pty", first.Port, "--broker-port", "0");
        Assert.That(second.Port, Is.EqualTo(first.Port));
    }

    [Test]
    public async Task A_file_in_the_way_is_never_deleted()
    {
        using TemporaryFile file = Payloads.InFile("precious"u8.ToArray());
        await using ToolProcess process = ToolProcess.Sim7600("emulate", "--pty", file.Path, "--broker-port", "0");
        await FailsAsync(process, 1, file.Path);
        Assert.That(await File.ReadAllTextAsync(file.Path), Is.EqualTo("precious"));
    }

    [TestCase("--web", "127.0.0.1:7680")]
    [TestCase("--baud", "9600")]
    [TestCase("--lint", "x")]
    [TestCase("--profile", "sim9000")]
    [TestCase("--modems", "0")]
    [TestCase("--modems", "x")]
    [TestCase("--broker", "http://host")]
    [TestCase("--broker-port", "70000")]
    [TestCase("--broker-tls-port", "x")]
    [TestCase("--broker-tls-port", "70000")]
    [TestCase("--broker", "mqtts://host/path")]
    [TestCase("--tcp", "nonsense")]
    [TestCase("--boot", "slow")]
    [TestCase("--nonsense", "1")]
    public async Task A_wrong_option_is_one_clear_line_and_exit_2(string option, string value)
    {
        await using ToolProcess process = ToolProcess.Sim7600("emulate", "--pty", EmulatorProcess.NewLink(), option, value);
        await FailsAsync(process, 2, option is "--nonsense" ? "--nonsense" : option.TrimStart('-'));
    }

    [Test]
    public async Task Plain_output_names_the_port_and_what_to_type_next()
    {
        string link = EmulatorProcess.NewLink();
        await using ToolProcess process = ToolProcess.Sim7600("emulate", "--pty", link, "--broker-port", "0");
        await process.LineAsync(link);
        await process.LineAsync($"info --modem {link}");
    }

    [Test]
    public async Task Each_TCP_connection_has_a_modem_to_itself_that_keeps_its_state()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker-port", "0");
        Assert.That(emulator.Ports, Is.Empty);
        using (TcpClient first = await ConnectAsync(emulator))
        {
            using TcpClient second = await ConnectAsync(emulator);
            Assert.That(await AskAsync(first, "ATE0\rAT+CMQTTSTART\r"), Does.EndWith("+CMQTTSTART: 0\r\n\r\nOK\r\n"));
            Assert.That(await AskAsync(second, "ATE0\rAT+CMQTTSTART\r"), Does.EndWith("+CMQTTSTART: 0\r\n\r\nOK\r\n"));
        }

        using TcpClient again = await ConnectAsync(emulator);
        Assert.That(await AskAsync(again, "AT+CMQTTSTART\r"), Does.EndWith("+CMQTTSTART: 23\r\n\r\nERROR\r\n"), "the host is new, the modem is not");
    }

    private static async Task<TcpClient> ConnectAsync(EmulatorProcess emulator)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", int.Parse(emulator.Tcp.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        return client;
    }

    private static async Task<string> AskAsync(TcpClient client, string text)
    {
        using var limit = new CancellationTokenSource(ToolProcess.Patience);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), limit.Token);
        var answer = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!answer.ToString().Contains("CMQTTSTART: ", StringComparison.Ordinal)
            || !(answer.ToString().EndsWith("\r\nOK\r\n", StringComparison.Ordinal) || answer.ToString().EndsWith("\r\nERROR\r\n", StringComparison.Ordinal)))
        {
            int read = await client.GetStream().ReadAsync(buffer, limit.Token);
            answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }

    private static async Task FailsAsync(ToolProcess process, int exitCode, params string[] mentions)
    {
        Assert.That(await process.ExitAsync(), Is.EqualTo(exitCode), process.Output + process.Errors);
        string[] lines = process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(1), process.Errors);
        Assert.That(lines[0], Does.StartWith("sim7600: "));
        foreach (string mention in mentions)
        {
            Assert.That(lines[0], Does.Contain(mention));
        }
    }
}
