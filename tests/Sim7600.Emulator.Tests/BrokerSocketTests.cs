using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sim7600.Emulator.Broker;
using static Sim7600.Emulator.Tests.RawBroker.Connection;

namespace Sim7600.Emulator.Tests;

/// <summary>The AT+CMQTT* commands over real sockets against bytes written by hand: what a broker does, and what the host then sees.</summary>
[Parallelizable(ParallelScope.All)]
public class BrokerSocketTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Connect = "AT+CMQTTCONNECT=0,\"tcp://broker.example\",10,0\r";
    private const string Connected = "\r\n+CMQTTCONNECT: 0,0\r\n";

    [TestCase(1, 27)]
    [TestCase(2, 28)]
    [TestCase(3, 29)]
    [TestCase(4, 30)]
    [TestCase(5, 31)]
    public async Task A_refusal_in_CONNACK_has_its_code_and_CONNECT_may_be_repeated(byte refusal, int code)
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        await bench.SayAsync(Connect, Ok);
        using (RawBroker.Connection refused = await broker.AcceptAsync())
        {
            await refused.ReadAsync();
            await refused.SendAsync(0x20, 2, 0, refusal);
            await bench.ExpectAsync($"\r\n+CMQTTCONNECT: 0,{code}\r\n");
        }

        using RawBroker.Connection connection = await ConnectAsync(bench, broker);
    }

    [TestCase(new byte[] { 0x20, 0x00 }, Description = "a CONNACK without content")]
    [TestCase(new byte[] { 0x20, 0x02, 0x00, 0x09 }, Description = "an unknown return code")]
    [TestCase(new byte[] { 0xD0, 0x00 }, Description = "another packet")]
    public async Task An_answer_that_is_no_CONNACK_is_24(byte[] answer)
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        await bench.SayAsync(Connect, Ok);
        using RawBroker.Connection connection = await broker.AcceptAsync();
        await connection.ReadAsync();
        await connection.SendAsync(answer);
        await bench.ExpectAsync("\r\n+CMQTTCONNECT: 0,24\r\n");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_server_that_closes_instead_of_answering_is_26(bool reset)
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        await bench.SayAsync(Connect, Ok);
        using RawBroker.Connection connection = await broker.AcceptAsync();
        if (reset)
        {
            connection.Reset();
        }
        else
        {
            await connection.ReadAsync();
            connection.Dispose();
        }

        await bench.ExpectAsync("\r\n+CMQTTCONNECT: 0,26\r\n");
    }

    [TestCase("AT+CRESET")]
    [TestCase("AT+CFUN=0")]
    [TestCase("AT+CPOF")]
    public async Task A_CONNECT_that_the_modem_cuts_itself_is_not_the_server_s_doing(string command)
    {
        using var broker = new RawBroker();
        var log = new RecordedWarnings();
        await using ModemBench bench = await AcquiredAsync(broker.Port, log);
        await bench.SayAsync(Connect, Ok);
        using RawBroker.Connection connection = await broker.AcceptAsync();
        await connection.ReadAsync();
        Assert.That(await bench.TypeAsync(command + "\r"), Does.Contain("\r\n+CMQTTCONNECT: 0,3\r\n\r\n+CMQTTNONET\r\n"));
        await bench.DisposeAsync(); // waits for the sessions that are closing
        Assert.That(log.Warnings, Is.Empty);
    }

    [Test]
    public async Task What_is_told_as_17_is_not_told_again_when_its_session_ends()
    {
        using var broker = new RawBroker();
        var log = new RecordedWarnings();
        await using ModemBench bench = await AcquiredAsync(broker.Port, log);
        using (RawBroker.Connection connection = await ConnectAsync(bench, broker, keepAlive: 1000))
        {
            await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n>");
            await bench.SayAsync("t", Ok);
            await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
            await connection.ReadAsync();
            Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(60)), Does.Contain("\r\n+CMQTTPUB: 0,17\r\n"));
            connection.Reset();
        }

        await bench.ExpectAsync("\r\n+CMQTTCONNLOST: 0,");
        await bench.DisposeAsync();
        Assert.That(log.Warnings, Has.None.Contains("publish"));
    }

    [Test]
    public async Task A_server_that_says_nothing_is_given_up_after_120_s()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        await bench.SayAsync(Connect, Ok);
        using RawBroker.Connection connection = await broker.AcceptAsync();
        await connection.ReadAsync();
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(119)), Is.Empty);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(1)), Is.EqualTo("\r\n+CMQTTCONNECT: 0,17\r\n"));
        Assert.That(await connection.ReadAsync(), Is.Empty, "the modem has closed");
    }

    [Test]
    public async Task A_port_where_nobody_listens_is_3()
    {
        int port;
        using (var broker = new RawBroker())
        {
            port = broker.Port;
        }

        await using ModemBench bench = await AcquiredAsync(port);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,3\r\n");
    }

    [Test]
    public async Task A_name_that_nobody_knows_is_25()
    {
        await using var bench = new ModemBench(bridge: Bridge(null));
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\"\r", Ok);
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://no-such-host.invalid\",10,0\r", Ok + "\r\n+CMQTTCONNECT: 0,25\r\n");
    }

    [TestCase(false, 1)]
    [TestCase(true, 2)]
    public async Task FIN_is_cause_1_and_RST_is_cause_2(bool reset, int cause)
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        using RawBroker.Connection connection = await ConnectAsync(bench, broker);
        if (reset)
        {
            connection.Reset();
        }
        else
        {
            connection.Dispose();
        }

        await bench.ExpectAsync($"\r\n+CMQTTCONNLOST: 0,{cause}\r\n");
        await bench.SayAsync("AT+CMQTTDISC?\r", "\r\n+CMQTTDISC: 0,1\r\n+CMQTTDISC: 1,1\r\n" + Ok);
        using RawBroker.Connection next = await ConnectAsync(bench, broker);
    }

    [Test]
    public async Task CONNECT_on_the_wire()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        await DataAsync(bench, "AT+CMQTTWILLTOPIC=0,1", "w");
        await DataAsync(bench, "AT+CMQTTWILLMSG=0,2,1", "\u0000\u00ff");
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example\",300,1,\"me\",\"pw\"\r", Ok);
        using RawBroker.Connection connection = await broker.AcceptAsync();
        await connection.ExpectAsync(
            [0x10, 32, 0, 4, .. "MQTT"u8, 4, 0b1100_1110, 1, 44, 0, 5, .. "dev-1"u8, 0, 1, (byte)'w', 0, 2, 0, 0xFF, 0, 2, .. "me"u8, 0, 2, .. "pw"u8]);
    }

    [Test]
    public async Task MQTT_3_1_and_a_will_topic_without_a_message()
    {
        using var broker = new RawBroker();
        await using var bench = new ModemBench(bridge: Bridge(broker.Port));
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\",0,3\r", Ok);
        await DataAsync(bench, "AT+CMQTTWILLTOPIC=0,1", "w");
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example\",64800,0\r", Ok);
        using RawBroker.Connection connection = await broker.AcceptAsync();
        await connection.ExpectAsync([0x10, 19, 0, 6, .. "MQIsdp"u8, 3, 0, 0xFD, 0x20, 0, 5, .. "dev-1"u8]);
    }

    [Test]
    public async Task DISC_sends_DISCONNECT_and_a_reset_of_the_modem_does_not()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        using (RawBroker.Connection connection = await ConnectAsync(bench, broker))
        {
            await bench.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
            await connection.ExpectAsync(0xE0, 0);
            await connection.ExpectAsync();
        }

        using RawBroker.Connection second = await ConnectAsync(bench, broker);
        await bench.SayAsync("AT+CRESET\r", Ok + "\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n");
        await second.ExpectAsync();
    }

    [Test]
    public async Task Silence_is_found_by_the_ping()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        using RawBroker.Connection connection = await ConnectAsync(bench, broker);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(10)), Is.Empty);
        await connection.ExpectAsync(0xC0, 0);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(5)), Is.EqualTo("\r\n+CMQTTPING: 0,17\r\n"));
        await connection.SendAsync(0xD0, 0);
        await connection.SendAsync(Publish(0x30, "t", 0, "alive"));
        await bench.ExpectAsync(Block("t", "alive"));
        await bench.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
    }

    [Test]
    public async Task A_half_open_link_is_found_under_QoS_0_traffic()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        using RawBroker.Connection connection = await ConnectAsync(bench, broker);
        for (int i = 0; i < 3; i++)
        {
            await PublishAsync(bench, "t", "x", qos: 0);
            await bench.ExpectAsync("\r\n+CMQTTPUB: 0,0\r\n");
            string printed = await bench.PassAsync(TimeSpan.FromSeconds(5));
            Assert.That(printed, Is.EqualTo(i == 2 ? "\r\n+CMQTTPING: 0,17\r\n" : ""));
        }
    }

    [Test]
    public async Task A_broker_that_closes_at_the_ping_is_a_loss()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        using RawBroker.Connection connection = await ConnectAsync(bench, broker);
        await bench.PassAsync(TimeSpan.FromSeconds(10));
        await connection.ExpectAsync(0xC0, 0);
        connection.Dispose();
        await bench.ExpectAsync("\r\n+CMQTTCONNLOST: 0,1\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(30)), Is.Empty);
    }

    [TestCase(0, 0, 0, 0x30)]
    [TestCase(0, 1, 1, 0x31, Description = "MQTT has no DUP with QoS 0")]
    [TestCase(1, 1, 0, 0x33)]
    [TestCase(1, 0, 1, 0x3A)]
    public async Task QoS_retain_and_dup_are_flags_of_PUBLISH(int qos, int retain, int dup, byte header)
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        using RawBroker.Connection connection = await ConnectAsync(bench, broker);
        await PublishAsync(bench, "t", "x", qos, $",{retain},{dup}");
        byte[] packet = await connection.ReadAsync();
        ushort id = qos == 0 ? (ushort)0 : (ushort)((packet[5] << 8) | packet[6]);
        Assert.That(packet, Is.EqualTo(Publish(header, "t", id, "x")));
        if (qos > 0)
        {
            Assert.That(await bench.PrintedAsync(), Is.Empty, "no PUBACK, no result");
            await connection.SendAsync(0x40, 2, packet[5], packet[6]);
        }

        await bench.ExpectAsync("\r\n+CMQTTPUB: 0,0\r\n");
    }

    [Test]
    public async Task The_result_of_QoS_2_comes_after_PUBCOMP()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        using RawBroker.Connection connection = await ConnectAsync(bench, broker);
        await PublishAsync(bench, "t", "x", qos: 2);
        byte[] packet = await connection.ReadAsync();
        await connection.SendAsync(0x50, 2, packet[5], packet[6]);
        await connection.ExpectAsync(0x62, 2, packet[5], packet[6]);
        Assert.That(await bench.PrintedAsync(), Is.Empty);
        await connection.SendAsync(0x70, 2, packet[5], packet[6]);
        await bench.ExpectAsync("\r\n+CMQTTPUB: 0,0\r\n");
    }

    [Test]
    public async Task A_PUBACK_that_comes_late_is_nobodys_and_the_next_publish_gets_its_own()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        using RawBroker.Connection connection = await ConnectAsync(bench, broker, keepAlive: 600);
        await PublishAsync(bench, "t", "1", qos: 1);
        byte[] first = await connection.ReadAsync();
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(60)), Is.EqualTo("\r\n+CMQTTPUB: 0,17\r\n"));
        await PublishAsync(bench, "t", "2", qos: 1);
        byte[] second = await connection.ReadAsync();
        Assert.That(second[5..7], Is.Not.EqualTo(first[5..7]));
        await connection.SendAsync(0x40, 2, first[5], first[6]);
        await connection.SendAsync(Publish(0x30, "t", 0, "between"));
        await connection.SendAsync(0x40, 2, second[5], second[6]);
        await bench.ExpectAsync("\r\n+CMQTTPUB: 0,0\r\n" + Block("t", "between"));
    }

    [Test]
    public async Task A_SUBACK_that_comes_late_is_nobodys()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        await bench.SayAsync("AT+CMQTTCFG=\"optimeout\",0,20\r", Ok);
        using RawBroker.Connection connection = await ConnectAsync(bench, broker, keepAlive: 600);
        await DataAsync(bench, "AT+CMQTTSUB=0,1,1", "t");
        byte[] subscribe = await connection.ReadAsync();
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(20)), Is.EqualTo("\r\n+CMQTTSUB: 0,17\r\n"));
        await connection.SendAsync(0x90, 3, subscribe[2], subscribe[3], 1);
        await connection.SendAsync(Publish(0x30, "t", 0, "subscribed all the same"));
        await bench.ExpectAsync(Block("t", "subscribed all the same"));
    }

    [Test]
    public async Task A_QoS_2_message_is_told_once_also_over_a_reconnect()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        using (RawBroker.Connection connection = await ConnectAsync(bench, broker))
        {
            await connection.SendAsync(Publish(0x34, "t", 7, "once"));
            await connection.ExpectAsync(0x50, 2, 0, 7);
            await connection.SendAsync(Publish(0x3C, "t", 7, "once"));
            await connection.ExpectAsync(0x50, 2, 0, 7);
            await bench.ExpectAsync(Block("t", "once"));
        }

        await bench.ExpectAsync("\r\n+CMQTTCONNLOST: 0,1\r\n");
        using (RawBroker.Connection again = await ConnectAsync(bench, broker, sessionPresent: true))
        {
            await again.SendAsync(Publish(0x3C, "t", 7, "once"));
            await again.ExpectAsync(0x50, 2, 0, 7);
            await again.SendAsync(0x62, 2, 0, 7);
            await again.ExpectAsync(0x70, 2, 0, 7);
            await again.SendAsync(Publish(0x34, "t", 7, "a new one"));
            await again.ExpectAsync(0x50, 2, 0, 7);
            await bench.ExpectAsync(Block("t", "a new one"));
        }

        await bench.ExpectAsync("\r\n+CMQTTCONNLOST: 0,1\r\n");
        using RawBroker.Connection afresh = await ConnectAsync(bench, broker, sessionPresent: false);
        await afresh.SendAsync(Publish(0x34, "t", 7, "of a new session"));
        await bench.ExpectAsync(Block("t", "of a new session"));
    }

    [Test]
    public async Task What_comes_right_behind_CONNACK_is_printed_after_the_result_and_before_the_loss()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        await bench.SayAsync(Connect, Ok);
        using RawBroker.Connection connection = await broker.AcceptAsync();
        await connection.ReadAsync();
        await connection.SendAsync([0x20, 2, 1, 0, .. Publish(0x32, "t", 1, "kept 1"), .. Publish(0x32, "t", 2, "kept 2")]);
        await connection.ExpectAsync(0x40, 2, 0, 1);
        await bench.ExpectAsync(Connected + Block("t", "kept 1") + Block("t", "kept 2"));
        await connection.ExpectAsync(0x40, 2, 0, 2);
        await connection.SendAsync([.. Enumerable.Range(1, 20).SelectMany(i => Publish(0x30, "t", 0, $"{i:D2}"))]);
        connection.Dispose();
        await bench.ExpectAsync(string.Concat(Enumerable.Range(1, 20).Select(i => Block("t", $"{i:D2}"))) + "\r\n+CMQTTCONNLOST: 0,1\r\n");
    }

    [Test]
    public async Task A_loss_fails_the_running_publish_first()
    {
        using var broker = new RawBroker();
        await using ModemBench bench = await AcquiredAsync(broker.Port);
        using RawBroker.Connection connection = await ConnectAsync(bench, broker);
        await PublishAsync(bench, "t", "x", qos: 1);
        await connection.ReadAsync();
        connection.Dispose();
        await bench.ExpectAsync("\r\n+CMQTTPUB: 0,6\r\n\r\n+CMQTTCONNLOST: 0,1\r\n");
    }

    private static MqttBrokerBridge Bridge(int? port, ILogger? log = null) =>
        new(new BrokerDestination { Plain = port is null ? null : new DnsEndPoint("127.0.0.1", port.Value) }, TimeProvider.System, log ?? NullLogger.Instance);

    private static async Task<ModemBench> AcquiredAsync(int port, ILogger? log = null)
    {
        var bench = new ModemBench(bridge: Bridge(port, log));
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\"\r", Ok);
        return bench;
    }

    private static async Task<RawBroker.Connection> ConnectAsync(ModemBench bench, RawBroker broker, bool sessionPresent = false, int keepAlive = 10)
    {
        await bench.SayAsync($"AT+CMQTTCONNECT=0,\"tcp://broker.example\",{keepAlive},0\r", Ok);
        RawBroker.Connection connection = await broker.AcceptAsync();
        await connection.AdmitAsync(sessionPresent);
        await bench.ExpectAsync(Connected);
        return connection;
    }

    private static async Task DataAsync(ModemBench bench, string command, string data)
    {
        await bench.SayAsync($"{command}\r", "\r\n>");
        await bench.SayAsync(data, Ok);
    }

    private static async Task PublishAsync(ModemBench bench, string topic, string payload, int qos, string more = "")
    {
        await DataAsync(bench, $"AT+CMQTTTOPIC=0,{topic.Length}", topic);
        await DataAsync(bench, $"AT+CMQTTPAYLOAD=0,{payload.Length}", payload);
        await bench.SayAsync($"AT+CMQTTPUB=0,{qos},60{more}\r", Ok);
    }

    private static string Block(string topic, string payload) =>
        $"\r\n+CMQTTRXSTART: 0,{topic.Length},{payload.Length}\r\n\r\n+CMQTTRXTOPIC: 0,{topic.Length}\r\n{topic}\r\n"
        + $"+CMQTTRXPAYLOAD: 0,{payload.Length}\r\n{payload}\r\n+CMQTTRXEND: 0\r\n";
}
