using CsCheck;
using Sim7600.Conversations;
using Sim7600.Driver.Channel;
using Sim7600.Links;
using static Sim7600.Driver.Tests.Channel.CountingTalk;

namespace Sim7600.Driver.Tests.Channel;

/// <summary>Whatever is late or lost on the line: no reply reaches another command, and no command becomes data.</summary>
[CancelAfter(300_000)]
public sealed class AtChannelTruthTests
{
    [Test]
    public async Task A_reply_in_the_instant_of_the_deadline_reaches_its_command_or_nobody()
    {
        await using var talk = new CountingTalk();
        int number = 0;
        int inTime = 0;
        int late = 0;
        int held = -1;
        talk.Modem.Saying = (point, text) => point == "ID OK" && text.Contains($": {Volatile.Read(ref held)}\r", StringComparison.Ordinal) ? Mute(talk.Modem, text) : text;

        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 30_000], Gen.Int[0, 1_000]).Sample(
            (pieceLength, replySpins, deadlineSpins) => RaceAsync(pieceLength, replySpins, deadlineSpins).GetAwaiter().GetResult(),
            iter: 1000,
            threads: 1);

        await TestContext.Out.WriteLineAsync($"{inTime} in time, {late} late");
        Assert.That(inTime, Is.Positive);
        Assert.That(late, Is.Positive);

        async Task RaceAsync(int pieceLength, int replySpins, int deadlineSpins)
        {
            int mine = ++number;
            Volatile.Write(ref held, mine);
            AtCommand command = Numbered(mine);
            Task<AtReply> reply = talk.Channel.ExecuteAsync(command);
            while (!talk.Modem.IsMute)
            {
                await Task.Yield();
            }

            using var barrier = new Barrier(2);
            Task saying = Task.Run(async () =>
            {
                barrier.SignalAndWait();
                Thread.SpinWait(replySpins);
                await talk.Modem.ReleaseAsync(pieceLength);
            });
            Task passing = Task.Run(() =>
            {
                barrier.SignalAndWait();
                Thread.SpinWait(deadlineSpins);
                talk.Time.Advance(command.Timeout);
            });
            await passing;
            try
            {
                Assert.That((await reply).Lines, Is.EqualTo(new[] { $"+ID: {mine}" }));
                inTime++;
            }
            catch (AtTimeoutException)
            {
                late++;
            }

            // At once, while the answer may still be on its way.
            int next = ++number;
            Assert.That((await talk.Runs(talk.Channel.ExecuteAsync(Numbered(next)))).Lines, Is.EqualTo(new[] { $"+ID: {next}" }));
            await saying;
        }
    }

    [Test]
    public async Task A_data_byte_that_is_lost_is_made_up_for_before_a_command_is_sent([Values(1, 2, 3, 10)] int length, [Values(1, 2)] int lost)
    {
        for (int offset = 0; offset <= length - lost; offset++)
        {
            await using var talk = new CountingTalk();
            int from = offset;
            talk.Modem.Loses = (place, entry) => entry == 0 && place >= from && place < from + lost;
            AtTimeoutException error = (await Assert.ThrowsAsync<AtTimeoutException>(() => talk.Runs(talk.Channel.ExecuteAsync(Payload("0123456789"[..length])))))!;
            Assert.That(error.Symptom, Is.EqualTo(AtSymptom.DataUnanswered));

            await EverythingIsCounted(talk, $"{lost} lost at {offset} of {length}");
            Assert.That(talk.Modem.Data[0].Bytes, Does.Match("^[0-9]*\r+$"));
        }
    }

    [Test]
    public async Task A_prompt_that_is_lost_costs_blanks_and_no_command()
    {
        await using var talk = new CountingTalk();
        talk.Modem.Saying = (point, text) => point == "CMQTTPAYLOAD prompt" && talk.Modem.Data.Count == 1 ? "" : text;
        AtTimeoutException error = (await Assert.ThrowsAsync<AtTimeoutException>(() => talk.Runs(talk.Channel.ExecuteAsync(Payload("0123456789")))))!;
        Assert.That(error.State, Is.EqualTo("waiting for the prompt"));

        await EverythingIsCounted(talk, "prompt lost");
        Assert.That(talk.Modem.Data[0].Bytes, Is.EqualTo(new string('\r', 10)));
    }

    [Test]
    public async Task A_prompt_that_is_late_gets_its_data_or_blanks_and_no_command([Values(0, 300, 900, 1100, 1500, 4000)] int milliseconds)
    {
        await using var talk = new CountingTalk();
        talk.Modem.Saying = (point, text) => point == "CMQTTPAYLOAD prompt" && talk.Modem.Data.Count == 1 ? Mute(talk.Modem, text) : text;
        await Assert.ThrowsAsync<AtTimeoutException>(() => talk.Runs(talk.Channel.ExecuteAsync(Payload("0123456789"))));

        Task releasing = Task.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), talk.Time);
            await talk.Modem.ReleaseAsync();
        });
        await EverythingIsCounted(talk, $"prompt after {milliseconds} ms");
        await releasing;
    }

    [Test]
    public async Task An_acknowledgement_that_is_late_costs_no_blanks()
    {
        await using var talk = new CountingTalk();
        talk.Modem.Saying = (point, text) => point == "CMQTTPAYLOAD OK" && talk.Modem.Data.Count == 1 ? Mute(talk.Modem, text) : text;
        await Assert.ThrowsAsync<AtTimeoutException>(() => talk.Runs(talk.Channel.ExecuteAsync(Payload("0123456789"))));
        await talk.Modem.ReleaseAsync();

        await EverythingIsCounted(talk, "late OK");
        Assert.That(talk.Log.Count(1008), Is.Zero);
    }

    [Test]
    public async Task A_killed_program_s_count_is_filled_in_time_and_nothing_is_published(
        [Values("CMQTTTOPIC", "CMQTTPAYLOAD", "CMQTTSUB", "CMQTTUNSUB", "CMQTTWILLMSG")] string command,
        [Values(1, 2, 3, 4, 6, 13, 100, 1024, 1025, 10_240)] int count)
    {
        await using var modem = new CountingModem(command, count);
        var time = new ScriptedTime();
        var options = new Sim7600ModemOptions { Channel = new AtChannelOptions { TimeProvider = time } };
        long started = time.GetTimestamp();
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(modem.Host, options);
        await time.RunsUntil(opening, () => modem.Activity, TimeSpan.FromMilliseconds(100));
        TimeSpan taken = time.GetElapsedTime(started);
        await using Sim7600Modem opened = await opening;
        Task<AtReply> reply = opened.Channel.ExecuteAsync(Conversation.Csq);
        await time.RunsUntil(reply, () => modem.Activity, TimeSpan.FromMilliseconds(100));
        await reply;

        Assert.That(taken, Is.LessThan(TimeSpan.FromSeconds(12)));
        Assert.That(modem.WaitsForData, Is.False);
        Assert.That(modem.Published, Is.Empty);
        Assert.That(modem.Lines, Has.None.Contains("PUB"));

        // A SUB or UNSUB is carried out with what came: it must not be a filter that takes anything.
        Assert.That(modem.Data[0].Bytes, Has.Length.EqualTo(count).And.Not.Contains("+").And.Not.Contains("#"));
        await TestContext.Out.WriteLineAsync($"{command} {count}: {taken.TotalSeconds:0.0} s");
    }

    [Test]
    public async Task A_line_that_takes_no_bytes_fails_the_opening_in_time_and_says_so()
    {
        var time = new ScriptedTime();
        await using var link = new ClogsLink(2000);
        var options = new Sim7600ModemOptions { Channel = new AtChannelOptions { TimeProvider = time } };
        long started = time.GetTimestamp();
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(link, options);
        await time.RunsUntil(opening, () => 0, TimeSpan.FromMilliseconds(500));

        ModemNotRespondingException error = (await Assert.ThrowsAsync<ModemNotRespondingException>(() => opening))!;
        Assert.That(error.Symptom, Is.EqualTo(AtSymptom.LineBlocked));
        Assert.That(time.GetElapsedTime(started), Is.LessThan(options.ProbeTimeout + TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task A_boot_in_any_state_of_a_command_fails_it_at_once([ValueSource(nameof(States))] State state)
    {
        await using var talk = new Conversation();
        Task<AtReply> reply = talk.Channel.ExecuteAsync(state.Command);
        foreach ((string heard, string said) in state.Script)
        {
            await talk.Modem.Answers(heard, said);
        }

        await talk.Modem.Says("\r\nRDY\r\n");

        // No time has to pass.
        Assert.That((await Assert.ThrowsAsync<AtModemRestartedException>(() => reply))!.WasWritten, Is.True);
        Task<AtReply> next = talk.Channel.ExecuteAsync(Conversation.Csq);
        await talk.GetsBackInStep(); // data may have come after the boot, as the beginning of a line; or there was no boot, and the answer is on its way
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");
        Assert.That((await next).Lines, Is.EqualTo(new[] { "+CSQ: 2,99" }));
    }

    public static IEnumerable<State> States()
    {
        AtCommand topic = Conversation.Topic;
        AtCommand connect = Conversation.Connect;
        string topicLine = topic.Text + "\r";
        string connectLine = connect.Text + "\r";
        yield return new("before the echo", topic, (topicLine, ""));
        yield return new("in the echo", topic, (topicLine, "AT+CMQT"));
        yield return new("after the echo", topic, (topicLine, topicLine));
        yield return new("after the prompt", topic, (topicLine, "\r\n>"), ("a/b", ""));
        yield return new("after the prompt, with echo", topic, (topicLine, topicLine + "\r\n>"), ("a/b", ""));
        yield return new("in the echo of the data", topic, (topicLine, topicLine + "\r\n>"), ("a/b", "a/"));
        yield return new("after the echo of the data", topic, (topicLine, topicLine + "\r\n>"), ("a/b", "a/b"));
        yield return new("after OK", connect, (connectLine, "\r\nOK\r\n"));
        yield return new("after the result line", connect, (connectLine, "\r\n+CMQTTCONNECT: 0,0\r\n"));
        yield return new("after ERROR", connect, (connectLine, "\r\nERROR\r\n"));
        yield return new("in the answer", Conversation.Csq, ("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n"));
        yield return new("in an information line", Conversation.Csq, ("AT+CSQ\r", "\r\n+CS"));
    }

    private static string Mute(CountingModem modem, string text)
    {
        modem.IsMute = true;
        return text;
    }

    // The next command is answered, and what the modem counted is what was announced; nothing of a command is in it.
    private static async Task EverythingIsCounted(CountingTalk talk, string what)
    {
        Assert.That((await talk.Runs(talk.Channel.ExecuteAsync(Numbered(7)))).Lines, Is.EqualTo(new[] { "+ID: 7" }), what);
        await talk.Runs(talk.Channel.ExecuteAsync(Payload("second")));
        Assert.That(talk.Modem.WaitsForData, Is.False, what);
        Assert.That(talk.Modem.Data, Has.All.Matches<(string Name, int Count, string Bytes)>(entry => entry.Bytes.Length == entry.Count), what);
        Assert.That(talk.Modem.Data.Select(entry => entry.Bytes), Has.None.Contains("AT"), what);
        Assert.That(talk.Modem.Data[^1].Bytes, Is.EqualTo("second"), what);
        Assert.That(talk.Modem.Lines, Has.All.Match("^AT\\+(CMQTTPAYLOAD=0,[0-9]+|CMEE\\?|ID7)$"), what);
    }

    public sealed record State(string Name, AtCommand Command, params (string Heard, string Said)[] Script)
    {
        public override string ToString() => Name;
    }

    /// <summary>A line whose buffer nobody empties.</summary>
    private sealed class ClogsLink(int room) : ISerialLink
    {
        private readonly System.IO.Pipelines.Pipe _pipe = new();
        private readonly TaskCompletionSource<SerialLinkLoss> _lost = new();
        private int _room = room;

        public string Name => "clogged";

        public SerialSettings? Settings { get; } = new() { HardwareFlowControl = true };

        public System.IO.Pipelines.PipeReader Input => _pipe.Reader;

        public IControlLines? ControlLines => null;

        public Task<SerialLinkLoss> Lost => _lost.Task;

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
        {
            _room -= bytes.Length;
            if (_room < 0)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }
        }

        public ValueTask DisposeAsync()
        {
            _lost.TrySetResult(new SerialLinkLoss("closed", WasDisposed: true));
            return ValueTask.CompletedTask;
        }
    }
}
