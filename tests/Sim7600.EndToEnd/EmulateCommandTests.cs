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

    [TestCase("--broker direct --broker-port 1884", "--broker-port would do nothing")]
    [TestCase("--broker mqtt://h:1883 --broker-tls-port 0", "--broker-tls-port would do nothing")]
    [TestCase("--broker direct --ca-file x.pem", "--ca-file would do nothing")]
    [TestCase("--broker-tls-port off --ca-file x.pem", "--ca-file would do nothing")]
    public async Task An_option_that_would_do_nothing_is_refused(string arguments, string expected)
    {
        await using ToolProcess process = ToolProcess.Sim7600(["emulate", "--pty", EmulatorProcess.NewLink(), .. arguments.Split(' ')]);
        await FailsAsync(process, 2, expected);
    }

    [Test]
    public async Task Two_emulators_without_a_PTY_have_a_CA_file_each()
    {
        await using EmulatorProcess first = await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker-port", "0");
        await using EmulatorProcess second = await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker-port", "0");
        Assert.That(second.CaFile, Is.Not.EqualTo(first.CaFile));
        Assert.That(await File.ReadAllTextAsync(first.CaFile), Is.Not.EqualTo(await File.ReadAllTextAsync(second.CaFile)));
        await first.Process.SignalAsync("TERM");
        await first.Process.ExitAsync();
        Assert.That((File.Exists(first.CaFile), File.Exists(second.CaFile)), Is.EqualTo((false, true)));
        await second.Process.SignalAsync("TERM");
        await second.Process.ExitAsync();
    }

    [Test]
    public async Task A_trace_is_written_behind_what_is_there_and_can_be_read_at_once()
    {
        using TemporaryFile file = Payloads.InFile("before\n"u8.ToArray());
        await using EmulatorProcess emulator = await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker-port", "0", "--trace", file.Path);
        using RawModem raw = await RawModem.OpenAsync(emulator);
        await raw.SayAsync("AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n");
        using var limit = new CancellationTokenSource(ToolProcess.Patience);
        string text = "";
        while (!text.Contains("+CPIN: READY", StringComparison.Ordinal))
        {
            limit.Token.ThrowIfCancellationRequested();
            text = await File.ReadAllTextAsync(file.Path, limit.Token);
        }

        Assert.That(text, Does.StartWith("before\n{\"t\":"));
        Assert.That(text, Does.Contain("\"modem\":1,\"kind\":\"rx\",\"text\":\"AT+CPIN?\\\\r\"}\n"));
    }

    [TestCase("/nowhere/trace.jsonl", "its folder does not exist")]
    [TestCase("/tmp", "it is a folder")]
    public async Task A_trace_that_cannot_be_written_is_one_clear_line(string path, string expected)
    {
        await using ToolProcess process = ToolProcess.Sim7600("emulate", "--tcp", "127.0.0.1:0", "--broker-port", "0", "--trace", path);
        await FailsAsync(process, 1, expected);
    }

    [Test]
    [Platform("Linux")]
    public async Task A_scenario_may_come_out_of_a_pipe_and_a_signal_ends_the_wait_for_it()
    {
        using Pipe pipe = await Pipe.MakeAsync();
        await using ToolProcess process = ToolProcess.Sim7600("emulate", "--json", "--tcp", "127.0.0.1:0", "--broker-port", "0", "--scenario", pipe.Path);
        await using (FileStream other = await pipe.OpenAsync(FileAccess.Write)) // completes once the tool has opened its end
        {
            await process.SignalAsync("TERM");
            Assert.That(await process.ExitAsync(), Is.Zero, process.Errors);
        }

        await using ToolProcess second = ToolProcess.Sim7600("emulate", "--json", "--tcp", "127.0.0.1:0", "--broker-port", "0", "--scenario", pipe.Path);
        await using (FileStream other = await pipe.OpenAsync(FileAccess.Write))
        {
            await other.WriteAsync("{ \"faults\": [ { \"network\": \"dwon\" } ] }"u8.ToArray());
        }

        Assert.That(await second.ExitAsync(), Is.EqualTo(2));
        Assert.That(second.Errors, Does.Contain($"{pipe.Path}, line 1, column 28: faults[0].network: expected network to be one of").And.EndsWith("Did you mean down?\n"));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_trace_may_go_into_a_pipe_whose_reader_does_not_keep_the_end()
    {
        using Pipe pipe = await Pipe.MakeAsync();
        using TemporaryFile scenario = Payloads.InFile(Encoding.ASCII.GetBytes($"{{ \"faults\": [ {string.Join(",", Enumerable.Repeat("{ \"network\": \"up\" }", 3000))} ] }}"));
        await using ToolProcess process = ToolProcess.Sim7600("emulate", "--json", "--tcp", "127.0.0.1:0", "--broker-port", "0", "--trace", pipe.Path, "--scenario", scenario.Path);
        await using FileStream reader = await pipe.OpenAsync(FileAccess.Read);
        using var limit = new CancellationTokenSource(ToolProcess.Patience);
        byte[] first = new byte[5];
        await reader.ReadExactlyAsync(first, limit.Token); // and no more: far more than the pipe holds is written
        Assert.That(Encoding.ASCII.GetString(first), Is.EqualTo("{\"t\":"));
        await process.LineAsync("\"event\":\"ready\"");
        await process.SignalAsync("TERM");
        Assert.That(await process.ExitAsync(), Is.Zero, process.Errors);
        Assert.That(process.Errors, Does.Contain("The trace ends here: ").And.Contain("nobody takes what was written before"));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_signal_ends_the_wait_for_a_pipe_in_the_way_of_the_CA_file()
    {
        using Pipe pipe = await Pipe.MakeAsync();
        await using ToolProcess process = ToolProcess.Sim7600("emulate", "--json", "--tcp", "127.0.0.1:0", "--broker-port", "0", "--ca-file", pipe.Path);
        await using FileStream other = await pipe.OpenAsync(FileAccess.Write);
        await process.SignalAsync("TERM");
        Assert.That(await process.ExitAsync(), Is.Zero, process.Errors);
        Assert.That(File.Exists(pipe.Path), "it was left alone");
    }

    [Test]
    [Platform("Linux")]
    public async Task A_full_disk_ends_the_trace_and_not_the_modem()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker-port", "0", "--trace", "/dev/full");
        using RawModem raw = await RawModem.OpenAsync(emulator);
        await raw.SayAsync("AT");
        await raw.SayAsync("AT");
        await emulator.Process.SignalAsync("TERM");
        Assert.That(await emulator.Process.ExitAsync(), Is.Zero);
        Assert.That(emulator.Process.Errors.Split('\n').Count(line => line.Contains("The trace ends here: /dev/full", StringComparison.Ordinal)), Is.EqualTo(1), emulator.Process.Errors);
    }

    [TestCase("--web", "127.0.0.1:7680")]
    [TestCase("--baud", "9601")]
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
