namespace Sim7600.Emulator.Tests.Faults;

/// <summary>Faults of the broker, as the modem tells them.</summary>
[Parallelizable(ParallelScope.All)]
public class BrokerFaultTests
{
    private const string Ok = FaultBench.Ok;
    private const string Connect = "AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r";

    [TestCase(1, 27)]
    [TestCase(2, 28)]
    [TestCase(3, 29)]
    [TestCase(4, 30)]
    [TestCase(5, 31)]
    public async Task A_connection_is_refused_once(int code, int shown)
    {
        await using var bench = new ModemBench();
        await AcquireAsync(bench);
        bench.Inject($$"""{ "broker": "refuse", "code": {{code}} }""");
        await bench.SayAsync(Connect, Ok + $"\r\n+CMQTTCONNECT: 0,{shown}\r\n");
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
    }

    [Test]
    public async Task Connections_are_refused_for_a_time()
    {
        await using var bench = new ModemBench();
        await AcquireAsync(bench);
        bench.Inject("""{ "broker": "refuse", "forMs": 1000 }""");
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,29\r\n");
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,29\r\n");
        await bench.PassAsync(1000);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
    }

    [Test]
    public async Task The_broker_closes_connections()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Modem.Faults.CloseConnections();
        await bench.ExpectAsync("\r\n+CMQTTCONNLOST: 0,1\r\n");
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
    }

    [Test]
    public async Task A_silent_broker_lets_operations_time_out()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.CacheAsync();
        bench.Inject("""{ "broker": "silent", "forMs": 60000 }""");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
        Assert.That(bench.Broker.Sessions.Single().Published, Is.Empty);
        Assert.That(await bench.PassAsync(59_999), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\n+CMQTTPUB: 0,17\r\n"));
        await bench.PublishAsync();
    }

    [Test]
    public async Task A_silent_broker_takes_QoS_0_and_never_answers_CONNECT()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.CacheAsync();
        bench.Inject("""{ "broker": "silent" }""");
        await bench.SayAsync("AT+CMQTTPUB=0,0,60\r", Ok + "\r\n+CMQTTPUB: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
        await bench.SayAsync(Connect, Ok);
        Assert.That(await bench.PassAsync(119_999), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\n+CMQTTCONNECT: 0,17\r\n"));
    }

    [Test]
    public async Task A_slow_broker_acts_in_time_and_answers_late()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.CacheAsync();
        bench.Inject("""{ "broker": "slow", "delayMs": 61000 }""");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
        Assert.That(await bench.PassAsync(60_000), Is.EqualTo("\r\n+CMQTTPUB: 0,17\r\n"));
        Assert.That(bench.Broker.Sessions.Single().Published, Has.Count.EqualTo(1), "and yet it was published");
        Assert.That(await bench.PassAsync(1000), Is.Empty, "nobody waits for that answer");
    }

    [Test]
    public async Task A_restart_closes_connections_and_takes_none_until_it_is_over()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        Assert.That(await bench.InjectAsync("""{ "broker": "restart", "forMs": 5000 }"""), Is.EqualTo("\r\n+CMQTTCONNLOST: 0,1\r\n"));
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,3\r\n");
        await bench.PassAsync(5000);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
    }

    [Test]
    public async Task A_TLS_handshake_fails_once()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\",1\r", Ok);
        await bench.SayAsync("AT+CMQTTACCQ=1,\"dev-2\"\r", Ok);
        bench.Inject("""{ "broker": "tls-failure" }""");
        await bench.SayAsync(Connect.Replace("=0", "=1", StringComparison.Ordinal), Ok + "\r\n+CMQTTCONNECT: 1,0\r\n", "without TLS");
        await bench.SayAsync("AT+CMQTTSSLCFG=0,0\r", Ok);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,32\r\n");
        await bench.SayAsync("AT+CMQTTSSLCFG=0,0\r", Ok);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
    }

    [Test]
    public async Task A_fault_of_the_next_handshake_tells_that_it_waits_what_passes_it_by_and_that_it_happens()
    {
        var told = new List<TimelineEntry>();
        await using var bench = new ModemBench(timeline: told.Add);
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\",1\r", Ok);
        await bench.SayAsync("AT+CMQTTACCQ=1,\"dev-2\"\r", Ok);
        await bench.SayAsync("AT+CMQTTSSLCFG=0,0\r", Ok);
        bench.Inject("""{ "broker": "tls-failure" }""");
        await bench.SayAsync(Connect.Replace("=0", "=1", StringComparison.Ordinal), Ok + "\r\n+CMQTTCONNECT: 1,0\r\n");
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,32\r\n");
        await bench.PrintedAsync();
        Assert.That(told.Where(entry => entry.Kind == TimelineKind.Fault).Select(entry => $"{entry.Text} ({entry.Note})"), Is.EqualTo((string[])
        [
            "{\"broker\":\"tls-failure\"} (waits for the next TLS handshake)",
            "broker tls-failure (no effect: this connection is without TLS)",
            "broker tls-failure (happens)",
        ]));
    }

    [Test]
    public async Task The_embedded_broker_is_reached_through_the_same_faults()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(
            new EmulatorOptions { Pty = false, Tcp = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0), TimeProvider = new Microsoft.Extensions.Time.Testing.FakeTimeProvider() }, limit.Token);
        await using Links.ISerialLink link = await Links.SerialLink.OpenAsync(emulator.PortName, cancellationToken: limit.Token);
        await AnswerAsync(link, "ATE0\rAT+CMQTTSTART\rAT+CMQTTACCQ=0,\"dev-1\"\r" + Connect, "+CMQTTCONNECT: 0,0\r\n", limit.Token);
        emulator.Modem.Faults.Inject(new Sim7600.Emulator.Faults.BrokerRestart());
        await AnswerAsync(link, "", "+CMQTTCONNLOST: 0,1\r\n", limit.Token);
        await AnswerAsync(link, Connect, "+CMQTTCONNECT: 0,3\r\n", limit.Token);
        emulator.Modem.Faults.Clear();
        await AnswerAsync(link, Connect, "+CMQTTCONNECT: 0,0\r\n", limit.Token);
    }

    private static async Task AnswerAsync(Links.ISerialLink link, string commands, string end, CancellationToken cancellationToken)
    {
        await link.WriteAsync(System.Text.Encoding.ASCII.GetBytes(commands), cancellationToken);
        string printed = "";
        while (!printed.EndsWith(end, StringComparison.Ordinal))
        {
            System.IO.Pipelines.ReadResult read = await link.Input.ReadAsync(cancellationToken);
            printed += System.Text.Encoding.ASCII.GetString(System.Buffers.BuffersExtensions.ToArray(read.Buffer));
            link.Input.AdvanceTo(read.Buffer.End);
        }
    }

    private static async Task AcquireAsync(ModemBench bench)
    {
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\"\r", Ok);
    }
}
