using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Tests;

/// <summary>When the modem pings, on virtual time, and what it says when nobody answers.</summary>
[Parallelizable(ParallelScope.All)]
public class CmqttKeepAliveTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Failed = "\r\n+CMQTTPING: 0,17\r\n";

    [Test]
    public async Task An_idle_connection_is_pinged_every_keep_alive_time()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.PassAsync(TimeSpan.FromSeconds(59));
        Assert.That(Pings(bench), Is.Zero);
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        Assert.That(Pings(bench), Is.EqualTo(1));
        for (int i = 2; i <= 5; i++)
        {
            Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(60)), Is.Empty);
            Assert.That(Pings(bench), Is.EqualTo(i));
        }
    }

    [TestCase(1, false, Description = "the PUBACK shows that the link is alive")]
    [TestCase(0, true, Description = "what is sent into a dead link shows nothing")]
    public async Task Only_traffic_with_an_answer_postpones_the_ping(int qos, bool pings)
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        for (int i = 0; i < 3; i++)
        {
            await bench.PassAsync(TimeSpan.FromSeconds(25));
            await PublishAsync(bench, qos);
        }

        Assert.That(Pings(bench) > 0, Is.EqualTo(pings));
    }

    [Test]
    public async Task Messages_alone_do_not_postpone_the_ping_since_the_broker_must_hear_something()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        for (int i = 0; i < 3; i++)
        {
            await bench.PassAsync(TimeSpan.FromSeconds(20));
            bench.Broker.Sessions.Single().Events.MessageReceived("t"u8.ToArray(), []);
        }

        await bench.PrintedAsync();
        Assert.That(Pings(bench), Is.EqualTo(1));
    }

    [Test]
    public async Task A_ping_without_answer_is_told_and_leaves_the_rest_to_the_host()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Broker.Answer = operation => operation == "ping" ? null : CmqttResultCode.Success;
        await bench.PassAsync(TimeSpan.FromSeconds(60));
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(29)), Is.Empty);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(1)), Is.EqualTo(Failed));
        await bench.SayAsync("AT+CMQTTDISC?\r", "\r\n+CMQTTDISC: 0,0\r\n+CMQTTDISC: 1,1\r\n" + Ok);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(60)), Is.Empty, "the next ping");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(Failed));
        await bench.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
        bench.Broker.Answer = _ => CmqttResultCode.Success;
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example\",60,1\r", Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
    }

    [Test]
    public async Task A_half_open_link_is_found_under_QoS_0_traffic()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Broker.Answer = operation => operation == "ping" ? null : CmqttResultCode.Success;
        for (int second = 0; second < 80; second += 10)
        {
            await PublishAsync(bench, qos: 0);
            Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(10)), Is.Empty);
        }

        await PublishAsync(bench, qos: 0);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(10)), Is.EqualTo(Failed));
    }

    [Test]
    public async Task A_connection_that_ends_at_the_ping_is_lost_and_nothing_else()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Broker.Answer = operation =>
        {
            bench.Broker.Sessions.Single().Events.ConnectionLost(1);
            return CmqttResultCode.ReceiveFailed;
        };
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(60)), Is.EqualTo("\r\n+CMQTTCONNLOST: 0,1\r\n"));
        Assert.That(await bench.PassAsync(TimeSpan.FromHours(1)), Is.Empty);
        Assert.That(Pings(bench), Is.EqualTo(1));
    }

    [TestCase("AT+CMQTTDISC=0,60\r")]
    [TestCase("AT+CRESET\r")]
    public async Task Nothing_is_pinged_after_the_end(string end)
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.TypeAsync(end);
        await bench.PassAsync(TimeSpan.FromHours(1));
        Assert.That(Pings(bench), Is.Zero);
    }

    [Test]
    public async Task Each_connection_has_its_own_keep_alive_time()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CMQTTACCQ=1,\"dev-2\"\r", Ok);
        await bench.SayAsync("AT+CMQTTCONNECT=1,\"tcp://other.example\",4,1\r", Ok + "\r\n+CMQTTCONNECT: 1,0\r\n");
        bench.Broker.Answer = _ => null;
        await bench.PassAsync(TimeSpan.FromSeconds(4));
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(2)), Is.EqualTo("\r\n+CMQTTPING: 1,17\r\n"));
    }

    private static int Pings(ModemBench bench) => bench.Broker.Log.Count(line => line == "ping");

    private static async Task PublishAsync(ModemBench bench, int qos)
    {
        await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n>");
        await bench.SayAsync("t", Ok);
        await bench.SayAsync($"AT+CMQTTPUB=0,{qos},60\r", Ok + "\r\n+CMQTTPUB: 0,0\r\n");
    }
}
