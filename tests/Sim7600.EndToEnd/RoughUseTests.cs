using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>Readers that go, brokers that hang, signals at the wrong moment: nothing hangs, nothing is claimed that is not so.</summary>
[Parallelizable(ParallelScope.All)]
public class RoughUseTests
{
    /// <summary>Five seconds of cleaning up, and what starting and ending processes takes on a loaded machine.</summary>
    private static readonly TimeSpan PromptEnd = TimeSpan.FromSeconds(15);

    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [Test]
    public async Task An_emulator_whose_log_nobody_reads_goes_on_and_ends_on_a_signal()
    {
        var start = new ProcessStartInfo(ToolProcess.DotNet, [ToolProcess.Tool, "emulate", "--json", "--tcp", "127.0.0.1:0", "--broker-port", "0", "--broker-tls-port", "off"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true, // and never read
        };
        using Process process = Process.Start(start)!;
        try
        {
            string ready = (await process.StandardOutput.ReadLineAsync().WaitAsync(ToolProcess.Patience))!;
            int port = System.Text.Json.Nodes.JsonNode.Parse(ready)!["tcp"]!.GetValue<string>() is { } tcp
                ? int.Parse(tcp[(tcp.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture) : 0;
            for (int i = 0; i < 2000; i++)
            {
                // Each connection makes two lines of the log: far more than a pipe and a queue hold.
                using TcpClient client = await ConnectAsync(port);
                if (i % 100 == 0)
                {
                    await AskAsync(client, $"ATE0\rAT+FOO{i}\rAT\r", "\r\nOK\r\n");
                }
            }

            using (TcpClient last = await ConnectAsync(port))
            {
                await AskAsync(last, "AT+CSQ\r", "+CSQ:");
            }

            using Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(new CancellationTokenSource(PromptEnd).Token);
            Assert.That(process.ExitCode, Is.Zero);
        }
        finally
        {
            process.Kill();
        }
    }

    [Test]
    public async Task One_folder_under_two_names_has_one_link()
    {
        string folder = Directory.CreateTempSubdirectory("sim7600-test-").FullName;
        string alias = $"{folder}-alias";
        Directory.CreateSymbolicLink(alias, folder);
        try
        {
            await using EmulatorProcess first = await EmulatorProcess.StartBareAsync("--pty", $"{folder}/tty", "--broker-port", "0");
            await using ToolProcess second = ToolProcess.Sim7600("emulate", "--pty", $"{alias}/tty", "--broker-port", "0");
            Assert.That(await second.ExitAsync(), Is.EqualTo(1), second.Errors);
            Assert.That(second.Errors, Does.Contain("Another emulator serves"));
        }
        finally
        {
            File.Delete(alias);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task A_publish_on_which_the_broker_hangs_up_is_unknown([Values] bool json)
    {
        await using var broker = new RudeBroker(accepts: true);
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--broker", $"mqtt://{broker.Address}");
        await using ToolProcess pub = ToolProcess.Sim7600(
            ["pub", "--modem", emulator.Port, "--broker", "mqtt://broker.example", "-t", "t", "-m", "m", "-q", "1", .. json ? ["--json"] : Array.Empty<string>()]);
        Assert.That(await pub.ExitAsync(), Is.EqualTo(1));
        Assert.That(pub.Errors, Does.Contain("unknown").And.Not.Contain("refused").And.Not.Contain(".."));
        Assert.That(pub.Output, json ? Does.StartWith("{\"event\":\"unknown\"") : Is.Empty);
    }

    [Test]
    public async Task Lines_are_published_as_the_bytes_they_are()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(emulator.Broker, "t", count: 3);
        await using ToolProcess pub = Pub(emulator.Port, "-l", "-q", "1");
        await pub.TypeBytesAsync([0xEF, 0xBB, 0xBF, .. "bom\r\n"u8, 0xFF, 0x00, (byte)'\n', .. "no end"u8]);
        pub.CloseInput();
        await pub.SucceedAsync();
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo((byte[])[0xEF, 0xBB, 0xBF, .. "bom\r"u8]));
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo((byte[])[0xFF, 0x00]));
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo("no end"u8.ToArray()));
    }

    [Test]
    public async Task A_line_that_is_too_long_is_named_by_its_number()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using ToolProcess pub = Pub(emulator.Port, "-l", "--json");
        await pub.TypeBytesAsync([.. "fine\n"u8, .. new byte[10241]]);
        await pub.LineAsync("\"line\":1");
        Assert.That(await pub.ExitAsync(), Is.EqualTo(1), "it does not wait for the line's end");
        Assert.That(pub.Errors, Does.Contain("Line 2").And.Contain("10240").And.Not.Contain("Parameter"));
    }

    [TestCase("TERM")]
    [TestCase("INT")]
    public async Task Waiting_for_a_line_ends_on_the_first_signal(string signal)
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using ToolProcess pub = Pub(emulator.Port, "-l", "--json");
        await pub.TypeAsync("one");
        await pub.LineAsync("delivered");
        await EndsSoonAsync(pub, signal, exitCode: 1);
        Assert.That(pub.Errors, Does.Contain("Interrupted"));
    }

    [Test]
    public async Task Waiting_for_a_line_ends_when_the_modem_is_unplugged()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using ToolProcess pub = Pub(emulator.Port, "-l", "--json");
        await pub.TypeAsync("one");
        await pub.LineAsync("delivered");
        await emulator.Process.SignalAsync("KILL");
        Assert.That(await pub.ExitAsync(), Is.EqualTo(1));
        Assert.That(pub.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1).And.All.Contain("before line 2"), pub.Errors);
    }

    [Test]
    public async Task A_signal_ends_pub_although_the_broker_does_not_answer_the_connect()
    {
        await using var broker = new RudeBroker(accepts: false);
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--broker", $"mqtt://{broker.Address}");
        await using ToolProcess pub = Pub(emulator.Port, "-m", "m");
        await broker.Called;
        await EndsSoonAsync(pub, "TERM", exitCode: 1);
    }

    [TestCase("")]
    [TestCase(" --json")]
    public async Task Sub_ends_with_0_when_its_reader_has_gone(string mode)
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using ToolProcess shell = ToolProcess.Shell(
            $"{{ $SIM7600 sub --modem {emulator.Port} --broker mqtt://b -t t -q 1{mode}; echo \"ended with $?\" >&2; }} | head -1");
        if (mode.Length == 0)
        {
            await shell.ErrorLineAsync("Subscribed");
            using TemporaryFile payload = Payloads.InFile("x"u8.ToArray());
            await MosquittoBroker.PublishFileAsync(emulator.Broker, "t", payload.Path);
        }

        await shell.ErrorLineAsync("ended with 0");
        await shell.SucceedAsync();
        Assert.That(shell.Output.TrimEnd('\n'), mode.Length == 0 ? Is.EqualTo("x") : Does.Contain("subscribed"));
    }

    [TestCase("info")]
    [TestCase("profiles")]
    [TestCase("commands")]
    [TestCase("faults")]
    public async Task A_closed_stdout_is_no_reason_for_a_stack_trace(string command)
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using ToolProcess shell = ToolProcess.Shell($"$SIM7600 {command} {(command == "info" ? $"--modem {emulator.Port}" : "")} | true");
        await shell.SucceedAsync();
        Assert.That(shell.Errors, Is.Empty);
    }

    [Test]
    public async Task A_missing_stdout_is_said_to_be_missing()
    {
        await using ToolProcess shell = ToolProcess.Shell("$SIM7600 profiles >&-");
        Assert.That(await shell.ExitAsync(), Is.EqualTo(1));
        Assert.That(shell.Errors, Does.StartWith("sim7600: There is no stdout").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Topics_may_have_quotes_and_line_ends_in_both_directions()
    {
        const string Topic = "say \"hi\"\r\nAT";
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--modems", "2");
        await using ToolProcess sub = ToolProcess.Sim7600("sub", "--modem", emulator.Ports[1], "--broker", "mqtt://b", "-t", Topic, "-C", "1", "--json");
        await sub.LineAsync("subscribed");
        await using ToolProcess pub = ToolProcess.Sim7600("pub", "--modem", emulator.Port, "--broker", "mqtt://b", "-t", Topic, "-m", "m", "-q", "1");
        await pub.SucceedAsync();
        Assert.That(System.Text.Json.Nodes.JsonNode.Parse(await sub.LineAsync("message"))!["topic"]!.GetValue<string>(), Is.EqualTo(Topic));
        await sub.SucceedAsync();
    }

    [Test]
    public async Task A_modem_that_was_just_switched_on_is_waited_for()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--boot", "real");
        await using ToolProcess pub = Pub(emulator.Port, "-m", "m", "-q", "1");
        await pub.SucceedAsync();
    }

    [Test]
    public async Task A_modem_that_is_still_starting_says_so()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--boot", "real");
        await using ToolProcess info = ToolProcess.Sim7600("info", "--modem", emulator.Port);
        await info.SucceedAsync();
        Assert.That(info.Output, Does.Contain("State").And.Contain("in a few seconds").Or.Contain("ready"), info.Output);
        await using ToolProcess impatient = Pub(emulator.Port, "-m", "m", "--registration-timeout", "60");
        await impatient.SucceedAsync();
    }

    [Test]
    public async Task The_modem_echoes_again_after_a_tool_has_used_it()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker-port", "0");
        await using ToolProcess info = ToolProcess.Sim7600("info", "--modem", $"tcp://{emulator.Tcp}");
        await info.SucceedAsync();
        using TcpClient client = await ConnectAsync(int.Parse(emulator.Tcp.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        await AskAsync(client, "AT\r", "AT\r\r\nOK\r\n");
    }

    [TestCase("There is no command 'bogus'", "bogus")]
    [TestCase("Name a command")]
    [TestCase("wildcard", "pub", "-t", "a/+", "-m", "m")]
    [TestCase("1 to 1024", "pub", "-t", "", "-m", "m")]
    [TestCase("10240", "pub", "-t", "t", "-m", "LONG")]
    [TestCase("wildcard", "sub", "-t", "a#")]
    [TestCase("whole number", "sub", "-t", "a", "-C", "x")]
    [TestCase("whole number", "pub", "-t", "a", "-n", "-q", "x")]
    [TestCase("password", "pub", "-t", "t", "-m", "m", "--broker", "mqtt://u:s3cr3t@h")]
    [TestCase("password", "sub", "-t", "t", "--broker", "mqtt://u:s3cr3t@h")]
    [TestCase("password", "emulate", "--broker", "mqtt://u:s3cr3t@h")]
    [TestCase("mqtt://h:1?x", "emulate", "--broker", "mqtt://h:1?x")]
    [TestCase("1 to 128", "pub", "-t", "t", "-m", "m", "-i", "")]
    [TestCase("quote", "pub", "-t", "t", "-m", "m", "-u", "a\"b")]
    [TestCase("empty", "info", "--modem", "")]
    [TestCase("unix:///path", "info", "--modem", "unix://")]
    [TestCase("brackets", "info", "--modem", "tcp://::1:5")]
    public async Task Wrong_usage_is_one_clear_line_and_exit_2(string mention, params string[] arguments)
    {
        IEnumerable<string> all = arguments.Select(argument => argument == "LONG" ? new string('x', 10241) : argument);
        if (arguments is ["pub" or "sub", ..])
        {
            all = [.. all, "--modem", "/dev/ttyNONE", .. arguments.Contains("--broker") ? [] : new[] { "--broker", "mqtt://h" }];
        }

        await using ToolProcess process = ToolProcess.Sim7600(all);
        Assert.That(await process.ExitAsync(), Is.EqualTo(2), process.Errors);
        Assert.That(
            process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Has.Length.EqualTo(1).And.All.StartsWith("sim7600: ").And.All.Contain(mention).And.All.Not.Contain("s3cr3t").And.All.Not.Contain("System.").And.All.Not.Contain("(Parameter"));
    }

    [TestCase("There is no socket", "info", "--modem", "unix:///no/such/socket")]
    [TestCase("does not exist", "pub", "-t", "t", "-f", "/no/such/file", "--modem", "/dev/ttyNONE", "--broker", "mqtt://h")]
    [TestCase("folder", "pub", "-t", "t", "-f", "/tmp", "--modem", "/dev/ttyNONE", "--broker", "mqtt://h")]
    [TestCase("tcp://[::1]:1", "info", "--modem", "tcp://[::1]:1")]
    public async Task What_is_not_there_is_one_clear_line_and_exit_1(string mention, params string[] arguments)
    {
        await using ToolProcess process = ToolProcess.Sim7600(arguments);
        Assert.That(await process.ExitAsync(), Is.EqualTo(1), process.Errors);
        Assert.That(process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1).And.All.StartsWith("sim7600: ").And.All.Contain(mention));
    }

    [Test]
    public async Task A_port_that_another_sim7600_has_is_said_to_be_so()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using ToolProcess pub = Pub(emulator.Port, "-l", "--json");
        await pub.TypeAsync("one");
        await pub.LineAsync("delivered");
        await using ToolProcess info = ToolProcess.Sim7600("info", "--modem", emulator.Port);
        Assert.That(await info.ExitAsync(), Is.EqualTo(1));
        Assert.That(info.Errors, Does.Contain("in use by sim7600 (process"));
    }

    private static ToolProcess Pub(string port, params string[] more) =>
        ToolProcess.Sim7600(["pub", "--modem", port, "--broker", "mqtt://broker.example", "-t", "t", .. more]);

    private static async Task EndsSoonAsync(ToolProcess process, string signal, int exitCode)
    {
        long started = Stopwatch.GetTimestamp();
        await process.SignalAsync(signal);
        Assert.That(await process.ExitAsync(), Is.EqualTo(exitCode), process.Errors);
        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(PromptEnd));
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port).WaitAsync(ToolProcess.Patience);
        return client;
    }

    private static async Task AskAsync(TcpClient client, string text, string answer)
    {
        using var limit = new CancellationTokenSource(ToolProcess.Patience);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), limit.Token);
        var heard = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!heard.ToString().Contains(answer, StringComparison.Ordinal))
        {
            int read = await client.GetStream().ReadAsync(buffer, limit.Token);
            Assert.That(read, Is.Positive, $"closed after '{heard}'");
            heard.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
    }
}
