using System.Globalization;
using Sim7600.EndToEnd.Processes;
using static Sim7600.EndToEnd.Processes.AtTerminal;

namespace Sim7600.EndToEnd;

/// <summary>AT+CMQTT* typed as bytes into the emulator's socket, with mosquitto as the broker and its clients as the other side.</summary>
[Parallelizable(ParallelScope.All)]
public class CmqttOnMosquittoTests
{
    private const string Connected = Ok + "\r\n+CMQTTCONNECT: 0,0\r\n";

    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [TestCase(false, Description = "the emulator is killed")]
    [TestCase(true, Description = "the modem resets itself")]
    public async Task The_will_is_published_when_the_connection_just_ends(bool byReset)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await StartAsync(broker);
        using AtTerminal terminal = await OpenAsync(emulator);
        await terminal.AcquireAsync("dev-1");
        await terminal.DataAsync("AT+CMQTTWILLTOPIC=0,11", "dev-1/state");
        await terminal.DataAsync("AT+CMQTTWILLMSG=0,7,1", "offline");
        await terminal.SayAsync(Connect(clean: 1), Connected);
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(broker.Address, "dev-1/state");
        if (byReset)
        {
            await terminal.SayAsync("AT+CRESET\r", Ok + "\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n");
        }
        else
        {
            await emulator.Process.SignalAsync("KILL");
        }

        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo("offline"u8.ToArray()));
    }

    [Test]
    public async Task The_will_is_not_published_after_DISC()
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await StartAsync(broker);
        using AtTerminal terminal = await OpenAsync(emulator);
        await terminal.AcquireAsync("dev-1");
        await terminal.DataAsync("AT+CMQTTWILLTOPIC=0,11", "dev-1/state");
        await terminal.DataAsync("AT+CMQTTWILLMSG=0,7,1", "offline");
        await terminal.SayAsync(Connect(clean: 1), Connected);
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(broker.Address, "dev-1/state");
        await terminal.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
        await broker.LogAsync("Client dev-1 disconnected");
        await PublishAsync(broker, "dev-1/state", "marker");
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo("marker"u8.ToArray()));
    }

    [Test]
    public async Task A_retained_message_is_there_for_later_subscribers_until_an_empty_one_removes_it()
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await StartAsync(broker);
        using AtTerminal terminal = await OpenAsync(emulator);
        await terminal.AcquireAsync("dev-1");
        await terminal.SayAsync(Connect(clean: 1), Connected);
        await terminal.PublishAsync("t/kept", "retained", qos: 1, retain: 1);
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(broker.Address, "t/kept");
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo("retained"u8.ToArray()));
        string subscribed = Ok + "\r\n+CMQTTSUB: 0,0\r\n";
        await terminal.DataAsync("AT+CMQTTSUB=0,6,1", "t/kept", subscribed + Block("t/kept", "retained"));
        await terminal.DataAsync("AT+CMQTTUNSUB=0,6,0", "t/kept", Ok + "\r\n+CMQTTUNSUB: 0,0\r\n");
        await terminal.PublishAsync("t/kept", "", qos: 1, retain: 1);
        await terminal.DataAsync("AT+CMQTTSUB=0,6,1", "t/kept", subscribed);
        await PublishAsync(broker, "t/kept", "marker");
        await terminal.ExpectAsync(Block("t/kept", "marker"));
    }

    [TestCase("TERM")]
    [TestCase("KILL")]
    public async Task A_session_outlives_a_restart_of_the_broker_and_what_waits_comes_without_SUB(string signal)
    {
        DirectoryInfo store = Directory.CreateTempSubdirectory("sim7600-mosquitto-");
        try
        {
            await using MosquittoBroker broker = await MosquittoBroker.StartAsync(
                "user root", "persistence true", $"persistence_location {store.FullName}/", "autosave_interval 1", "autosave_on_changes true");
            await using EmulatorProcess emulator = await StartAsync(broker);
            using AtTerminal terminal = await OpenAsync(emulator);
            await terminal.AcquireAsync("dev-1");
            await terminal.SayAsync(Connect(clean: 0), Connected);
            await terminal.DataAsync("AT+CMQTTSUB=0,9,1", "dev-1/cmd", Ok + "\r\n+CMQTTSUB: 0,0\r\n");

            // Two retained messages: more changes than the broker leaves unsaved.
            await terminal.PublishAsync("fill/1", "x", qos: 1, retain: 1);
            await terminal.PublishAsync("fill/2", "x", qos: 1, retain: 1);
            await broker.LogAsync("Received SUBSCRIBE from dev-1");
            await broker.LogAsync("Saving in-memory database");
            await broker.StopAsync(signal);
            await terminal.ExpectAsync("\r\n+CMQTTCONNLOST: 0,1\r\n");
            await terminal.SayAsync("AT+CMQTTDISC?\r", "\r\n+CMQTTDISC: 0,1\r\n+CMQTTDISC: 1,1\r\n" + Ok);
            await terminal.SayAsync(Connect(clean: 0), Ok + "\r\n+CMQTTCONNECT: 0,3\r\n");
            await broker.RestartAsync();
            await PublishAsync(broker, "dev-1/cmd", "while away");
            await terminal.SayAsync(Connect(clean: 0), Connected + Block("dev-1/cmd", "while away"));

            await terminal.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
            await terminal.SayAsync(Connect(clean: 1), Connected);
            await PublishAsync(broker, "dev-1/cmd", "to nobody");
            await terminal.DataAsync("AT+CMQTTSUB=0,9,1", "dev-1/cmd", Ok + "\r\n+CMQTTSUB: 0,0\r\n");
            await PublishAsync(broker, "dev-1/cmd", "subscribed anew");
            await terminal.ExpectAsync(Block("dev-1/cmd", "subscribed anew"));
        }
        finally
        {
            store.Delete(recursive: true);
        }
    }

    [Test]
    public async Task Another_client_with_the_same_id_takes_the_session_over()
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await StartAsync(broker);
        using AtTerminal terminal = await OpenAsync(emulator);
        await terminal.AcquireAsync("dev-1");
        await terminal.SayAsync(Connect(clean: 1), Connected);
        await using ToolProcess other = ToolProcess.Start(Tools.MosquittoSub, "-h", "127.0.0.1", "-p", Port(broker), "-i", "dev-1", "-t", "t");
        await terminal.ExpectAsync("\r\n+CMQTTCONNLOST: 0,1\r\n");
        await terminal.SayAsync("AT+CMQTTACCQ=0,\"dev-1\"\r", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n");
    }

    [Test]
    public async Task A_wrong_password_is_refused_and_the_right_one_is_not()
    {
        using var file = new TemporaryFile();
        await using (ToolProcess passwd = ToolProcess.Start(Tools.MosquittoPasswd, "-b", "-c", file.Path, "me", "secret"))
        {
            await passwd.SucceedAsync();
        }

        await using MosquittoBroker broker = await MosquittoBroker.StartAsync("user root", "allow_anonymous false", $"password_file {file.Path}");
        await using EmulatorProcess emulator = await StartAsync(broker);
        using AtTerminal terminal = await OpenAsync(emulator);
        await terminal.AcquireAsync("dev-1");
        string refused = Ok + "\r\n+CMQTTCONNECT: 0,31\r\n"; // mosquitto answers "not authorized" to a wrong password too
        await terminal.SayAsync(Connect(clean: 1), refused);
        await terminal.SayAsync(Connect(clean: 1, ",\"me\",\"wrong\""), refused);
        await terminal.SayAsync(Connect(clean: 1, ",\"me\",\"secret\""), Connected);
        Assert.That(emulator.Process.Errors + emulator.Process.Output, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task A_short_keep_alive_time_is_kept()
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await StartAsync(broker);
        using AtTerminal terminal = await OpenAsync(emulator);
        await terminal.AcquireAsync("dev-1");
        await terminal.SayAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example\",1,1\r", Connected);
        for (int i = 0; i < 4; i++)
        {
            await broker.LogAsync("Received PINGREQ from dev-1");
        }

        await terminal.SayAsync("AT+CMQTTDISC?\r", "\r\n+CMQTTDISC: 0,0\r\n+CMQTTDISC: 1,1\r\n" + Ok);
    }

    [Test]
    public async Task A_broker_that_hangs_is_found_by_the_ping_although_QoS_0_messages_go_out()
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await StartAsync(broker);
        using AtTerminal terminal = await OpenAsync(emulator);
        await terminal.AcquireAsync("dev-1");
        await terminal.SayAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example\",3,1\r", Connected);
        await broker.SignalAsync("STOP");
        for (int i = 0; i < 3; i++)
        {
            await terminal.PublishAsync("t", "into the void", qos: 0);
        }

        await terminal.ExpectAsync("\r\n+CMQTTPING: 0,17\r\n");
        await terminal.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
        await broker.RestartAsync();
        await terminal.SayAsync(Connect(clean: 1), Connected);
    }

    [Test]
    public async Task QoS_2_both_ways()
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await StartAsync(broker);
        using AtTerminal terminal = await OpenAsync(emulator);
        await terminal.AcquireAsync("dev-1");
        await terminal.SayAsync(Connect(clean: 1), Connected);
        await terminal.DataAsync("AT+CMQTTSUB=0,1,2", "t", Ok + "\r\n+CMQTTSUB: 0,0\r\n");
        await PublishAsync(broker, "t", "from outside", qos: 2);
        await terminal.ExpectAsync(Block("t", "from outside"));
        await terminal.PublishAsync("t", "own", qos: 2);
        await terminal.ExpectAsync(Block("t", "own"));
        await PublishAsync(broker, "t", "last", qos: 2);
        await terminal.ExpectAsync(Block("t", "last"));
    }

    private static Task<EmulatorProcess> StartAsync(MosquittoBroker broker) =>
        EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--boot", "none", "--broker", $"mqtt://{broker.Address}");

    private static string Connect(int clean, string login = "") => $"AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,{clean}{login}\r";

    private static string Port(MosquittoBroker broker) => broker.Port.ToString(CultureInfo.InvariantCulture);

    private static async Task PublishAsync(MosquittoBroker broker, string topic, string payload, int qos = 1)
    {
        await using ToolProcess process = ToolProcess.Start(
            Tools.MosquittoPub, "-h", "127.0.0.1", "-p", Port(broker), "-t", topic, "-q", qos.ToString(CultureInfo.InvariantCulture), "-m", payload);
        await process.SucceedAsync();
    }
}
