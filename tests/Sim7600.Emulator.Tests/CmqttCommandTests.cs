using System.Text;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Tests;

/// <summary>The AT+CMQTT* commands in their states, to the byte.</summary>
[Parallelizable(ParallelScope.All)]
public class CmqttCommandTests
{
    private const string Ok = "\r\nOK\r\n";

    [Test]
    public async Task From_START_to_STOP()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CMQTTDISC?\r", "\r\n+CMQTTDISC: 0,0\r\n+CMQTTDISC: 1,1\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTSUB=0,9,1\r", "\r\n>");
        await bench.SayAsync("dev-1/cmd", Ok + "\r\n+CMQTTSUB: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTSUBTOPIC=0,3,0\r", "\r\n>");
        await bench.SayAsync("a,b", Ok);
        await bench.SayAsync("AT+CMQTTSUBTOPIC=0,3,2\r", "\r\n>");
        await bench.SayAsync("c/d", Ok);
        await bench.SayAsync("AT+CMQTTSUB=0\r", Ok + "\r\n+CMQTTSUB: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTTOPIC=0,7\r", "\r\n>");
        await bench.SayAsync("dev-1/t", Ok);
        await bench.SayAsync("AT+CMQTTPAYLOAD=0,4\r", "\r\n>");
        await bench.SayAsync("21.5", Ok);
        await bench.SayAsync("AT+CMQTTPUB=0,1,60,1\r", Ok + "\r\n+CMQTTPUB: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTUNSUB=0,9,0\r", "\r\n>");
        await bench.SayAsync("dev-1/cmd", Ok + "\r\n+CMQTTUNSUB: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTUNSUBTOPIC=0,3\r", "\r\n>");
        await bench.SayAsync("c/d", Ok);
        await bench.SayAsync("AT+CMQTTUNSUB=0,0\r", Ok + "\r\n+CMQTTUNSUB: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTDISC=0,120\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTREL=0\r", Ok);
        await bench.SayAsync("AT+CMQTTSTOP\r", "\r\n+CMQTTSTOP: 0\r\n" + Ok);

        ScriptedBroker.Session session = bench.Broker.Sessions.Single();
        Assert.That(session.Request, Has.Property("Host").EqualTo("broker.example").And.Property("Port").EqualTo(1883).And.Property("CleanSession").True);
        Assert.That(session.Published.Single(), Has.Property("Topic").EqualTo("dev-1/t").And.Property("Qos").EqualTo(1).And.Property("Retain").True);
        Assert.That(bench.Broker.Log.Where(line => line.Contains("subscribe", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "subscribe dev-1/cmd:1", "subscribe a,b:0 c/d:2", "unsubscribe dev-1/cmd", "unsubscribe c/d",
        }));
    }

    [TestCase("AT+CMQTTSTOP", "\r\n+CMQTTSTOP: 9\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTACCQ=0,\"x\"", "\r\n+CMQTTACCQ: 0,9\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTREL=0", "\r\n+CMQTTREL: 0,20\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTDISC?", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTTOPIC=0,3", "\r\n+CMQTTTOPIC: 0,11\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,0,60", "\r\n+CMQTTPUB: 0,11\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUB=0", "\r\n+CMQTTSUB: 0,11\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://host\",60,1", "\r\n+CMQTTCONNECT: 0,20\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTDISC=0,60", "\r\n+CMQTTDISC: 0,11\r\n\r\nERROR\r\n")]
    public async Task While_stopped(string command, string answer)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"{command}\r", answer);
    }

    [TestCase("AT+CMQTTSTART", "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSTOP", "\r\n+CMQTTSTOP: 21\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTACCQ=0,\"x\"", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTREL=0", "\r\n+CMQTTREL: 0,14\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTREL=1", "\r\nOK\r\n", Description = "a free client: OK on SIM7600G (transcript 016)")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://host\",60,1", "\r\n+CMQTTCONNECT: 0,13\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,1,60", "\r\n+CMQTTPUB: 0,18\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUB=0", "\r\n+CMQTTSUB: 0,12\r\n\r\nERROR\r\n", Description = "nothing cached")]
    [TestCase("AT+CMQTTSUB=0,\"test/cmd\",1", "\r\n+CMQTTSUB: 0,12\r\n\r\nERROR\r\n", Description = "transcript 099")]
    [TestCase("AT+CMQTTTOPIC=0,0", "\r\n+CMQTTTOPIC: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPAYLOAD=0,10241", "\r\n+CMQTTPAYLOAD: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTTOPIC=2,4", "\r\n+CMQTTTOPIC: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,3,60", "\r\n+CMQTTPUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0", "\r\nERROR\r\n", Description = "too few parameters")]
    [TestCase("AT+CMQTTTOPIC=x,4", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTWILLTOPIC=0,4", "\r\n+CMQTTWILLTOPIC: 0,13\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCONNECT?", "\r\n+CMQTTCONNECT: 0,\"tcp://broker.example:1883\",60,1\r\n+CMQTTCONNECT: 1\r\n\r\nOK\r\n")]
    [TestCase("AT+CMQTTACCQ?", "\r\n+CMQTTACCQ: 0,\"dev-1\",0,4\r\n+CMQTTACCQ: 1,\"\",0,4\r\n\r\nOK\r\n")]
    [TestCase("AT+CMQTTACCQ=?", "\r\n+CMQTTACCQ: (0-1),(1-128),(0-1),(3-4)\r\n\r\nOK\r\n")]
    [TestCase("AT+CMQTTCONNECT=?", "\r\n+CMQTTCONNECT: (0-1),(9-256),(1-64800),(0-1)\r\n\r\nOK\r\n")]
    [TestCase("AT+CMQTTDISC=?", "\r\n+CMQTTDISC: (0-1),(0,60-180)\r\n\r\nOK\r\n")]
    [TestCase("AT+CMQTTPUB=?", "\r\n+CMQTTPUB: (0-1),(0-2),(60-180),(0-1),(0-1)\r\n\r\nOK\r\n")]
    [TestCase("AT+CMQTTSUB=?", "\r\n+CMQTTSUB: (0-1),(1-1024),(0-2),(0-1)\r\n\r\nOK\r\n")]
    [TestCase("AT+CMQTTUNSUB=?", "\r\n+CMQTTUNSUB: (0-1),(1-1024),(0-1)\r\n\r\nOK\r\n")]
    [TestCase("AT+CMQTTSSLCFG=?", "\r\n+CMQTTSSLCFG: (0,1),(0-9)\r\n\r\nOK\r\n")]
    [TestCase("AT+CMQTTCFG?", "\r\n+CMQTTCFG: 0,1,120\r\n+CMQTTCFG: 1,1,120\r\n\r\nOK\r\n")]
    public async Task While_connected(string command, string answer)
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync($"{command}\r", answer);
    }

    [TestCase("ssl://host:8883")]
    [TestCase("mqtts://host")]
    [TestCase("host:1883")]
    [TestCase("tcp://host:port")]
    [TestCase("tcp://host:70000")]
    public async Task An_address_that_is_not_tcp_is_refused_with_12(string address)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        await bench.SayAsync($"AT+CMQTTCONNECT=0,\"{address}\",60,1\r", "\r\n+CMQTTCONNECT: 0,12\r\n\r\nERROR\r\n");
    }

    [Test]
    public async Task A_refused_connection_leaves_the_client_acquired()
    {
        await using var bench = new ModemBench();
        bench.Broker.Answer = _ => CmqttResultCode.RefusedUserNameOrPassword;
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://host\",60,1,\"u\",\"p\"\r", Ok + "\r\n+CMQTTCONNECT: 0,30\r\n");
        bench.Broker.Answer = _ => CmqttResultCode.Success;
        await bench.SayAsync("AT+CMQTTCONNECT=0, \"tcp://host\", 60, 1, \"u\", \"p\"\r", Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
    }

    [Test]
    public async Task The_result_of_a_publish_waits_for_the_broker_and_the_client_is_busy_until_then()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n>");
        await bench.SayAsync("t", Ok);
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
        await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n+CMQTTTOPIC: 0,14\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CMQTTREL=0\r", "\r\n+CMQTTREL: 0,14\r\n\r\nERROR\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(59)), Is.Empty, "no PUBACK, no result");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(1)), Is.EqualTo("\r\n+CMQTTPUB: 0,17\r\n"), "pub_timeout is over");
    }

    [Test]
    public async Task Topic_and_payload_are_consumed_by_PUB_and_an_empty_message_needs_no_payload()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n>");
        await bench.SayAsync("t", Ok);
        await bench.SayAsync("AT+CMQTTPUB=0,0,60\r", Ok + "\r\n+CMQTTPUB: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTPUB=0,0,60\r", "\r\n+CMQTTPUB: 0,18\r\n\r\nERROR\r\n");
        Assert.That(bench.Broker.Sessions.Single().Published.Single().Payload, Is.Empty);
    }

    [Test]
    public async Task Counted_data_is_data_whatever_it_is()
    {
        string data = "\n\r\nOK\r\n>\0\u001aAT+CMQTTSTOP\r" + new string([.. Enumerable.Range(0, 256).Select(value => (char)value)]);
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        foreach (bool byteByByte in new[] { false, true })
        {
            await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n>");
            await bench.SayAsync("t", Ok);
            await bench.SayAsync($"AT+CMQTTPAYLOAD=0,{data.Length}\r", "\r\n>");
            foreach (string piece in byteByByte ? data.Select(each => each.ToString()) : [data])
            {
                await bench.TypeAsyncQuietly(piece);
            }

            await bench.ExpectAsync(Ok);
            await bench.SayAsync("AT+CMQTTPUB=0,0,60\r", Ok + "\r\n+CMQTTPUB: 0,0\r\n");
            Assert.That(bench.Broker.Sessions.Single().Published.Last().Payload, Is.EqualTo(Encoding.Latin1.GetBytes(data)));
        }
    }

    [Test]
    public async Task The_LF_of_CR_LF_is_not_the_first_byte_of_the_data()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT\r\n", Ok);
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r", "\r\n>");
        await bench.SayAsync("\na/b\r\n", Ok);
        await bench.SayAsync("AT+CMQTTPUB=0,0,60\r\n", Ok + "\r\n+CMQTTPUB: 0,0\r\n");
        Assert.That(bench.Broker.Sessions.Single().Published.Last().Topic, Is.EqualTo("a/b"));
    }

    [Test]
    public async Task Data_sent_before_the_prompt_is_taken()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r\na/bAT+CMQTTPAYLOAD=0,2\r\nhiAT+CMQTTPUB=0,0,60\r\n", "\r\n>" + Ok + "\r\n>" + Ok + Ok + "\r\n+CMQTTPUB: 0,0\r\n");
        Assert.That(Encoding.ASCII.GetString(bench.Broker.Sessions.Single().Published.Single().Payload), Is.EqualTo("hi"));
    }

    [Test]
    public async Task With_echo_the_data_is_echoed_behind_the_prompt()
    {
        await using var bench = new ModemBench(echo: true);
        Assert.That(await bench.TypeAsync("AT+CMQTTSTART\r\nAT+CMQTTACCQ=0,\"x\"\r\nAT+CMQTTWILLTOPIC=0,3\r\na/b\r\n"), Is.EqualTo(
            "AT+CMQTTSTART\r\r\n+CMQTTSTART: 0\r\n\r\nOK\r\nAT+CMQTTACCQ=0,\"x\"\r\r\nOK\r\nAT+CMQTTWILLTOPIC=0,3\r\r\n>a/b\r\nOK\r\n\r"));
    }

    [Test]
    public async Task A_message_block_has_pieces_of_at_most_1500_bytes()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        string payload = new('x', 1500);
        bench.Broker.Sessions.Single().Events.MessageReceived("dev-1/cmd"u8.ToArray(), Encoding.ASCII.GetBytes(payload + payload + "\r\nOK\r\n"));
        await bench.ExpectAsync(
            "\r\n+CMQTTRXSTART: 0,9,3006\r\n\r\n+CMQTTRXTOPIC: 0,9\r\ndev-1/cmd\r\n"
            + $"+CMQTTRXPAYLOAD: 0,1500\r\n{payload}\r\n+CMQTTRXPAYLOAD: 0,1500\r\n{payload}\r\n+CMQTTRXPAYLOAD: 0,6\r\n\r\nOK\r\n\r\n+CMQTTRXEND: 0\r\n");
    }

    [Test]
    public async Task An_empty_message_has_no_payload_header()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Broker.Sessions.Single().Events.MessageReceived("t"u8.ToArray(), []);
        await bench.ExpectAsync("\r\n+CMQTTRXSTART: 0,1,0\r\n\r\n+CMQTTRXTOPIC: 0,1\r\nt\r\n+CMQTTRXEND: 0\r\n");
    }

    [Test]
    public async Task A_message_larger_than_10240_bytes_is_dropped_and_the_session_goes_on()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Broker.Sessions.Single().Events.MessageReceived("t"u8.ToArray(), new byte[10241]);
        await bench.SayAsync("AT\r", Ok);
    }

    [Test]
    public async Task Nothing_is_printed_into_counted_data()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r", "\r\n>");
        bench.Broker.Sessions.Single().Events.MessageReceived("t"u8.ToArray(), []);
        Assert.That(await bench.TypeAsync("a/"), Is.Empty);
        await bench.SayAsync("b", Ok + "\r\n+CMQTTRXSTART: 0,1,0\r\n\r\n+CMQTTRXTOPIC: 0,1\r\nt\r\n+CMQTTRXEND: 0\r\n");
    }

    [Test]
    public async Task A_message_during_an_operation_comes_after_its_result()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        var acknowledged = new TaskCompletionSource<bool>();
        bench.Broker.Answer = operation =>
        {
            bench.Broker.Sessions.Single().Events.MessageReceived("t"u8.ToArray(), "own"u8.ToArray());
            return CmqttResultCode.Success;
        };
        await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n>");
        await bench.SayAsync("t", Ok);
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok + "\r\n+CMQTTPUB: 0,0\r\n\r\n+CMQTTRXSTART: 0,1,3\r\n\r\n+CMQTTRXTOPIC: 0,1\r\nt\r\n+CMQTTRXPAYLOAD: 0,3\r\nown\r\n+CMQTTRXEND: 0\r\n");
    }

    [Test]
    public async Task A_lost_connection_fails_the_running_operation_first()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n>");
        await bench.SayAsync("t", Ok);
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
        bench.Broker.Sessions.Single().Events.ConnectionLost(1);
        await bench.ExpectAsync("\r\n+CMQTTPUB: 0,6\r\n\r\n+CMQTTCONNLOST: 0,1\r\n");
        await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n+CMQTTTOPIC: 0,11\r\n\r\nERROR\r\n");
        bench.Broker.Answer = _ => CmqttResultCode.Success;
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example\",60,1\r", Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
    }

    [Test]
    public async Task Both_clients_work_at_once()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CMQTTACCQ=1,\"dev-2\"\r", Ok);
        await bench.SayAsync("AT+CMQTTCONNECT=1,\"tcp://other.example:2000\",60,0,\"u\",\"p\"\r", Ok + "\r\n+CMQTTCONNECT: 1,0\r\n");
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", "\r\n>");
        await bench.SayAsync("t", Ok);
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", Ok);
        await bench.SayAsync("AT+CMQTTTOPIC=1,1\r", "\r\n>", "client 1 is not busy");
        await bench.SayAsync("u", Ok);
        bench.Broker.Sessions.Last().Events.MessageReceived("t"u8.ToArray(), []);
        await bench.ExpectAsync("\r\n+CMQTTRXSTART: 1,1,0\r\n\r\n+CMQTTRXTOPIC: 1,1\r\nt\r\n+CMQTTRXEND: 1\r\n");
    }

    [Test]
    public async Task Text_that_is_not_UTF8_gets_2_unless_the_check_is_off()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        await bench.SayAsync("AT+CMQTTWILLTOPIC=0,2\r", "\r\n>");
        await bench.SayAsync("\u00ff\u00fe", "\r\n+CMQTTWILLTOPIC: 0,2\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CMQTTCFG=\"checkUTF8\",0,0\r", Ok);
        await bench.SayAsync("AT+CMQTTWILLTOPIC=0,2\r", "\r\n>");
        await bench.SayAsync("\u00ff\u00fe", Ok);
        await bench.SayAsync("AT+CMQTTCFG=\"optimeout\",0,19\r", "\r\nERROR\r\n");
    }

    [Test]
    public async Task A_will_needs_topic_and_message()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\"\r", Ok);
        await bench.SayAsync("AT+CMQTTWILLTOPIC=0,7\r", "\r\n>");
        await bench.SayAsync("d/state", Ok);
        await bench.SayAsync("AT+CMQTTWILLMSG=0,4,1\r", "\r\n>");
        await bench.SayAsync("gone", Ok);
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://h\",60,1\r", "\r\n+CMQTTCONNECT: 0,12\r\n\r\nERROR\r\n", "an address has at least 9 bytes");
        await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://host\",60,1\r", Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
        Assert.That(bench.Broker.Sessions.Single().Request, Has.Property("WillTopic").EqualTo("d/state").And.Property("WillQos").EqualTo(1));
    }

    [TestCase("AT+CMQTTTOPIC=0,0x5\r", "\r\n+CMQTTTOPIC: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPAYLOAD=0x0,5\r", "ERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,0x1,60\r", "ERROR\r\n")]
    public async Task Plain_numbers_are_decimal(string typed, string printed)
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        Assert.That(await bench.TypeAsync(typed), Does.EndWith(printed));
    }

    [Test]
    public async Task A_client_id_without_quotes_is_taken_as_clients_in_the_field_send_it()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=1,unquoted\n", "\r\nOK\r\n");
    }
}
