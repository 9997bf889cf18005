using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Tests.Cmqtt;

/// <summary>
/// Every AT+CMQTT* command in every state, typed and read as a host does it. The answers stand here in full and are not
/// taken from the product's own table, so that a slip in one of the two shows.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class CmqttStateTableTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Prompt = "\r\n>";

    /// <summary>The columns of the matrix; a state with a client means client 0.</summary>
    public enum Column
    {
        Stopped,
        NotAcquired,
        Acquired,
        Connected,
        Busy,
    }

    private static readonly Row[] Rows =
    [
        new("AT+CMQTTSTART", Result("+CMQTTSTART: 0"), Refused("+CMQTTSTART: 23"), Refused("+CMQTTSTART: 23"), Refused("+CMQTTSTART: 23"), Refused("+CMQTTSTART: 23")),
        new("AT+CMQTTSTOP", Refused("+CMQTTSTOP: 9"), Result("+CMQTTSTOP: 0"), Refused("+CMQTTSTOP: 21"), Refused("+CMQTTSTOP: 21"), Refused("+CMQTTSTOP: 21")),
        new("AT+CMQTTACCQ=0,\"x\"", Refused("+CMQTTACCQ: 0,9"), Ok, Refused("+CMQTTACCQ: 0,19"), Refused("+CMQTTACCQ: 0,19"), Refused("+CMQTTACCQ: 0,19")),
        new(
            "AT+CMQTTACCQ?",
            "\r\n+CMQTTACCQ: 0,\"\",0,4\r\n+CMQTTACCQ: 1,\"\",0,4\r\n" + Ok,
            "\r\n+CMQTTACCQ: 0,\"\",0,4\r\n+CMQTTACCQ: 1,\"\",0,4\r\n" + Ok,
            "\r\n+CMQTTACCQ: 0,\"dev-1\",0,4\r\n+CMQTTACCQ: 1,\"\",0,4\r\n" + Ok,
            "\r\n+CMQTTACCQ: 0,\"dev-1\",0,4\r\n+CMQTTACCQ: 1,\"\",0,4\r\n" + Ok,
            "\r\n+CMQTTACCQ: 0,\"dev-1\",0,4\r\n+CMQTTACCQ: 1,\"\",0,4\r\n" + Ok),
        new("AT+CMQTTREL=0", Refused("+CMQTTREL: 0,20"), Ok, Ok, Refused("+CMQTTREL: 0,14"), Refused("+CMQTTREL: 0,14")),
        new("AT+CMQTTREL?", Ok, Ok, Ok, Ok, Ok),
        new("AT+CMQTTSSLCFG=0,3", Error, Ok, Ok, Ok, Ok),
        new(
            "AT+CMQTTSSLCFG?",
            "\r\n+CMQTTSSLCFG: 0\r\n+CMQTTSSLCFG: 1\r\n" + Ok,
            "\r\n+CMQTTSSLCFG: 0\r\n+CMQTTSSLCFG: 1\r\n" + Ok,
            "\r\n+CMQTTSSLCFG: 0\r\n+CMQTTSSLCFG: 1\r\n" + Ok,
            "\r\n+CMQTTSSLCFG: 0\r\n+CMQTTSSLCFG: 1\r\n" + Ok,
            "\r\n+CMQTTSSLCFG: 0\r\n+CMQTTSSLCFG: 1\r\n" + Ok),
        new("AT+CMQTTWILLTOPIC=0,4", Refused("+CMQTTWILLTOPIC: 0,20"), Refused("+CMQTTWILLTOPIC: 0,20"), Prompt, Refused("+CMQTTWILLTOPIC: 0,13"), Refused("+CMQTTWILLTOPIC: 0,14"))
        {
            Data = "will",
            DataAnswer = Ok,
        },
        new("AT+CMQTTWILLMSG=0,4,1", Refused("+CMQTTWILLMSG: 0,20"), Refused("+CMQTTWILLMSG: 0,20"), Prompt, Refused("+CMQTTWILLMSG: 0,13"), Refused("+CMQTTWILLMSG: 0,14"))
        {
            Data = "\r\n\u001a\0",
            DataAnswer = Ok,
        },
        new(
            "AT+CMQTTCONNECT=0,\"tcp://other.example\",60,1",
            Refused("+CMQTTCONNECT: 0,20"),
            Refused("+CMQTTCONNECT: 0,20"),
            Ok + "\r\n+CMQTTCONNECT: 0,0\r\n",
            Refused("+CMQTTCONNECT: 0,13"),
            Refused("+CMQTTCONNECT: 0,14")),
        new(
            "AT+CMQTTCONNECT?",
            "\r\n+CMQTTCONNECT: 0\r\n+CMQTTCONNECT: 1\r\n" + Ok,
            "\r\n+CMQTTCONNECT: 0\r\n+CMQTTCONNECT: 1\r\n" + Ok,
            "\r\n+CMQTTCONNECT: 0\r\n+CMQTTCONNECT: 1\r\n" + Ok,
            "\r\n+CMQTTCONNECT: 0,\"tcp://broker.example:1883\",60,1\r\n+CMQTTCONNECT: 1\r\n" + Ok,
            "\r\n+CMQTTCONNECT: 0,\"tcp://broker.example:1883\",60,1\r\n+CMQTTCONNECT: 1\r\n" + Ok),
        new(
            "AT+CMQTTDISC=0,120",
            Refused("+CMQTTDISC: 0,11"),
            Refused("+CMQTTDISC: 0,11"),
            Refused("+CMQTTDISC: 0,11"),
            Ok + "\r\n+CMQTTDISC: 0,0\r\n",
            Refused("+CMQTTDISC: 0,14")),
        new(
            "AT+CMQTTDISC?",
            Error,
            "\r\n+CMQTTDISC: 0,1\r\n+CMQTTDISC: 1,1\r\n" + Ok,
            "\r\n+CMQTTDISC: 0,1\r\n+CMQTTDISC: 1,1\r\n" + Ok,
            "\r\n+CMQTTDISC: 0,0\r\n+CMQTTDISC: 1,1\r\n" + Ok,
            "\r\n+CMQTTDISC: 0,0\r\n+CMQTTDISC: 1,1\r\n" + Ok),
        new("AT+CMQTTTOPIC=0,3", Refused("+CMQTTTOPIC: 0,11"), Refused("+CMQTTTOPIC: 0,11"), Refused("+CMQTTTOPIC: 0,11"), Prompt, Refused("+CMQTTTOPIC: 0,14"))
        {
            Data = "a/b",
            DataAnswer = Ok,
        },
        new("AT+CMQTTPAYLOAD=0,4", Refused("+CMQTTPAYLOAD: 0,11"), Refused("+CMQTTPAYLOAD: 0,11"), Refused("+CMQTTPAYLOAD: 0,11"), Prompt, Refused("+CMQTTPAYLOAD: 0,14"))
        {
            Data = "OK\r\n",
            DataAnswer = Ok,
        },
        new("AT+CMQTTPUB=0,1,60", Refused("+CMQTTPUB: 0,11"), Refused("+CMQTTPUB: 0,11"), Refused("+CMQTTPUB: 0,11"), Refused("+CMQTTPUB: 0,18"), Refused("+CMQTTPUB: 0,14"))
        {
            Note = "no topic",
        },
        new(
            "AT+CMQTTPUB=0,2,180,1,1",
            Refused("+CMQTTPUB: 0,11"),
            Refused("+CMQTTPUB: 0,11"),
            Refused("+CMQTTPUB: 0,11"),
            Ok + "\r\n+CMQTTPUB: 0,0\r\n",
            Refused("+CMQTTPUB: 0,14"))
        {
            Note = "topic set",
            WhenConnected = [("AT+CMQTTTOPIC=0,3\r", Prompt), ("a/b", Ok)],
        },
        new(
            "AT+CMQTTSUBTOPIC=0,3,1",
            Refused("+CMQTTSUBTOPIC: 0,11"),
            Refused("+CMQTTSUBTOPIC: 0,11"),
            Refused("+CMQTTSUBTOPIC: 0,11"),
            Prompt,
            Refused("+CMQTTSUBTOPIC: 0,14"))
        {
            Data = "a/#",
            DataAnswer = Ok,
        },
        new("AT+CMQTTSUB=0", Refused("+CMQTTSUB: 0,11"), Refused("+CMQTTSUB: 0,11"), Refused("+CMQTTSUB: 0,11"), Refused("+CMQTTSUB: 0,12"), Refused("+CMQTTSUB: 0,14"))
        {
            Note = "nothing cached",
        },
        new(
            "AT+CMQTTSUB=0,1",
            Refused("+CMQTTSUB: 0,11"),
            Refused("+CMQTTSUB: 0,11"),
            Refused("+CMQTTSUB: 0,11"),
            Ok + "\r\n+CMQTTSUB: 0,0\r\n",
            Refused("+CMQTTSUB: 0,14"))
        {
            Note = "one topic cached",
            WhenConnected = [("AT+CMQTTSUBTOPIC=0,3,1\r", Prompt), ("a/#", Ok)],
        },
        new("AT+CMQTTSUB=0,3,1", Refused("+CMQTTSUB: 0,11"), Refused("+CMQTTSUB: 0,11"), Refused("+CMQTTSUB: 0,11"), Prompt, Refused("+CMQTTSUB: 0,14"))
        {
            Data = "a/#",
            DataAnswer = Ok + "\r\n+CMQTTSUB: 0,0\r\n",
        },
        new(
            "AT+CMQTTUNSUBTOPIC=0,3",
            Refused("+CMQTTUNSUBTOPIC: 0,11"),
            Refused("+CMQTTUNSUBTOPIC: 0,11"),
            Refused("+CMQTTUNSUBTOPIC: 0,11"),
            Prompt,
            Refused("+CMQTTUNSUBTOPIC: 0,14"))
        {
            Data = "a/#",
            DataAnswer = Ok,
        },
        new("AT+CMQTTUNSUB=0,0", Refused("+CMQTTUNSUB: 0,11"), Refused("+CMQTTUNSUB: 0,11"), Refused("+CMQTTUNSUB: 0,11"), Refused("+CMQTTUNSUB: 0,12"), Refused("+CMQTTUNSUB: 0,14"))
        {
            Note = "nothing cached",
        },
        new(
            "AT+CMQTTUNSUB=0,0",
            Refused("+CMQTTUNSUB: 0,11"),
            Refused("+CMQTTUNSUB: 0,11"),
            Refused("+CMQTTUNSUB: 0,11"),
            Ok + "\r\n+CMQTTUNSUB: 0,0\r\n",
            Refused("+CMQTTUNSUB: 0,14"))
        {
            Note = "one topic cached",
            WhenConnected = [("AT+CMQTTUNSUBTOPIC=0,3\r", Prompt), ("a/#", Ok)],
        },
        new("AT+CMQTTUNSUB=0,3,0", Refused("+CMQTTUNSUB: 0,11"), Refused("+CMQTTUNSUB: 0,11"), Refused("+CMQTTUNSUB: 0,11"), Prompt, Refused("+CMQTTUNSUB: 0,14"))
        {
            Data = "a/#",
            DataAnswer = Ok + "\r\n+CMQTTUNSUB: 0,0\r\n",
        },
        new("AT+CMQTTCFG=\"checkUTF8\",0,0", Error, Refused("+CMQTTCFG: 0,20"), Ok, Refused("+CMQTTCFG: 0,13"), Refused("+CMQTTCFG: 0,14")),
        new("AT+CMQTTCFG=\"optimeout\",0,20", Error, Refused("+CMQTTCFG: 0,20"), Ok, Refused("+CMQTTCFG: 0,13"), Refused("+CMQTTCFG: 0,14")),
        new(
            "AT+CMQTTCFG?",
            "\r\n+CMQTTCFG: 0,1,120\r\n+CMQTTCFG: 1,1,120\r\n" + Ok,
            "\r\n+CMQTTCFG: 0,1,120\r\n+CMQTTCFG: 1,1,120\r\n" + Ok,
            "\r\n+CMQTTCFG: 0,1,120\r\n+CMQTTCFG: 1,1,120\r\n" + Ok,
            "\r\n+CMQTTCFG: 0,1,120\r\n+CMQTTCFG: 1,1,120\r\n" + Ok,
            "\r\n+CMQTTCFG: 0,1,120\r\n+CMQTTCFG: 1,1,120\r\n" + Ok),
    ];

    private static IEnumerable<TestCaseData> Cells() =>
        from row in Rows
        from column in Enum.GetValues<Column>()
        select new TestCaseData(row, column).SetArgDisplayNames(row.Note is null ? row.Command : $"{row.Command} ({row.Note})", $"{column}");

    [TestCaseSource(nameof(Cells))]
    public async Task A_command_in_a_state(object cell, Column column)
    {
        var row = (Row)cell;
        await using var bench = new ModemBench();
        await BringToAsync(bench, column);
        if (column == Column.Connected)
        {
            foreach ((string typed, string answer) in row.WhenConnected)
            {
                await bench.SayAsync(typed, answer);
            }
        }

        string expected = row.Answers[(int)column];
        await bench.SayAsync($"{row.Command}\r", expected);
        if (expected == Prompt)
        {
            await bench.SayAsync(row.Data, row.DataAnswer);
        }

        Assert.That(await bench.PrintedAsync(), Is.Empty, "nothing follows");
    }

    // The index and the ranges are looked at before the state (inferred), so these answers are the same everywhere.
    [TestCase("AT+CMQTTACCQ=2,\"x\"", "\r\n+CMQTTACCQ: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTREL=2", "\r\n+CMQTTREL: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSSLCFG=2,0", "\r\n+CMQTTSSLCFG: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTWILLTOPIC=2,4", "\r\n+CMQTTWILLTOPIC: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTWILLMSG=2,4,0", "\r\n+CMQTTWILLMSG: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCONNECT=2,\"tcp://host\",60,1", "\r\n+CMQTTCONNECT: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTDISC=2,120", "\r\n+CMQTTDISC: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTTOPIC=2,4", "\r\n+CMQTTTOPIC: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPAYLOAD=9,4", "\r\n+CMQTTPAYLOAD: 9,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=2,0,60", "\r\n+CMQTTPUB: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUBTOPIC=2,4,0", "\r\n+CMQTTSUBTOPIC: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUB=2", "\r\n+CMQTTSUB: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUB=2,4,0", "\r\n+CMQTTSUB: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUBTOPIC=2,4", "\r\n+CMQTTUNSUBTOPIC: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUB=2,0", "\r\n+CMQTTUNSUB: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUB=2,4,0", "\r\n+CMQTTUNSUB: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCFG=\"checkUTF8\",2,1", "\r\n+CMQTTCFG: 2,10\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTACCQ=0,\"\"", "\r\n+CMQTTACCQ: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTACCQ=0,\"x\",2", "\r\n+CMQTTACCQ: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTACCQ=0,\"x\",0,5", "\r\n+CMQTTACCQ: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSSLCFG=0,10", "\r\n+CMQTTSSLCFG: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTWILLMSG=0,4,3", "\r\n+CMQTTWILLMSG: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://ab\",60,1", "\r\n+CMQTTCONNECT: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://host\",0,1", "\r\n+CMQTTCONNECT: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://host\",64801,1", "\r\n+CMQTTCONNECT: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://host\",60,2", "\r\n+CMQTTCONNECT: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTDISC=0,59", "\r\n+CMQTTDISC: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTDISC=0,181", "\r\n+CMQTTDISC: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,3,60", "\r\n+CMQTTPUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,1,0", "\r\n+CMQTTPUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,1,181", "\r\n+CMQTTPUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,1,60,2", "\r\n+CMQTTPUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,1,60,0,2", "\r\n+CMQTTPUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUBTOPIC=0,4,3", "\r\n+CMQTTSUBTOPIC: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUB=0,2", "\r\n+CMQTTSUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUB=0,4,3", "\r\n+CMQTTSUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUB=0,4,1,2", "\r\n+CMQTTSUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUB=0,2", "\r\n+CMQTTUNSUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUB=0,4,2", "\r\n+CMQTTUNSUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCFG=\"optimeout\",0,121", "\r\n+CMQTTCFG: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTWILLTOPIC=0,0", "\r\n+CMQTTWILLTOPIC: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTWILLTOPIC=0,1025", "\r\n+CMQTTWILLTOPIC: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTWILLMSG=0,0,0", "\r\n+CMQTTWILLMSG: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTWILLMSG=0,1025,0", "\r\n+CMQTTWILLMSG: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTTOPIC=0,0", "\r\n+CMQTTTOPIC: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTTOPIC=0,1025", "\r\n+CMQTTTOPIC: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPAYLOAD=0,0", "\r\n+CMQTTPAYLOAD: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPAYLOAD=0,10241", "\r\n+CMQTTPAYLOAD: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUBTOPIC=0,0,0", "\r\n+CMQTTSUBTOPIC: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUBTOPIC=0,1025,0", "\r\n+CMQTTSUBTOPIC: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUB=0,0,1", "\r\n+CMQTTSUB: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUB=0,1025,1", "\r\n+CMQTTSUB: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUBTOPIC=0,0", "\r\n+CMQTTUNSUBTOPIC: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUBTOPIC=0,1025", "\r\n+CMQTTUNSUBTOPIC: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUB=0,0,0", "\r\n+CMQTTUNSUB: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUB=0,1025,0", "\r\n+CMQTTUNSUB: 0,22\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTACCQ=0", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTACCQ=0,\"x", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTREL", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTREL=", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSSLCFG=0", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTWILLTOPIC=0", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTWILLMSG=0,4", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCONNECT=0", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://host\",60", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTDISC", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTTOPIC=0", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTTOPIC?", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPAYLOAD=0", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,1", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,1,60,0,0,0", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUBTOPIC=0,4", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTSUB", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUBTOPIC=0", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTUNSUB", "\r\nERROR\r\n")]
    [TestCase("AT+CMQTTCFG=\"checkUTF8\",0", "\r\nERROR\r\n")]
    public async Task A_bad_parameter_is_told_the_same_way_in_every_state(string command, string answer)
    {
        foreach (Column column in Enum.GetValues<Column>())
        {
            await using var bench = new ModemBench();
            await BringToAsync(bench, column);
            await bench.SayAsync($"{command}\r", answer);
            Assert.That(await bench.PrintedAsync(), Is.Empty, $"{column}");
        }
    }

    [Test]
    public async Task Cached_topics_of_more_than_5120_bytes_are_refused_with_22()
    {
        await using var bench = new ModemBench();
        await BringToAsync(bench, Column.Connected);
        foreach ((string command, string qos) in new[] { ("+CMQTTSUBTOPIC", ",1"), ("+CMQTTUNSUBTOPIC", "") })
        {
            for (int i = 0; i < 5; i++)
            {
                await bench.SayAsync($"AT{command}=0,1024{qos}\r", Prompt);
                await bench.SayAsync(new string('t', 1024), Ok);
            }

            await bench.SayAsync($"AT{command}=0,1{qos}\r", Refused($"{command}: 0,22"));
        }
    }

    [TestCase("sim7600", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n")]
    [TestCase("sim7600ei", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n")]
    [TestCase("sim7600g-h-le20b04", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n")]
    [TestCase("sim7600ce", "\r\nOK\r\n\r\n+CMQTTSTART: 0\r\n")]
    [TestCase("manual-v3", "\r\nOK\r\n\r\n+CMQTTSTART: 0\r\n")]
    [TestCase("a7670", "\r\nOK\r\n\r\n+CMQTTSTART: 0\r\n")]
    [TestCase("sim7670", "\r\nOK\r\n\r\n+CMQTTSTART: 0\r\n")]
    public Task START_of_a_profile(string profile, string answer) => InProfileAsync(profile, Column.Stopped, "AT+CMQTTSTART", answer);

    [TestCase("sim7600ce", Column.NotAcquired, "\r\n+CMQTTSTOP: 0\r\n\r\nOK\r\n")]
    [TestCase("manual-v3", Column.NotAcquired, "\r\nOK\r\n\r\n+CMQTTSTOP: 0\r\n")]
    [TestCase("a7670", Column.NotAcquired, "\r\nOK\r\n\r\n+CMQTTSTOP: 0\r\n")]
    [TestCase("sim7670", Column.NotAcquired, "\r\nOK\r\n\r\n+CMQTTSTOP: 0\r\n")]
    [TestCase("manual-v3", Column.Acquired, "\r\n+CMQTTSTOP: 21\r\n\r\nERROR\r\n")]
    [TestCase("a7670", Column.Acquired, "\r\n+CMQTTSTOP: 21\r\n\r\nERROR\r\n")]
    [TestCase("sim7670", Column.Acquired, "\r\n+CMQTTSTOP: 19\r\n\r\nERROR\r\n")]
    [TestCase("sim7670", Column.Connected, "\r\n+CMQTTSTOP: 19\r\n\r\nERROR\r\n")]
    [TestCase("sim7670", Column.Busy, "\r\n+CMQTTSTOP: 19\r\n\r\nERROR\r\n")]
    public Task STOP_of_a_profile(string profile, Column column, string answer) => InProfileAsync(profile, column, "AT+CMQTTSTOP", answer);

    [TestCase("sim7600ei", "\r\nOK\r\n")]
    [TestCase("sim7600ce", "\r\nOK\r\n")]
    [TestCase("manual-v3", "\r\n+CMQTTREL: 0,20\r\n\r\nERROR\r\n")]
    [TestCase("a7670", "\r\n+CMQTTREL: 0,20\r\n\r\nERROR\r\n")]
    [TestCase("sim7670", "\r\n+CMQTTREL: 0,20\r\n\r\nERROR\r\n")]
    public Task REL_of_a_free_client_of_a_profile(string profile, string answer) => InProfileAsync(profile, Column.NotAcquired, "AT+CMQTTREL=0", answer);

    [TestCase("manual-v3", Column.Acquired, "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n")]
    [TestCase("a7670", Column.Acquired, "\r\nERROR\r\n")]
    [TestCase("sim7670", Column.Acquired, "\r\nERROR\r\n")]
    [TestCase("sim7670", Column.Connected, "\r\nERROR\r\n")]
    [TestCase("sim7670", Column.Busy, "\r\nERROR\r\n")]
    public Task A_second_ACCQ_of_a_profile(string profile, Column column, string answer) => InProfileAsync(profile, column, "AT+CMQTTACCQ=0,\"x\"", answer);

    [TestCase("a7670", "\r\n>")]
    [TestCase("sim7670", "\r\nERROR\r\n")]
    public Task SUBTOPIC_of_a_profile(string profile, string answer) => InProfileAsync(profile, Column.Connected, "AT+CMQTTSUBTOPIC=0,3,1", answer);

    [TestCase("sim7600", "\r\n+CMQTTCONNECT: 0\r\n+CMQTTCONNECT: 1\r\n\r\nOK\r\n")]
    [TestCase("a7670", "\r\n+CMQTTCONNECT: 0,\"\"\r\n+CMQTTCONNECT: 1,\"\"\r\n\r\nOK\r\n")]
    public Task Unconnected_clients_of_a_profile(string profile, string answer) => InProfileAsync(profile, Column.Acquired, "AT+CMQTTCONNECT?", answer);

    [TestCase("sim7600", 1, "\r\n+CMQTTPUB: 0,18\r\n\r\nERROR\r\n")]
    [TestCase("manual-v3", 59, "\r\n+CMQTTPUB: 0,12\r\n\r\nERROR\r\n")]
    [TestCase("manual-v3", 60, "\r\n+CMQTTPUB: 0,18\r\n\r\nERROR\r\n")]
    public Task The_shortest_time_of_PUB_of_a_profile(string profile, int seconds, string answer) =>
        InProfileAsync(profile, Column.Connected, $"AT+CMQTTPUB=0,0,{seconds}", answer);

    [TestCase("sim7600", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,31\r\n")]
    [TestCase("a7670", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,31\r\n")]
    [TestCase("manual-v3", "\r\n+CMQTTCONNECT: 0,31\r\n\r\nERROR\r\n")]
    public Task A_refused_connection_of_a_profile(string profile, string answer) =>
        InProfileAsync(profile, Column.Acquired, "AT+CMQTTCONNECT=0,\"tcp://host\",60,1", answer, (CmqttResultCode)31);

    [TestCase("sim7600", "\r\nOK\r\n\r\n+CMQTTSUB: 0,6\r\n")]
    [TestCase("manual-v3", "\r\n+CMQTTSUB: 0,6\r\n\r\nERROR\r\n")]
    public async Task A_failed_SUB_of_a_profile(string profile, string answer)
    {
        await using var bench = new ModemBench(FirmwareProfiles.Find(profile));
        await BringToAsync(bench, Column.Connected);
        bench.Broker.Answer = _ => (CmqttResultCode)6;
        await bench.SayAsync("AT+CMQTTSUB=0,3,1\r", Prompt);
        await bench.SayAsync("a/#", answer);
        Assert.That(await bench.PrintedAsync(), Is.Empty);
    }

    private static async Task InProfileAsync(string profile, Column column, string command, string answer, CmqttResultCode brokerSays = 0)
    {
        await using var bench = new ModemBench(FirmwareProfiles.Find(profile) ?? throw new ArgumentException(profile, nameof(profile)));
        await BringToAsync(bench, column);
        bench.Broker.Answer = _ => brokerSays;
        await bench.SayAsync($"{command}\r", answer);
        Assert.That(await bench.PrintedAsync(), Is.Empty, "nothing follows");
    }

    /// <summary>Types the way to a state; START's two orders and the late OK of some profiles are no matter here.</summary>
    private static async Task BringToAsync(ModemBench bench, Column column)
    {
        if (column == Column.Stopped)
        {
            return;
        }

        FirmwareProfile profile = bench.Modem.Profile;
        await bench.SayAsync("AT+CMQTTSTART\r", profile.StartOrder == ResultOrder.OkFirst ? Ok + "\r\n+CMQTTSTART: 0\r\n" : Result("+CMQTTSTART: 0"));
        if (column >= Column.Acquired)
        {
            await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\"\r", Ok);
        }

        if (column >= Column.Connected)
        {
            await bench.SayAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r", Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
        }

        if (column == Column.Busy)
        {
            bench.Broker.Answer = operation => operation == "publish" ? null : CmqttResultCode.Success;
            await bench.SayAsync("AT+CMQTTTOPIC=0,1\r", Prompt);
            await bench.SayAsync("t", Ok);
            await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", profile.FailedOperationEndsInError ? "" : Ok);
        }
    }

    private static string Result(string line) => $"\r\n{line}\r\n\r\nOK\r\n";

    private static string Refused(string line) => $"\r\n{line}\r\n\r\nERROR\r\n";

    private sealed record Row(string Command, params string[] Answers)
    {
        /// <summary>What tells this row from another of the same command.</summary>
        public string? Note { get; init; }

        /// <summary>Typed first in the connected state.</summary>
        public (string Typed, string Answer)[] WhenConnected { get; init; } = [];

        /// <summary>Typed after a prompt.</summary>
        public string Data { get; init; } = "";

        /// <summary>What follows the data.</summary>
        public string DataAnswer { get; init; } = "";
    }
}
