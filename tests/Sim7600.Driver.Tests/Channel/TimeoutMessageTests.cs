using System.IO.Pipelines;
using System.Reflection;
using Sim7600.Conversations;
using Sim7600.Driver.Channel;
using Sim7600.Links;

namespace Sim7600.Driver.Tests.Channel;

/// <summary>What a time-out says, by what was seen on the line. <c>docs/timeouts.md</c> explains it with examples that are printed here.</summary>
[CancelAfter(60_000)]
public sealed class TimeoutMessageTests
{
    private static readonly AtCommand Csq = Conversation.Csq;
    private static readonly AtCommand Topic = Conversation.Topic;
    private static readonly AtCommand Connect = Conversation.Connect;

    public static IEnumerable<TestCaseData> Sights()
    {
        static TestCaseData Case(AtSymptom symptom, string state, string advice, AtCommand command, params string[] said) =>
            new TestCaseData(symptom, state, advice, command, said).SetArgDisplayNames(symptom.ToString(), string.Concat(said));
        const string Final = "waiting for the final result";
        yield return Case(AtSymptom.Silence, Final, "RX and TX are crossed", Csq, "");
        yield return Case(AtSymptom.EchoOnly, Final, "the echo came back", Csq, "AT+CSQ\r");
        yield return Case(AtSymptom.Garbage, Final, "AT+IPREX?", Csq, "\xF8\x80\x00\xFE\x78\x80");
        yield return Case(AtSymptom.Garbage, Final, "57600 here", Csq, "\xF8\x80\x00\r\n\xFE\x78\x80\r\n");
        yield return Case(AtSymptom.PromptMissing, "waiting for the prompt", "filled in first", Topic, "AT+CMQTTTOPIC=0,3\r");
        yield return Case(AtSymptom.Silence, "waiting for the prompt", "its baud rate", Topic, "");
        yield return Case(AtSymptom.DataUnanswered, Final, "RTS/CTS", Topic, "\r\n>", "");
        yield return Case(AtSymptom.ResultLineMissing, "waiting for the result line +CMQTTCONNECT: after OK", "AT+CPSI?", Connect, "\r\nOK\r\n");
        yield return Case(AtSymptom.FinalResultMissing, "waiting for the final result after the result line", "bytes were lost", Connect, "\r\n+CMQTTCONNECT: 0,0\r\n");
        yield return Case(AtSymptom.AnswerCutShort, Final, "ModemManager", Csq, "\r\n+CSQ: 21,99\r\n");
        yield return Case(AtSymptom.AnswerCutShort, Final, "no end", Csq, "\r\n+CS");
        yield return Case(AtSymptom.OtherLines, Final, "is alive", Csq, "\r\n+CREG: 1\r\n");
        yield return Case(AtSymptom.ModemStarting, Final, "PB DONE", Csq, "\r\nSMS DONE\r\n");
    }

    [TestCaseSource(nameof(Sights))]
    public async Task Each_sight_has_its_advice(AtSymptom symptom, string state, string advice, AtCommand command, string[] said)
    {
        await using var modem = new ScriptedModem();
        var time = new ScriptedTime();
        AtTimeoutException error = await TimesOut(modem, time, command, said);

        Assert.Multiple(() =>
        {
            Assert.That(error.Symptom, Is.EqualTo(symptom));
            Assert.That(error.State, Is.EqualTo(state));
            Assert.That(error.Advice, Does.Contain(advice));
            Assert.That(error.Command, Is.EqualTo(command.Text));
            Assert.That(error.Elapsed, Is.EqualTo(command.Timeout));
            Assert.That(error.Port, Is.EqualTo("/dev/ttyS1"));
            Assert.That(error.Settings!.BaudRate, Is.EqualTo(57600));
            Assert.That(error.BytesReceived, Is.EqualTo(string.Concat(said).Length));
            Assert.That(error.SilentFor, Is.EqualTo(error.BytesReceived == 0 ? null : command.Timeout));
            Assert.That(error.Message, Does.Contain(error.State).And.Contain(error.Advice).And.Contain("/dev/ttyS1 (57600 baud, 8N1, no flow control)").And.Not.Contain("\n"));
        });
    }

    [Test]
    public async Task The_last_bytes_are_shown_as_text_and_in_hexadecimal_and_hidden_where_they_may_be_a_secret()
    {
        await using var modem = new ScriptedModem();
        AtTimeoutException plain = await TimesOut(modem, new ScriptedTime(), Csq, "AT+CSQ\r", "\r\n+CSQ: 21,99\r\n");
        Assert.That(plain.LastReceived, Is.EqualTo("AT+CSQ\\r\\r\\n+CSQ: 21,99\\r\\n"));
        Assert.That(plain.LastReceivedHex, Does.StartWith("41 54 2B 43 53 51 0D 0D 0A 2B").And.EndsWith("39 0D 0A"));

        await using var other = new ScriptedModem();
        AtCommand secret = new AtCommand("AT+CPIN=\"73919155\"") with { RedactedText = "AT+CPIN=****" };
        AtTimeoutException hidden = await TimesOut(other, new ScriptedTime(), secret, "AT+CPIN=\"73919155\"\r", "\r\n+CREG: 1\r\n\r\nXT+CPIN=\"739");
        Assert.That(hidden.LastReceived, Is.EqualTo("<18 bytes hidden>\\r\\r\\n+CREG: 1\\r\\n\\r\\n<12 bytes hidden>"));
        Assert.That(hidden.LastReceivedHex, Does.StartWith("<18 bytes hidden> 0D 0D 0A").And.EndsWith("<12 bytes hidden>"));
        Assert.That(hidden.ToString(), Does.Not.Contain("7391").And.Not.Contain("37 33 39"));
    }

    [Test]
    public async Task A_modem_that_has_answered_before_is_told_from_one_that_never_did()
    {
        await using var modem = new ScriptedModem();
        var time = new ScriptedTime();
        await using var channel = new AtChannel(new NamedLink(modem.Host), new AtChannelOptions { TimeProvider = time });
        Task<AtReply> first = channel.ExecuteAsync(Csq);
        await modem.Answers("AT+CSQ\r", "\r\n+CSQ: 21,99\r\n\r\nOK\r\n");
        await first;
        time.Advance(TimeSpan.FromSeconds(3));
        Task<AtReply> second = channel.ExecuteAsync(Csq);
        await modem.Expects("AT+CSQ\r");
        await time.Passes(Csq.Timeout);

        AtTimeoutException error = (await Assert.ThrowsAsync<AtTimeoutException>(() => second))!;
        Assert.That(error.SilentFor, Is.EqualTo(TimeSpan.FromSeconds(13)));
        Assert.That(error.Message, Does.Contain("received nothing, and before it nothing for 3 s").And.Contain("its LED and supply"));
    }

    [TestCase("", AtSymptom.Silence, "switched on")]
    [TestCase("\r\nRDY\r\n", AtSymptom.ModemStarting, "PB DONE")]
    [TestCase("\xF8\x80\x00\xFE\x78\x80", AtSymptom.Garbage, "baud rate is wrong")]
    [TestCase("AT\r", AtSymptom.EchoOnly, "RX and TX are joined")]
    [TestCase("$GPRMC,,V,,,,,,,,,,N*53\r\n", AtSymptom.OtherLines, "GNSS port")]
    [TestCase("login:\r\n", AtSymptom.OtherLines, "Something else speaks")]
    public async Task A_modem_that_cannot_be_opened_is_described_too(string said, AtSymptom symptom, string advice)
    {
        await using var modem = new ScriptedModem();
        var time = new ScriptedTime();
        var options = new Sim7600ModemOptions { Channel = new AtChannelOptions { TimeProvider = time } };
        var link = new NamedLink(modem.Host);
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(link, options);
        await modem.Expects("AT\r");
        await modem.Says(said);
        await link.HasDigested(said.Length);
        await time.Awaits(options.Channel.SynchroniseAttempt);
        time.Advance(options.ProbeTimeout);

        ModemNotRespondingException error = (await Assert.ThrowsAsync<ModemNotRespondingException>(() => opening))!;
        Assert.That(error.Symptom, Is.EqualTo(symptom));
        Assert.That(error.Elapsed, Is.EqualTo(options.ProbeTimeout));
        Assert.That(error.BytesReceived, Is.EqualTo(said.Length));
        Assert.That(error.Message, Does.Contain("No modem answered on /dev/ttyS1 (57600 baud").And.Contain(advice));
    }

    [Test]
    public async Task The_documentation_shows_what_is_printed()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "timeouts.md"));
        await using var one = new ScriptedModem();
        AtTimeoutException timeout = await TimesOut(one, new ScriptedTime(), Connect, "\r\nOK\r\n");
        await TestContext.Out.WriteLineAsync(timeout.Message);
        Assert.That(text, Does.Contain("```\n" + timeout.Message + "\n```"));

        await using var two = new ScriptedModem();
        var time = new ScriptedTime();
        var options = new Sim7600ModemOptions { Channel = new AtChannelOptions { TimeProvider = time } };
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(new NamedLink(two.Host), options);
        await two.Expects("AT\r");
        await time.Awaits(options.Channel.SynchroniseAttempt);
        time.Advance(options.ProbeTimeout);
        Assert.That(text, Does.Contain("```\n" + (await Assert.ThrowsAsync<ModemNotRespondingException>(() => opening))!.Message + "\n```"));

        foreach (PropertyInfo property in typeof(AtTimeoutException).GetProperties().Where(property => typeof(AtException).IsAssignableFrom(property.DeclaringType)))
        {
            Assert.That(text, Does.Contain($"| `{property.Name}` |"));
        }

        foreach (AtSymptom symptom in Enum.GetValues<AtSymptom>())
        {
            Assert.That(text, Does.Contain($"| `{symptom}` |"));
        }
    }

    private static async Task<AtTimeoutException> TimesOut(ScriptedModem modem, ScriptedTime time, AtCommand command, params string[] said)
    {
        var link = new NamedLink(modem.Host);
        await using var channel = new AtChannel(link, new AtChannelOptions { TimeProvider = time });
        Task<AtReply> reply = channel.ExecuteAsync(command);
        await modem.Expects(command.Text + "\r");
        await time.Awaits(command.Timeout);
        foreach (string one in said)
        {
            await modem.Says(one);
        }

        if (said is ["\r\n>", ..])
        {
            await modem.Expects("a/b");
        }

        await link.HasDigested(string.Concat(said).Length);
        time.Advance(command.Timeout);
        return (await Assert.ThrowsAsync<AtTimeoutException>(() => reply))!;
    }

    private static string Root()
    {
        string folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "Sim7600.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new AssertionException("The tests do not run inside of a checkout.");
        }

        return folder;
    }

    /// <summary>The scripted line under the name and with the settings of a serial port; it knows how much of it was read and digested.</summary>
    private sealed class NamedLink(ISerialLink line) : ISerialLink
    {
        private readonly CountingReader _reader = new(line.Input);

        public string Name => "/dev/ttyS1";

        public SerialSettings? Settings { get; } = new() { BaudRate = 57600 };

        public PipeReader Input => _reader;

        public IControlLines? ControlLines => null;

        public Task<SerialLinkLoss> Lost => line.Lost;

        public async Task HasDigested(long bytes)
        {
            while (_reader.Digested < bytes)
            {
                await Task.Delay(1);
            }
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) => line.WriteAsync(bytes, cancellationToken);

        public ValueTask DisposeAsync() => line.DisposeAsync();
    }

    /// <summary>Counts what was read before the reader asks for more.</summary>
    private sealed class CountingReader(PipeReader inner) : PipeReader
    {
        private long _read;
        private long _digested;

        public long Digested => Volatile.Read(ref _digested);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            Volatile.Write(ref _digested, _read);
            ReadResult result = await inner.ReadAsync(cancellationToken);
            _read += result.Buffer.Length;
            return result;
        }

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
