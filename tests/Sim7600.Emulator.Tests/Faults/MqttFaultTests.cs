namespace Sim7600.Emulator.Tests.Faults;

/// <summary>Faults of the module's MQTT service and of the network, byte for byte.</summary>
[Parallelizable(ParallelScope.All)]
public class MqttFaultTests
{
    private const string Ok = FaultBench.Ok;
    private const string Lost = "\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n";

    [Test]
    public async Task A_connection_is_lost()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        Assert.That(await bench.InjectAsync("""{ "mqtt": "connlost", "client": 1 }"""), Is.Empty, "it has no connection");
        Assert.That(await bench.InjectAsync("""{ "mqtt": "connlost", "cause": 2 }"""), Is.EqualTo("\r\n+CMQTTCONNLOST: 0,2\r\n"));
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r", Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
    }

    [Test]
    public async Task A_connection_is_lost_while_a_publish_runs()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.CacheAsync();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
        Assert.That(await bench.InjectAsync("""{ "mqtt": "connlost" }"""), Is.EqualTo("\r\n+CMQTTPUB: 0,6\r\n\r\n+CMQTTCONNLOST: 0,1\r\n"));
    }

    [Test]
    public async Task A_ping_fails_and_the_client_stays_connected()
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.InjectAsync("""{ "mqtt": "ping" }"""), Is.Empty);
        await bench.ConnectAsync();
        Assert.That(await bench.InjectAsync("""{ "mqtt": "ping" }"""), Is.EqualTo("\r\n+CMQTTPING: 0,17\r\n"));
        await bench.PublishAsync();
    }

    [Test]
    public async Task The_service_loses_the_network_while_the_modem_stays_registered()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        Assert.That(await bench.InjectAsync("""{ "mqtt": "nonet" }"""), Is.EqualTo(Lost));
        await bench.SayAsync("AT+CREG?\r", "\r\n+CREG: 0,1\r\n" + Ok);
        await bench.ConnectAsync();
    }

    [Test]
    public async Task The_network_is_down_after_publishes_for_a_time()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CREG=1;+CGEREP=1\r", Ok);
        await bench.ConnectAsync();
        bench.Modem.Faults.DropNetwork(afterPublishes: 2, duration: TimeSpan.FromSeconds(30));
        await bench.PublishAsync();
        await bench.PublishAsync();
        await bench.ExpectAsync("\r\n+CREG: 0\r\n\r\n+CGEV: NW DETACH\r\n" + Lost);
        Assert.That(await bench.PassAsync(29_999), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\n+CREG: 1\r\n"));
        await bench.ConnectAsync();
    }

    [TestCase("searching", 2)]
    [TestCase("denied", 3)]
    public async Task The_network_keeps_the_modem_out(string fault, int status)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CREG=1\r", Ok);
        await bench.Modem.SetNetworkAsync(NetworkState.Roaming);
        await bench.ExpectAsync("\r\n+CREG: 5\r\n");
        Assert.That(await bench.InjectAsync($$"""{ "network": "{{fault}}", "forMs": 1000 }"""), Is.EqualTo($"\r\n+CREG: {status}\r\n"));
        Assert.That(await bench.PassAsync(1000), Is.EqualTo("\r\n+CREG: 5\r\n"), "as before");
    }

    [Test]
    public async Task Up_ends_what_kept_the_modem_out()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CREG=1\r", Ok);
        Assert.That(await bench.InjectAsync("""{ "network": "down", "forMs": 5000 }"""), Is.EqualTo("\r\n+CREG: 0\r\n"));
        Assert.That(await bench.InjectAsync("""{ "network": "denied", "forMs": 9000 }"""), Is.EqualTo("\r\n+CREG: 3\r\n"));
        Assert.That(await bench.InjectAsync("""{ "network": "up" }"""), Is.EqualTo("\r\n+CREG: 1\r\n"));
        Assert.That(await bench.PassAsync(10_000), Is.Empty, "the ends of the others mean nothing any more");
    }

    [Test]
    public async Task The_last_of_two_network_faults_counts()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CREG=1\r", Ok);
        Assert.That(await bench.InjectAsync("""{ "network": "down", "forMs": 5000 }"""), Is.EqualTo("\r\n+CREG: 0\r\n"));
        Assert.That(await bench.InjectAsync("""{ "network": "searching", "forMs": 1000 }"""), Is.EqualTo("\r\n+CREG: 2\r\n"));
        Assert.That(await bench.PassAsync(1000), Is.EqualTo("\r\n+CREG: 0\r\n"), "the first is still there");
        Assert.That(await bench.PassAsync(4000), Is.EqualTo("\r\n+CREG: 1\r\n"));
        bench.Modem.Faults.DropNetwork();
        await bench.ExpectAsync("\r\n+CREG: 0\r\n");
        bench.Modem.Faults.Clear();
        await bench.ExpectAsync("\r\n+CREG: 1\r\n");
    }

    [Test]
    public async Task A_lossy_network_makes_operations_late_and_the_same_seed_makes_them_equally_late()
    {
        var times = new List<int>();
        for (int run = 0; run < 2; run++)
        {
            await using var bench = new ModemBench();
            await bench.ConnectAsync();
            bench.Inject("""{ "network": "lossy", "percent": 60 }""");
            int seconds = 0;
            for (int i = 0; i < 5; i++)
            {
                await bench.CacheAsync();
                string printed = await bench.TypeAsync("AT+CMQTTPUB=0,1,60\r");
                while (!printed.Contains("+CMQTTPUB: 0,", StringComparison.Ordinal))
                {
                    printed += await bench.PassAsync(1000);
                    seconds++;
                }
            }

            times.Add(seconds);
        }

        Assert.That(times[0], Is.GreaterThan(0).And.EqualTo(times[1]));
    }

    [Test]
    public async Task A_packet_that_was_lost_arrives_with_its_next_repetition_once_the_network_loses_none()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.CacheAsync();
        bench.Inject("""{ "network": "lossy", "percent": 100, "forMs": 3500 }""");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
        Broker(bench).MessageReceived("a"u8.ToArray(), "1"u8.ToArray());
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(4), TimeSpan.FromMilliseconds(500)), Is.Empty, "lost at 0, 1 and 3 s");
        Broker(bench).MessageReceived("a"u8.ToArray(), "2"u8.ToArray());
        Assert.That(await bench.PassAsync(2999), Is.Empty, "what comes now is not lost, and waits for what came before");
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\n+CMQTTPUB: 0,0\r\n" + Message("1") + Message("2")), "sent again at 7 s");
        await bench.PublishAsync();
        Broker(bench).MessageReceived("a"u8.ToArray(), "3"u8.ToArray());
        await bench.ExpectAsync(Message("3"));
    }

    [Test]
    public async Task A_packet_that_is_lost_seven_times_is_given_up()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Inject("""{ "network": "lossy", "percent": 100, "forMs": 63001 }""");
        Broker(bench).MessageReceived("a"u8.ToArray(), "1"u8.ToArray());
        await bench.LiveAsync(TimeSpan.FromSeconds(64), TimeSpan.FromSeconds(1));
        Broker(bench).MessageReceived("a"u8.ToArray(), "2"u8.ToArray());
        await bench.ExpectAsync(Message("2"));
    }

    [TestCase("""{"mqtt":"connlost","client":1}""", "client 1 is not connected")]
    [TestCase("""{"mqtt":"ping","client":1}""", "client 1 is not connected")]
    [TestCase("""{"network":"up"}""", "the network is there already")]
    [TestCase("""{"modem":"echo-on"}""", "the modem echoes already", true)]
    public async Task A_fault_without_effect_says_why(string json, string why, bool echo = false) => Assert.That(await ToldAsync(json, echo, connects: true), Is.EqualTo($"{json} (no effect: {why})"));

    [TestCase("""{"mqtt":"nonet"}""", "the MQTT service is stopped")]
    [TestCase("""{"broker":"close"}""", "no MQTT connection is open")]
    [TestCase("""{"network":"half-open"}""", "no MQTT connection is open")]
    public async Task A_fault_without_a_connection_says_that_it_has_no_effect(string json, string why) =>
        Assert.That(await ToldAsync(json, echo: false, connects: false), Is.EqualTo($"{json} (no effect: {why})"));

    [TestCase("""{"mqtt":"connlost"}""")]
    [TestCase("""{"mqtt":"ping"}""")]
    [TestCase("""{"mqtt":"nonet"}""")]
    [TestCase("""{"broker":"close"}""")]
    [TestCase("""{"network":"half-open"}""")]
    [TestCase("""{"modem":"echo-on"}""")]
    public async Task A_fault_with_effect_says_nothing_of_it(string json) => Assert.That(await ToldAsync(json, echo: false, connects: true), Is.EqualTo(json));

    private static async Task<string> ToldAsync(string json, bool echo, bool connects)
    {
        var told = new List<TimelineEntry>();
        var log = new RecordedWarnings();
        await using var bench = new ModemBench(echo: echo, log: log, timeline: told.Add);
        if (connects && !echo)
        {
            await bench.ConnectAsync();
        }

        await bench.InjectAsync(json);
        TimelineEntry entry = told.Single(each => each.Kind == TimelineKind.Fault);
        string text = entry.Text + (entry.Note is null ? "" : $" ({entry.Note})");
        Assert.That(log.All, Has.Some.EndsWith($"fault {text} "));
        return text;
    }

    [Test]
    public async Task A_slow_network_delays_answers_and_messages_in_their_order()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.CacheAsync();
        bench.Inject("""{ "network": "slow", "delayMs": 2000, "forMs": 3000 }""");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
        Assert.That(bench.Broker.Sessions.Single().Published, Has.Count.EqualTo(1), "the broker has it already");
        Assert.That(await bench.PassAsync(1999), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\n+CMQTTPUB: 0,0\r\n"));
        Broker(bench).MessageReceived("a"u8.ToArray(), "1"u8.ToArray());
        Assert.That(await bench.PassAsync(1500), Is.Empty);
        Broker(bench).MessageReceived("a"u8.ToArray(), "2"u8.ToArray());
        Broker(bench).ConnectionLost(cause: 1);
        Assert.That(
            await bench.PassAsync(500),
            Is.EqualTo(Message("1") + Message("2") + "\r\n+CMQTTCONNLOST: 0,1\r\n"),
            "the network is fast again, and still nothing overtakes");
    }

    [Test]
    public async Task A_half_open_connection_tells_nobody()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        Assert.That(await bench.InjectAsync("""{ "network": "half-open" }"""), Is.Empty);
        await bench.CacheAsync();
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
        Broker(bench).MessageReceived("a"u8.ToArray(), "1"u8.ToArray());
        Broker(bench).ConnectionLost(cause: 1);
        Assert.That(await bench.PassAsync(59_999), Is.Empty);
        Assert.That(await bench.PassAsync(1), Is.EqualTo("\r\n+CMQTTPUB: 0,17\r\n"));
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1)), Is.EqualTo("\r\n+CMQTTPING: 0,17\r\n"));
        await bench.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r", Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
        await bench.PublishAsync();
    }

    private static Sim7600.Emulator.Broker.ISessionEvents Broker(ModemBench bench) => bench.Broker.Sessions.Last().Events;

    private static string Message(string payload) =>
        $"\r\n+CMQTTRXSTART: 0,1,1\r\n\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXPAYLOAD: 0,1\r\n{payload}\r\n+CMQTTRXEND: 0\r\n";
}
