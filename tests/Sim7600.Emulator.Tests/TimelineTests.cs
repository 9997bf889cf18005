using System.Text;
using Sim7600.Emulator.Scenarios;
using Sim7600.Emulator.Tests.Faults;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Tests;

/// <summary>Bytes, commands, states and packets on one clock; the same for the same input; and no secret among them.</summary>
[Parallelizable(ParallelScope.All)]
public class TimelineTests
{
    private static readonly string[] Start = ["state power: on", "state sim: ready", "state network: home", "state mqtt: stopped", "state mqtt 0: free", "state mqtt 1: free"];

    [Test]
    public async Task A_session_is_told_in_its_order()
    {
        var told = new Timeline();
        await using var bench = new ModemBench(echo: true, bridge: Accepting(), timeline: told.Add);
        await bench.TypeAsync("AT+CMQTTSTART\r");
        await bench.TypeAsync("AT+CMQTTACCQ=0,\"dev-1\"\r");
        await bench.TypeAsync("AT+CMQTTCONNECT=0,\"tcp://host:1883\",60,1\r");
        await bench.TypeAsync("AT+CMQTTTOPIC=0,3\r");
        await bench.TypeAsync("a/\\");
        await bench.TypeAsync("AT+CMQTTPUB=0,1,60\r\n");

        Assert.That(told.Lines, Is.EqualTo((string[])
        [
            .. Start,
            "rx AT+CMQTTSTART\\r",
            "command AT+CMQTTSTART execute OK",
            "state mqtt: started",
            "tx AT+CMQTTSTART\\r\\r\\n+CMQTTSTART: 0\\r\\n\\r\\nOK\\r\\n",
            "rx AT+CMQTTACCQ=0,\"dev-1\"\\r",
            "command AT+CMQTTACCQ write OK",
            "state mqtt 0: acquired",
            "tx AT+CMQTTACCQ=0,\"dev-1\"\\r\\r\\nOK\\r\\n",
            "rx AT+CMQTTCONNECT=0,\"tcp://host:1883\",60,1\\r",
            "command AT+CMQTTCONNECT write OK",
            "tx AT+CMQTTCONNECT=0,\"tcp://host:1883\",60,1\\r\\r\\nOK\\r\\n",
            "mqtt 0> CONNECT (client id 'dev-1', keep-alive 60 s, clean session)",
            "mqtt 0< CONNACK (code 0)",
            "state mqtt 0: connected",
            "tx \\r\\n+CMQTTCONNECT: 0,0\\r\\n",
            "rx AT+CMQTTTOPIC=0,3\\r",
            "tx AT+CMQTTTOPIC=0,3\\r\\r\\n>",
            "rx a/\\\\",
            "command AT+CMQTTTOPIC write OK",
            "tx a/\\\\\\r\\nOK\\r\\n",
            "rx AT+CMQTTPUB=0,1,60\\r\\n",
            "command AT+CMQTTPUB write OK",
            "tx AT+CMQTTPUB=0,1,60\\r\\r\\nOK\\r\\n",
            "mqtt 0> PUBLISH a/\\ qos 1, 0 bytes",
            "mqtt 0< PUBACK",
            "tx \\r\\n+CMQTTPUB: 0,0\\r\\n",
        ]));
    }

    [Test]
    public async Task A_password_that_became_data_is_not_told([Values] bool byteByByte, [Values] bool echo)
    {
        const string Swallowed = "helloAT+CMQTTCONNECT=0,\"tcp://host:1883\",60,1,\"me\",\"hunter2\"\r{\"volt\":12.5}AT";
        var told = new Timeline();
        await using var bench = new ModemBench(bridge: Accepting(), timeline: told.Add);
        await bench.ConnectAsync();
        await bench.TypeAsync(echo ? "ATE1\r" : "ATE0\r");
        await bench.TypeAsync("AT+CMQTTTOPIC=0,3\r");
        await bench.TypeAsync("a/b");
        await bench.TypeAsync($"AT+CMQTTPAYLOAD=0,{Swallowed.Length}\r");
        foreach (string piece in byteByByte ? Swallowed.Select(each => each.ToString()) : [Swallowed])
        {
            await bench.TypeAsync(piece);
        }

        foreach (TimelineKind kind in echo ? new[] { TimelineKind.Rx, TimelineKind.Tx } : [TimelineKind.Rx])
        {
            string text = string.Concat(told.Entries.Where(entry => entry.Kind == kind).Select(entry => entry.Text));
            Assert.That(text, Does.Match(@"helloAT\+CMQTTCONNECT=0,""tcp://host:1883"",60,1,\*+\\r\{""volt"":12.5\}AT"));
        }

        Assert.That(told.Lines, Has.Some.Contains("AT+CMQTTPAYLOAD write OK"));
    }

    [Test]
    public async Task Times_are_those_of_the_modems_clock()
    {
        var told = new Timeline();
        await using var bench = new ModemBench(boot: BootMode.Fast, timeline: told.Add);
        await bench.TypeAsync("AT\r");
        await SecondsAsync(bench, 60);
        await bench.TypeAsync("AT+COPS=?\r");
        await SecondsAsync(bench, 120);

        Assert.That(told.Lines, Has.Member("rx (3 bytes are lost: the modem is off)"));
        TimelineEntry banner = told.Entries.First(entry => entry.Text.Contains("RDY", StringComparison.Ordinal));
        Assert.That(banner.Time, Is.GreaterThan(TimeSpan.Zero).And.LessThan(TimeSpan.FromMinutes(1)));
        Assert.That(told.Lines, Has.Member("state sim: busy").And.Member("state network: searching").And.Member("state network: home"));
        TimelineEntry search = told.Entries.Single(entry => entry.Kind == TimelineKind.Command);
        Assert.That(search.Duration, Is.EqualTo(search.Time - TimeSpan.FromMinutes(1)).And.GreaterThan(TimeSpan.Zero), search.ToString());
        Assert.That(told.Entries.Select(entry => entry.Time), Is.Ordered);
    }

    [Test]
    public async Task Bytes_that_wait_are_told_when_they_come_and_when_they_are_taken()
    {
        var told = new Timeline();
        await using var bench = new ModemBench(FirmwareProfiles.Sim7600 with { DisconnectOrder = ResultOrder.ResultFirst }, timeline: told.Add);
        await bench.ConnectAsync();
        told.Clear();
        bench.Broker.Answer = _ => null;
        await bench.TypeAsync("AT+CMQTTDISC=0,60\r");
        await bench.TypeAsync("AT\r");
        await bench.PassAsync(TimeSpan.FromSeconds(61));

        Assert.That(told.Lines.Where(line => line.StartsWith("rx", StringComparison.Ordinal)), Is.EqualTo((string[])
        [
            "rx AT+CMQTTDISC=0,60\\r", "rx (3 bytes wait: AT+CMQTTDISC has not ended)", "rx AT\\r",
        ]));
    }

    [Test]
    public async Task What_answers_no_command_and_what_the_power_ends_is_told()
    {
        var told = new Timeline();
        await using var bench = new ModemBench(timeline: told.Add);
        await bench.TypeAsync("AT\r");
        await bench.TypeAsync("AT+ CSQ\r");
        await bench.TypeAsync("AT+FOO\r");
        await bench.TypeAsync("AT+CLCK=\"SC\",1,\"0000\"\r");
        await bench.TypeAsync("AT+COPS=?\r");
        bench.Modem.Post(() => bench.Modem.Note(TimelineKind.Fault, "network down"));
        await bench.Modem.ResetAsync();
        await bench.PrintedAsync();

        Assert.That(told.Lines.Where(line => line.StartsWith("command", StringComparison.Ordinal) || line.StartsWith("fault", StringComparison.Ordinal)), Is.EqualTo((string[])
        [
            "command AT OK", "command AT ERROR (no command line)", "command AT+FOO execute ERROR", "command AT+CLCK write +CME ERROR: 16",
            "fault network down", "command AT+COPS test (the power ended it)",
        ]));
        Assert.That(told.Lines, Has.Member("state power: off"));
    }

    [Test]
    public async Task The_same_input_gives_the_same_timeline()
    {
        string[] first = await RunAsync();
        Assert.That(await RunAsync(), Is.EqualTo(first));
        Assert.That(first, Has.Length.GreaterThan(40));

        static async Task<string[]> RunAsync()
        {
            var told = new Timeline();
            await using var bench = new ModemBench(boot: BootMode.Fast, bridge: Accepting(), timeline: told.Add);
            await bench.PassAsync(TimeSpan.FromMinutes(2));
            foreach (string typed in (string[])["AT+CMQTTSTART\r", "AT+CMQTTACCQ=0,\"d\"\r", "AT+CMQTTCONNECT=0,\"tcp://host\",60,1\r", "AT+CMQTTSUB=0,1,1\r", "t",
                "AT+CMQTTTOPIC=0,1\r", "t", "AT+CMQTTPAYLOAD=0,2\r", "xy", "AT+CMQTTPUB=0,2,60\r", "AT+CMQTTUNSUB=0,1,0\r", "t", "AT+CRESET\r"])
            {
                await bench.TypeAsync(typed);
                await bench.PassAsync(TimeSpan.FromSeconds(7));
            }

            await bench.PassAsync(TimeSpan.FromMinutes(2));
            return [.. told.Entries.Select(entry => entry.ToString())];
        }
    }

    [Test]
    public async Task A_taker_that_fails_does_not_stop_the_modem()
    {
        int asked = 0;
        await using var bench = new ModemBench(timeline: _ =>
        {
            asked++;
            throw new IOException("no");
        });
        await bench.SayAsync("AT\r", "\r\nOK\r\n");
        await bench.SayAsync("AT\r", "\r\nOK\r\n");
        Assert.That(asked, Is.EqualTo(1));
    }

    [Test]
    public async Task No_secret_is_told_whatever_echo_and_pieces([Values] bool echo, [Values] bool byteByByte)
    {
        const string Key = "-----BEGIN RSA PRIVATE KEY-----\nS3CRETKEYBODY\nATS3CRETKEYBODY\n-----END RSA PRIVATE KEY-----\n";
        var told = new Timeline();
        await using var bench = new ModemBench(echo: echo, bridge: Accepting(), timeline: told.Add);
        string printed = "";
        foreach (string typed in (string[])
        [
            "AT+CMQTTSTART\r", "AT+CMQTTACCQ=0,\"d\"\r",
            $"AT+CCERTDOWN=\"key.pem\",{Key.Length}\r", Key,
            $"AT+CCERTDOWN=\"key.pem\",{Key.Length - 50}\r", Key, "\r", // more comes than was announced
            $"AT+CCERTDOWN=\"key/pem\",{Key.Length}\r", Key, "\r", // it is refused
            $"AT+CFTRANRX=\"c:/key.pem\",{Key.Length}\r", Key, "AT+CFTRANTX=\"c:/key.pem\"\r",
            "AT+CSSLCFG=\"keypwd\",0,\"S3CRETkey\"\r", "AT+CSSLCFG?\r", "AT+CSSLCFG=0\r",
            "AT+CMQTTCONNECT=0,\"tcp://host\",60,1,\"S3CRETuser\",\"S3CRETpass\"\r", "AT+CMQTTCONNECT?\r", "A/",
            "AT+CGAUTH=1,1,\"S3CRETpass\",\"S3CRETuser\"\r", "AT+CGAUTH?\r", "AT+CSOCKAUTH=1,1,\"S3CRETpass\",\"S3CRETuser\"\r", "AT+CSOCKAUTH?\r", "AT&V\r",
            "AT+CPIN=\"S3CRET\"\r", "AT+CPWD=\"SC\",\"S3CRET\",\"S3CRET\"\r", "AT+CLCK=\"SC\",1,\"S3CRET\"\r", "AT+CPIN S3CRET\r", "AT+CPINS3CRET\r", "AT+CPUN=\"S3CRET\"\r",
        ])
        {
            foreach (string piece in byteByByte ? typed.Select(each => each.ToString()) : [typed])
            {
                printed += await bench.TypeAsync(piece);
            }
        }

        Assert.That(printed, Does.Contain("S3CRETpass").And.Contain("S3CRETkey").And.Contain("S3CRETKEYBODY"), "the modem itself keeps nothing back");
        string all = string.Join('\n', told.Lines) + string.Join('\n', told.Entries) + string.Concat(told.Entries.Where(entry => entry.Kind == TimelineKind.Rx).Select(entry => entry.Text))
            + string.Concat(told.Entries.Where(entry => entry.Kind == TimelineKind.Tx).Select(entry => entry.Text));
        Assert.That(all, Does.Not.Contain("S3CRET").And.Not.Contain("3CRE").And.Not.Contain("PRIVATE").And.Contain("AT+CPIN="));
    }

    [Test]
    public async Task Bytes_are_told_as_they_come_out_of_a_faulty_line()
    {
        var told = new Timeline();
        await using var bench = new ModemBench(timeline: told.Add);
        await bench.PrintedAsync();
        told.Clear();
        bench.Inject("""{ "line": "drop", "byte": 3 }""");
        bench.Inject("""{ "line": "duplicate", "byte": 4 }""");
        bench.Inject("""{ "modem": "urc", "text": "RING", "afterBytes": 6 }""");
        await bench.TypeAsync("AT\r");
        bench.Inject("""{ "line": "chunk", "size": 4, "gapMs": 10 }""");
        await bench.TypeAsync("AT\r");
        await bench.LiveAsync(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10));
        bench.Inject("""{ "line": "drop", "byte": 1, "direction": "to-modem" }""");
        await bench.TypeAsync("AAT\r");
        await bench.LiveAsync(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10));

        Assert.That(told.Lines, Is.EqualTo((string[])
        [
            """fault {"line":"drop","byte":3}""",
            """fault {"line":"duplicate","byte":4}""",
            """fault {"modem":"urc","text":"RING","afterBytes":6}""",
            "rx AT\\r", "command AT OK",
            "tx (1 byte is lost: a fault of the line)", "tx (1 byte is doubled on the line)", "tx \\r\\nKK\\r\\n",
            """fault {"line":"chunk","size":4,"gapMs":10}""",
            "rx AT\\r", "command AT OK", "tx \\r\\nRI", "tx NG\\r\\n", "tx \\r\\nOK", "tx \\r\\n",
            """fault {"line":"drop","byte":1,"direction":"to-modem"}""",
            "rx (1 byte is lost: a fault of the line)", "rx AT\\r", "command AT OK", "tx \\r\\nOK", "tx \\r\\n",
        ]));
    }

    [Test]
    public async Task Bytes_that_the_line_holds_are_told_when_they_come_and_when_they_are_lost()
    {
        var told = new Timeline();
        await using var bench = new ModemBench(timeline: told.Add);
        await bench.PrintedAsync();
        told.Clear();
        bench.Inject("""{ "line": "delay", "delayMs": 300 }""");
        await bench.TypeAsync("AT\r");
        await bench.PassAsync(300);
        await bench.TypeAsync("AT\r");
        bench.Inject("""{ "line": "unplug" }""");
        await bench.TypeAsync("AT\r");
        await bench.Modem.SendUrcAsync("RING");
        await bench.PrintedAsync();

        Assert.That(told.Entries.First(entry => entry.Kind == TimelineKind.Tx).Time, Is.EqualTo(TimeSpan.FromMilliseconds(300)));
        Assert.That(told.Lines, Is.EqualTo((string[])
        [
            """fault {"line":"delay","delayMs":300}""",
            "rx AT\\r", "command AT OK", "tx \\r\\nOK\\r\\n",
            "rx AT\\r", "command AT OK",
            """fault {"line":"unplug"}""",
            "tx (6 bytes are lost: the cable is pulled)", "rx (3 bytes are lost: the cable is pulled)", "tx (8 bytes are lost: the cable is pulled)",
        ]));
    }

    [TestCase("""{ "line": "noise", "perThousand": 300 }""")]
    [TestCase("""{ "line": "wrong-baud" }""")]
    [TestCase("""{ "line": "chunk", "size": 3 }""")]
    [TestCase("""{ "line": "duplicate", "byte": 40 }""")]
    public async Task A_secret_stays_one_on_a_faulty_line(string fault)
    {
        var told = new Timeline();
        await using var bench = new ModemBench(echo: true, timeline: told.Add);
        const string Command = "AT+CGAUTH=1,1,\"S3CRETpass\",\"S3CRETuser\"\r";
        bench.Inject(fault);
        string printed = await bench.TypeAsync(Command);
        string shown = string.Concat(told.Entries.Where(entry => entry.Kind == TimelineKind.Tx).Select(entry => entry.Text));
        Assert.That(printed, Has.Length.GreaterThan(Command.Length));
        Assert.That(shown, Does.Contain("****").And.Not.Contain("3C").And.Not.Contain("pass"));
        Assert.That(System.Text.RegularExpressions.Regex.Replace(shown, @"\*{4,}", "*"), Has.Length.LessThan(AtTextLength(printed) - 15), "nothing stands for the changed bytes of a secret");

        static int AtTextLength(string printed) => Protocol.Grammar.AtText.Escape(Encoding.Latin1.GetBytes(printed)).Length;
    }

    private static async Task SecondsAsync(ModemBench bench, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await bench.PassAsync(TimeSpan.FromSeconds(1));
        }
    }

    private static GivenBrokerBridge Accepting() => new(new GivenBroker(CmqttResultCode.Success, GivenBrokerAnswer.Acknowledge, GivenBrokerAnswer.Acknowledge, []));

    /// <summary>The entries, and each as one line for people.</summary>
    private sealed class Timeline
    {
        private readonly List<TimelineEntry> _entries = [];

        public IReadOnlyList<TimelineEntry> Entries
        {
            get
            {
                lock (_entries)
                {
                    return [.. _entries];
                }
            }
        }

        public IEnumerable<string> Lines => Entries.Select(entry =>
        {
            var line = new StringBuilder(entry.Kind.ToString().ToLowerInvariant());
            line.Append(entry.Client is { } client ? $" {client}{(entry.ToBroker == true ? '>' : '<')}" : "");
            line.Append(entry.Text.Length > 0 ? $" {entry.Text}" : "");
            line.Append(entry.Topic is null ? "" : $" {entry.Topic}");
            line.Append(entry.Qos is null ? "" : $" qos {entry.Qos}, {entry.Length} bytes");
            line.Append(entry.Form is null ? "" : $" {entry.Form}");
            line.Append(entry.Result is null ? "" : $" {entry.Result}");
            line.Append(entry.Note is null ? "" : $" ({entry.Note})");
            return line.ToString();
        });

        public void Add(TimelineEntry entry)
        {
            lock (_entries)
            {
                _entries.Add(entry);
            }
        }

        public void Clear()
        {
            lock (_entries)
            {
                _entries.Clear();
            }
        }
    }
}
