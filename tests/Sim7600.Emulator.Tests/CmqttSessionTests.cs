using System.Text;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Tests;

/// <summary>What the AT+CMQTT* commands mean for the MQTT session: time-outs, wills, reconnects, the order of what is printed.</summary>
[Parallelizable(ParallelScope.All)]
public class CmqttSessionTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Connect = "AT+CMQTTCONNECT=0,\"tcp://broker.example\",60,0\r";
    private const string Connected = "\r\n+CMQTTCONNECT: 0,0\r\n";

    [TestCase("AT+CMQTTSUB=0,1,1\r", "+CMQTTSUB")]
    [TestCase("AT+CMQTTUNSUB=0,1,0\r", "+CMQTTUNSUB")]
    public async Task Optimeout_limits_an_unanswered_operation(string command, string name)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        await bench.SayAsync("AT+CMQTTCFG=\"optimeout\",0,20\r", Ok);
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://host\",600,1\r", Ok + Connected);
        bench.Broker.Answer = _ => null;
        await bench.SayAsync(command, "\r\n>");
        await bench.SayAsync("t", Ok);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(19)), Is.Empty);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(1)), Is.EqualTo($"\r\n{name}: 0,17\r\n"));
        bench.Broker.Answer = _ => CmqttResultCode.Success;
        await bench.SayAsync(command, "\r\n>", "the client is free again");
    }

    [TestCase(null, 120)]
    [TestCase(20, 20)]
    public async Task A_broker_that_never_answers_CONNECT_is_given_up(int? optimeout, int seconds)
    {
        await using var bench = new ModemBench();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        if (optimeout is not null)
        {
            await bench.SayAsync($"AT+CMQTTCFG=\"optimeout\",0,{optimeout}\r", Ok);
        }

        await bench.SayAsync(Connect, Ok);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(seconds - 1)), Is.Empty);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(1)), Is.EqualTo("\r\n+CMQTTCONNECT: 0,17\r\n"));
        bench.Broker.Answer = _ => CmqttResultCode.Success;
        await bench.SayAsync(Connect, Ok + Connected, "still acquired");
    }

    [Test]
    public async Task DISC_out_of_time_closes_all_the_same()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTDISC=0,60\r", Ok);
        await bench.SayAsync("AT+CMQTTDISC=0,60\r", "\r\n+CMQTTDISC: 0,14\r\n\r\nERROR\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(59)), Is.Empty);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(1)), Is.EqualTo("\r\n+CMQTTDISC: 0,17\r\n"));
        await bench.SayAsync("AT+CMQTTDISC?\r", "\r\n+CMQTTDISC: 0,1\r\n+CMQTTDISC: 1,1\r\n" + Ok);
        Assert.That(bench.Broker.Log.Last(), Is.EqualTo("closed"));
        await bench.SayAsync("AT+CMQTTREL=0\r", Ok);
    }

    [TestCase("AT+CMQTTPUB=0,1,60\r", null)]
    [TestCase("AT+CMQTTSUB=0,1,1\r", "t")]
    [TestCase("AT+CMQTTUNSUB=0,1,0\r", "t")]
    [TestCase("AT+CMQTTDISC=0,120\r", null)]
    public async Task A_client_with_an_operation_running_is_busy(string command, string? data)
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n>");
        await bench.SayAsync("t", Ok);
        bench.Broker.Answer = _ => null;
        await bench.SayAsync(command, data is null ? Ok : "\r\n>");
        if (data is not null)
        {
            await bench.SayAsync(data, Ok);
        }

        await IsBusyAsync(bench);
    }

    [Test]
    public async Task A_client_that_connects_is_busy()
    {
        await using var bench = new ModemBench();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        await bench.SayAsync(Connect, Ok);
        await IsBusyAsync(bench);
    }

    [TestCase(true, true, true)]
    [TestCase(true, false, false)]
    [TestCase(false, true, false)]
    public async Task A_will_is_topic_and_message_and_stays_for_the_next_connection(bool topic, bool message, bool will)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        if (topic)
        {
            await bench.SayAsync("AT+CMQTTWILLTOPIC=0,7\r", "\r\n>");
            await bench.SayAsync("d/state", Ok);
        }

        if (message)
        {
            await bench.SayAsync("AT+CMQTTWILLMSG=0,4,2\r", "\r\n>");
            await bench.SayAsync("gone", Ok);
        }

        await bench.SayAsync(Connect, Ok + Connected);
        bench.Broker.Sessions.Last().Events.ConnectionLost(1);
        await bench.ExpectAsync("\r\n+CMQTTCONNLOST: 0,1\r\n");
        await bench.SayAsync(Connect, Ok + Connected);
        await bench.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
        await bench.SayAsync(Connect, Ok + Connected);
        Assert.That(bench.Broker.Sessions.Select(session => session.Request!.WillTopic), Is.All.EqualTo(will ? "d/state" : null));
        Assert.That(bench.Broker.Sessions, Has.Count.EqualTo(3));
        if (will)
        {
            Assert.That(bench.Broker.Sessions.Last().Request, Has.Property("WillQos").EqualTo(2).And.Property("WillMessage").EqualTo("gone"u8.ToArray()));
        }

        await bench.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTREL=0\r", Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        await bench.SayAsync(Connect, Ok + Connected);
        Assert.That(bench.Broker.Sessions.Last().Request!.WillTopic, Is.Null, "REL forgets it");
    }

    [Test]
    public async Task A_message_of_the_old_session_waits_for_the_result_of_CONNECT()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        bench.Broker.Answer = _ =>
        {
            bench.Broker.Sessions.Last().Events.MessageReceived("t"u8.ToArray(), "kept"u8.ToArray());
            return CmqttResultCode.Success;
        };
        await bench.SayAsync(Connect, Ok + Connected + Block(0, "t", "kept"));
    }

    [Test]
    public async Task Blocks_of_both_clients_stand_one_behind_the_other_behind_the_answer_to_counted_data()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CMQTTACCQ=1,\"dev-2\"\r", Ok);
        await bench.SayAsync("AT+CMQTTCONNECT=1,\"tcp://other.example\",60,1\r", Ok + "\r\n+CMQTTCONNECT: 1,0\r\n");
        await bench.SayAsync("AT+CMQTTTOPIC=1,2\r", "\r\n>");
        for (int i = 0; i < 2; i++)
        {
            bench.Broker.Sessions.First().Events.MessageReceived("a"u8.ToArray(), "0"u8.ToArray());
            bench.Broker.Sessions.Last().Events.MessageReceived("b"u8.ToArray(), "1"u8.ToArray());
        }

        Assert.That(await bench.TypeAsync("t"), Is.Empty);
        string pair = Block(0, "a", "0") + Block(1, "b", "1");
        await bench.SayAsync("t", Ok + pair + pair);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task The_block_of_a_message_of_3000_bytes_to_the_byte(bool blankLine)
    {
        await using var bench = new ModemBench(FirmwareProfiles.Sim7600 with { BlankLineAfterReceiveStart = blankLine });
        await bench.ConnectAsync();
        byte[] payload = [.. Enumerable.Range(0, 3000).Select(i => (byte)i)];
        string text = Encoding.Latin1.GetString(payload);
        bench.Broker.Sessions.Single().Events.MessageReceived("dev-1/cmd"u8.ToArray(), payload);
        string blank = blankLine ? "\r\n" : "";
        await bench.ExpectAsync(
            $"\r\n+CMQTTRXSTART: 0,9,3000\r\n{blank}+CMQTTRXTOPIC: 0,9\r\ndev-1/cmd\r\n"
            + $"+CMQTTRXPAYLOAD: 0,1500\r\n{text[..1500]}\r\n+CMQTTRXPAYLOAD: 0,1500\r\n{text[1500..]}\r\n+CMQTTRXEND: 0\r\n");
        Assert.That(await bench.PrintedAsync(), Is.Empty);
    }

    [TestCase(2)]
    [TestCase(1)]
    public async Task A_lost_connection_leaves_the_client_acquired(int cause)
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Broker.Sessions.Single().Events.ConnectionLost(cause);
        await bench.ExpectAsync($"\r\n+CMQTTCONNLOST: 0,{cause}\r\n");
        await bench.SayAsync("AT+CMQTTDISC?\r", "\r\n+CMQTTDISC: 0,1\r\n+CMQTTDISC: 1,1\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\"\r", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n");
        bench.Broker.Sessions.Single().Events.MessageReceived("t"u8.ToArray(), []);
        Assert.That(await bench.PrintedAsync(), Is.Empty, "the old connection is not heard");
        await bench.SayAsync(Connect, Ok + Connected);
    }

    [Test]
    public async Task A_lost_network_ends_the_operation_then_each_connection_then_the_service()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CMQTTACCQ=1,\"dev-2\"\r", Ok);
        await bench.SayAsync("AT+CMQTTCONNECT=1,\"tcp://other.example\",60,1\r", Ok + "\r\n+CMQTTCONNECT: 1,0\r\n");
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n>");
        await bench.SayAsync("t", Ok);
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
        await bench.Modem.SetNetworkAsync(NetworkState.None);
        await bench.ExpectAsync("\r\n+CMQTTPUB: 0,6\r\n\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTCONNLOST: 1,3\r\n\r\n+CMQTTNONET\r\n");
    }

    [Test]
    public async Task Topics_that_are_not_UTF8_are_refused_where_they_would_be_sent_since_the_bridge_cannot_carry_them()
    {
        const string NotUtf8 = "\u00ff\u00fe";
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        await bench.SayAsync("AT+CMQTTCFG=\"checkUTF8\",0,0\r", Ok);
        await bench.SayAsync("AT+CMQTTWILLTOPIC=0,2\r", "\r\n>");
        await bench.SayAsync(NotUtf8, Ok);
        await bench.SayAsync("AT+CMQTTWILLMSG=0,1,0\r", "\r\n>");
        await bench.SayAsync("w", Ok);
        await bench.SayAsync(Connect, "\r\n+CMQTTCONNECT: 0,2\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CMQTTWILLTOPIC=0,1\r", "\r\n>");
        await bench.SayAsync("w", Ok);
        await bench.SayAsync(Connect, Ok + Connected);

        await bench.SayAsync("AT+CMQTTTOPIC=0,2\r", "\r\n>");
        await bench.SayAsync(NotUtf8, Ok);
        await bench.SayAsync("AT+CMQTTPUB=0,0,60\r", "\r\n+CMQTTPUB: 0,2\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CMQTTPUB=0,0,60\r", "\r\n+CMQTTPUB: 0,18\r\n\r\nERROR\r\n", "consumed");
        await bench.SayAsync("AT+CMQTTSUB=0,2,0\r", "\r\n>");
        await bench.SayAsync(NotUtf8, "\r\n+CMQTTSUB: 0,2\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CMQTTSUBTOPIC=0,2,0\r", "\r\n>");
        await bench.SayAsync(NotUtf8, Ok);
        await bench.SayAsync("AT+CMQTTSUB=0\r", "\r\n+CMQTTSUB: 0,2\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CMQTTUNSUBTOPIC=0,2\r", "\r\n>");
        await bench.SayAsync(NotUtf8, Ok);
        await bench.SayAsync("AT+CMQTTUNSUB=0,0\r", "\r\n+CMQTTUNSUB: 0,2\r\n\r\nERROR\r\n");
        Assert.That(bench.Broker.Log, Is.EqualTo(new[] { "connect" }), "nothing else was sent in their place");
    }

    private static async Task IsBusyAsync(ModemBench bench)
    {
        foreach (string command in new[]
        {
            "+CMQTTCONNECT=0,\"tcp://host\",60,1", "+CMQTTTOPIC=0,1", "+CMQTTPAYLOAD=0,1", "+CMQTTPUB=0,0,60", "+CMQTTSUBTOPIC=0,1,0", "+CMQTTSUB=0",
            "+CMQTTSUB=0,1,0", "+CMQTTUNSUBTOPIC=0,1", "+CMQTTUNSUB=0,1,0", "+CMQTTDISC=0,60", "+CMQTTREL=0", "+CMQTTWILLTOPIC=0,1",
        })
        {
            await bench.SayAsync($"AT{command}\r", $"\r\n{command[..command.IndexOf('=', StringComparison.Ordinal)]}: 0,14\r\n\r\nERROR\r\n");
        }
    }

    private static string Block(int client, string topic, string payload) =>
        $"\r\n+CMQTTRXSTART: {client},{topic.Length},{payload.Length}\r\n\r\n+CMQTTRXTOPIC: {client},{topic.Length}\r\n{topic}\r\n"
        + $"+CMQTTRXPAYLOAD: {client},{payload.Length}\r\n{payload}\r\n+CMQTTRXEND: {client}\r\n";
}
