using Sim7600.EndToEnd.Processes;
using Sim7600.Testing;

namespace Sim7600.EndToEnd;

/// <summary>The TLS port of the embedded broker and its CA file.</summary>
[Parallelizable(ParallelScope.All)]
public class EmbeddedTlsTests
{
    private const UnixFileMode ReadableByAll = (UnixFileMode)0b110_100_100;

    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [TestCase("broker.example", 0)]
    [TestCase("broker.example", 1)]
    [TestCase("my_broker.eu-1.cloud.example", 0)]
    [TestCase("10.20.30.40", 0)]
    [TestCase("10.20.30.40", 1)]
    [TestCase("localhost", 1)]
    public async Task Whatever_host_the_firmware_names_is_verified_with_the_CA_file(string host, int sni)
    {
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await RawModem.OpenAsync(emulator);
        await modem.LoadAsync("ca.pem", await File.ReadAllTextAsync(emulator.CaFile));
        await modem.ConfigureAsync("authmode=1", "cacert=ca.pem", $"enableSNI={sni}", "ignorelocaltime=0");
        await modem.SayAsync($"AT+CCLK=\"{DateTime.UtcNow:yy/MM/dd,HH:mm:ss}+00\"");
        await modem.AcquireAsync();
        await modem.ConnectAsync($"{host}:8883");
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(emulator.Broker, "plant/7");
        await modem.PublishAsync("plant/7", "21.5");
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo("21.5"u8.ToArray()), "both ports are one broker");
        await modem.DisconnectAsync();
    }

    [Test]
    public async Task Another_CA_is_32()
    {
        using var other = new TestAuthority();
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await RawModem.OpenAsync(emulator);
        await modem.LoadAsync("ca.pem", other.Pem);
        await modem.ConfigureAsync("authmode=1", "cacert=ca.pem");
        await modem.AcquireAsync();
        await modem.ConnectAsync("broker.example:8883", 32);
        await emulator.Process.ErrorLineAsync("does not lead to a CA in 'ca.pem'");
    }

    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    public async Task Mosquitto_pub_with_the_CA_file_reaches_the_firmware(string host)
    {
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await RawModem.OpenAsync(emulator);
        await modem.AcquireAsync();
        await modem.ConnectAsync("broker.example:8883");
        await modem.SubscribeAsync("to/device");
        using TemporaryFile payload = Payloads.InFile("hello"u8.ToArray());
        await MosquittoBroker.PublishFileAsync($"{host}:{emulator.BrokerTls.Split(':')[1]}", "to/device", payload.Path, 1, "--cafile", emulator.CaFile);
        await modem.UntilAsync("+CMQTTRXPAYLOAD: 0,5\r\nhello\r\n+CMQTTRXEND: 0\r\n");
    }

    [Test]
    public async Task A_Python_script_on_the_PTY_publishes_over_TLS()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        Assert.That(emulator.CaFile, Is.EqualTo($"{emulator.Port}-ca.pem"));
        byte[] payload = Payloads.Nasty(10240);
        using TemporaryFile file = Payloads.InFile(payload);
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(emulator.Broker, "over/tls");
        string script = Path.Combine(AppContext.BaseDirectory, "Scripts", "at_dialogue.py");
        await using ToolProcess python = ToolProcess.Start(Tools.Python, script, emulator.Port, "tls", "any.example:8883", "over/tls", file.Path, emulator.CaFile);
        await python.SucceedAsync();
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo(payload));
    }

    [Test]
    public async Task The_CA_file_is_new_at_each_start_readable_by_all_and_gone_after_a_clean_end()
    {
        string path = EmulatorProcess.NewLink();
        await using EmulatorProcess killed = await StartAsync("--ca-file", path);
        Assert.That(killed.CaFile, Is.EqualTo(path));
        string first = await File.ReadAllTextAsync(path);
        Assert.That(first, Does.StartWith("-----BEGIN CERTIFICATE-----").And.Not.Contain("PRIVATE"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(ReadableByAll));
        }

        await killed.Process.SignalAsync("KILL");
        await killed.Process.ExitAsync();
        Assert.That(File.Exists(path), Is.True, "nobody could remove it");
        await using EmulatorProcess second = await StartAsync("--ca-file", path);
        Assert.That(await File.ReadAllTextAsync(path), Is.Not.EqualTo(first));
        await second.Process.SignalAsync("TERM");
        await second.Process.SucceedAsync();
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public async Task A_file_that_is_no_certificate_is_left_alone()
    {
        using TemporaryFile file = Payloads.InFile("precious"u8.ToArray());
        await using ToolProcess process = ToolProcess.Sim7600("emulate", "--tcp", "127.0.0.1:0", "--broker-port", "0", "--ca-file", file.Path);
        Assert.That(await process.ExitAsync(), Is.EqualTo(1));
        Assert.That(process.Errors, Does.StartWith("sim7600: ").And.Contain(file.Path).And.Contain("--ca-file"));
        Assert.That(await File.ReadAllTextAsync(file.Path), Is.EqualTo("precious"));
    }

    [Test]
    public async Task An_emulator_that_is_refused_leaves_the_CA_file_of_the_other_alone()
    {
        await using EmulatorProcess first = await EmulatorProcess.StartAsync();
        string pem = await File.ReadAllTextAsync(first.CaFile);
        await using ToolProcess second = ToolProcess.Sim7600("emulate", "--pty", first.Port, "--broker-port", "0");
        Assert.That(await second.ExitAsync(), Is.EqualTo(1));
        Assert.That(await File.ReadAllTextAsync(first.CaFile), Is.EqualTo(pem));
    }

    [Test]
    public async Task The_TLS_port_may_be_off()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker-port", "0", "--broker-tls-port", "off");
        Assert.That(emulator.BrokerTls + emulator.CaFile, Is.Empty);
        using RawModem modem = await RawModem.OpenAsync(emulator);
        await modem.AcquireAsync();
        await modem.ConnectAsync("broker.example:8883", 3);
        await emulator.Process.ErrorLineAsync("without a TLS port");
    }

    [Test]
    public async Task A_taken_TLS_port_is_one_clear_line_and_exit_1()
    {
        await using EmulatorProcess first = await StartAsync();
        string port = first.BrokerTls.Split(':')[1];
        await using ToolProcess second = ToolProcess.Sim7600("emulate", "--tcp", "127.0.0.1:0", "--broker-port", "0", "--broker-tls-port", port);
        Assert.That(await second.ExitAsync(), Is.EqualTo(1));
        Assert.That(second.Errors, Does.StartWith("sim7600: ").And.Contain(port).And.Contain("--broker-tls-port"));
    }

    /// <summary>An emulator on TCP with a CA file that no other test has.</summary>
    private static Task<EmulatorProcess> StartAsync(params string[] more) => EmulatorProcess.StartBareAsync(
        ["--tcp", "127.0.0.1:0", "--broker-port", "0", .. more.Length > 0 ? more : ["--ca-file", EmulatorProcess.NewLink()]]);
}
