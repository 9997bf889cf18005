using Sim7600.Driver.Channel;
using static Sim7600.Driver.Tests.Channel.Conversation;

namespace Sim7600.Driver.Tests.Channel;

/// <summary>Commands that are given up: nobody gets their late answers, and no command ever becomes data.</summary>
[CancelAfter(60_000)]
public sealed class AtChannelGiveUpTests
{
    [Test]
    public async Task A_silent_modem_ends_the_command_with_an_exception_that_teaches()
    {
        await using var talk = new Conversation();
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Connect);
        await talk.Modem.Answers(Connect.Text + "\r", "\r\nOK\r\n");
        await talk.Time.Passes(Connect.Timeout);

        AtTimeoutException error = (await Assert.ThrowsAsync<AtTimeoutException>(() => reply))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.WasWritten, Is.True);
            Assert.That(error.Elapsed, Is.EqualTo(Connect.Timeout));
            Assert.That(error.Message, Does.Contain("AT+CMQTTCONNECT").And.Contain("130 s").And.Contain("waiting for the result line +CMQTTCONNECT: after OK")
                .And.Contain("\\r\\nOK").And.Contain("Try again"));
        });
    }

    [Test]
    public async Task A_late_answer_is_never_handed_to_the_next_command()
    {
        await using var talk = new Conversation();
        Task<AtReply> lost = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Expects("AT+CSQ\r");
        await talk.Time.Passes(Csq.Timeout);
        await Assert.ThrowsAsync<AtTimeoutException>(() => lost);

        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.Time.Awaits(talk.Options.QuietTime);
        await talk.Modem.Says("\r\n+CSQ: 1,99\r\n\r\nOK\r\n");
        await talk.StillBusy();
        await talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");

        Assert.That((await next).Lines, Is.EqualTo(new[] { "+CSQ: 2,99" }));
        // Only the OK: a +CSQ: line that nobody asked for is a URC of AT+AUTOCSQ as far as anybody can tell.
        Assert.That(talk.Channel.QuarantinedLines, Is.EqualTo(1));
    }

    [Test]
    public async Task A_late_answer_that_comes_with_the_question_s_answer_is_dropped()
    {
        await using var talk = new Conversation();
        Task<AtReply> lost = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Expects("AT+CSQ\r");
        await talk.Time.Passes(Csq.Timeout);
        await Assert.ThrowsAsync<AtTimeoutException>(() => lost);

        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.IsAsked("\r\n+CSQ: 1,99\r\n\r\nOK\r\n\r\n+CMEE: 2\r\n\r\nOK\r\n");
        await talk.IsAsked("\r\n+CMEE: 2\r\n\r\nOK\r\n");
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");

        Assert.That((await next).Lines, Is.EqualTo(new[] { "+CSQ: 2,99" }));
    }

    [Test]
    public async Task Questions_that_are_all_answered_at_once_end_no_command()
    {
        await using var talk = new Conversation();
        Task<AtReply> lost = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Expects("AT+CSQ\r");
        await talk.Time.Passes(Csq.Timeout);
        await Assert.ThrowsAsync<AtTimeoutException>(() => lost);

        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.IsAsked(answer: "");
        await talk.Time.Passes(talk.Options.SynchroniseAttempt);
        await talk.IsAsked("\r\n+CSQ: 1,99\r\n\r\nOK\r\n\r\n+CMEE: 2\r\n\r\nOK\r\n\r\n+CMEE: 2\r\n\r\nOK\r\n");
        await talk.IsAsked("\r\n+CMEE: 2\r\n\r\nOK\r\n");
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");

        Assert.That((await next).Lines, Is.EqualTo(new[] { "+CSQ: 2,99" }));
    }

    [Test]
    public async Task A_modem_that_stays_silent_fails_the_next_command_unsent_and_is_asked_again_later()
    {
        await using var talk = new Conversation();
        Task<AtReply> lost = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Expects("AT+CSQ\r");
        await talk.Time.Passes(Csq.Timeout);
        await Assert.ThrowsAsync<AtTimeoutException>(() => lost);

        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.IsAsked(answer: "");
        talk.Time.Advance(talk.Options.SynchroniseTimeout);
        AtTimeoutException error = (await Assert.ThrowsAsync<AtTimeoutException>(() => next))!;
        Assert.That(error.WasWritten, Is.False);
        Assert.That(error.Message, Does.Contain("AT+CSQ was not sent"));

        talk.Time.Forget();
        Task<AtReply> later = talk.Channel.ExecuteAsync(Csq);
        await talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");
        await later;
    }

    [Test]
    public async Task Cancelled_before_it_was_written_a_command_leaves_no_trace()
    {
        await using var talk = new Conversation();
        using var cancel = new CancellationTokenSource();
        AtLease other = await talk.Channel.AcquireAsync();
        Task<AtReply> waiting = talk.Channel.ExecuteAsync(Connect, cancel.Token);
        await cancel.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => waiting);
        other.Dispose();

        await Assert.CatchAsync<OperationCanceledException>(() => talk.Channel.ExecuteAsync(Connect, cancel.Token));
        talk.Modem.ExpectsNothingMore();
        await talk.StillWorks();
    }

    [Test]
    public async Task Waiting_for_the_turn_does_not_eat_the_time_out()
    {
        await using var talk = new Conversation();
        AtLease other = await talk.Channel.AcquireAsync();
        Task<AtReply> waiting = talk.Channel.ExecuteAsync(Csq);
        talk.Time.Advance(10 * Csq.Timeout);
        other.Dispose();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 21,99\r\n\r\nOK\r\n");

        Assert.That((await waiting).Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Cancelled_after_it_was_written_a_command_is_quarantined()
    {
        await using var talk = new Conversation();
        using var cancel = new CancellationTokenSource();
        Task<AtReply> cancelled = talk.Channel.ExecuteAsync(Csq, cancel.Token);
        await talk.Modem.Expects("AT+CSQ\r");
        await cancel.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => cancelled);
        await talk.Modem.Says("\r\n+CSQ: 1,99\r\n\r\nOK\r\n");

        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");

        Assert.That((await next).Lines, Is.EqualTo(new[] { "+CSQ: 2,99" }));
    }

    [Test]
    public async Task A_late_result_line_is_not_the_next_command_s_verdict()
    {
        await using var talk = new Conversation();
        using var cancel = new CancellationTokenSource();
        Task<AtReply> cancelled = talk.Channel.ExecuteAsync(Connect, cancel.Token);
        await talk.Modem.Answers(Connect.Text + "\r", "\r\nOK\r\n");
        await talk.StillBusy();
        await cancel.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => cancelled);

        Task<AtReply> next = talk.Channel.ExecuteAsync(Connect);
        await talk.GetsBackInStep();
        await talk.Modem.Answers(Connect.Text + "\r", "\r\n+CMQTTCONNECT: 0,0\r\n\r\nOK\r\n\r\n+CMQTTCONNECT: 0,3\r\n");

        Assert.That((await next).ResultLine, Is.EqualTo("+CMQTTCONNECT: 0,3"));
    }

    [Test]
    public async Task A_result_line_that_was_lost_does_not_cost_the_next_command_its_own(
        [Values("\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n", "\r\n+CMQTTCONNECT: 0,13\r\n\r\nERROR\r\n")] string answer)
    {
        await using var talk = new Conversation();
        using var cancel = new CancellationTokenSource();
        Task<AtReply> cancelled = talk.Channel.ExecuteAsync(Connect, cancel.Token);
        await talk.Modem.Answers(Connect.Text + "\r", "\r\nOK\r\n");
        await talk.StillBusy();
        await cancel.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => cancelled);

        Task<AtReply> next = talk.Channel.ExecuteAsync(Connect);
        await talk.GetsBackInStep();
        await talk.Modem.Answers(Connect.Text + "\r", answer);

        Assert.That((await next).ResultLine, Does.StartWith("+CMQTTCONNECT: 0,"));
    }

    [Test]
    public async Task A_command_that_was_waited_for_as_long_as_the_modem_can_take_is_owed_no_result_line_any_more()
    {
        await using var talk = new Conversation();
        Task<AtReply> lost = talk.Channel.ExecuteAsync(Connect);
        await talk.Modem.Expects(Connect.Text + "\r");
        await talk.Time.Passes(Connect.Timeout);
        await Assert.ThrowsAsync<AtTimeoutException>(() => lost);

        Task<AtReply> next = talk.Channel.ExecuteAsync(Connect);
        await talk.GetsBackInStep();
        await talk.Modem.Answers(Connect.Text + "\r", "\r\n+CMQTTCONNECT: 0,0\r\n\r\nOK\r\n");

        Assert.That((await next).ResultLine, Is.EqualTo("+CMQTTCONNECT: 0,0"));
    }

    [Test]
    public async Task A_prompt_that_comes_late_gets_the_promised_data_before_any_command()
    {
        await using var talk = new Conversation();
        Task<AtReply> lost = talk.Channel.ExecuteAsync(Topic);
        await talk.Modem.Expects(Topic.Text + "\r");
        await talk.Time.Passes(Topic.Timeout);
        await Assert.ThrowsAsync<AtTimeoutException>(() => lost);

        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.Time.Awaits(talk.Options.LatePromptTime);
        await talk.Modem.Says("\r\n>");
        await talk.Modem.Expects("a/b");
        await talk.Modem.Says("\r\nOK\r\n");
        await talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");
        await next;
    }

    [Test]
    public async Task A_prompt_that_came_while_nobody_looked_gets_the_promised_data()
    {
        await using var talk = new Conversation();
        using AtUrcSubscription urcs = talk.Channel.SubscribeUrcs();
        using var cancel = new CancellationTokenSource();
        Task<AtReply> cancelled = talk.Channel.ExecuteAsync(Topic, cancel.Token);
        await talk.Modem.Expects(Topic.Text + "\r");
        await cancel.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => cancelled);
        await talk.Modem.Says("\r\n+CREG: 1\r\n\r\n>\r\n");
        await urcs.Reader.ReadAsync();

        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Expects("a/b");
        await talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");
        await next;
    }

    [Test]
    public async Task A_prompt_that_never_comes_is_padded_with_blanks_so_that_no_command_becomes_data()
    {
        await using var talk = new Conversation();
        Task<AtReply> lost = talk.Channel.ExecuteAsync(Topic);
        await talk.Modem.Expects(Topic.Text + "\r");
        await talk.Time.Passes(Topic.Timeout);
        await Assert.ThrowsAsync<AtTimeoutException>(() => lost);

        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.Time.Passes(talk.Options.LatePromptTime);
        await talk.Modem.Expects("\r\r\r");
        await talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");
        await next;
    }

    [Test]
    public async Task Once_prompted_the_data_is_sent_whole_even_when_the_caller_gives_up()
    {
        await using var talk = new Conversation();
        using var cancel = new CancellationTokenSource();
        Task<AtReply> cancelled = talk.Channel.ExecuteAsync(Topic, cancel.Token);
        await talk.Modem.Answers(Topic.Text + "\r", "\r\n>");
        await talk.Modem.Expects("a/b");
        await cancel.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => cancelled);

        // The answer tells that all of it has arrived: nothing has to be filled in.
        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.Time.Awaits(talk.Options.LatePromptTime);
        await talk.Modem.Says("\r\nOK\r\n");
        await talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");
        await next;
    }

    [Test]
    public async Task A_prompt_that_the_command_has_no_data_for_fails_it_at_once_and_is_filled()
    {
        await using var talk = new Conversation();
        Task<AtReply> reply = talk.Channel.ExecuteAsync(new AtCommand("AT+CMQTTTOPIC=0,5"));
        await talk.Modem.Answers("AT+CMQTTTOPIC=0,5\r", "\r\n>");
        await Assert.ThrowsAsync<AtUnexpectedAnswerException>(() => reply);

        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Expects(new string('\r', 1024));
        await talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");
        await next;
    }

    [Test]
    public async Task Every_instant_to_cancel_leaves_the_channel_usable()
    {
        // A whole exchange cut at every place: whatever the modem has said when the caller gives up, the next command gets its own answer,
        // and what the prompt asked for is the promised data or blanks, never a command.
        const string Prompt = "\r\n>";
        const string Ok = "\r\nOK\r\n";
        for (int said = 0; said <= Prompt.Length + Ok.Length; said++)
        {
            await using var talk = new Conversation();
            using var cancel = new CancellationTokenSource();
            Task<AtReply> first = talk.Channel.ExecuteAsync(Topic, cancel.Token);
            bool prompted = said >= Prompt.Length;
            await talk.Modem.Answers(Topic.Text + "\r", Prompt[..(prompted ? Prompt.Length : said)]);
            if (said > Prompt.Length)
            {
                await talk.Modem.Expects("a/b");
                await talk.Modem.Says(Ok[..(said - Prompt.Length)]);
            }

            await cancel.CancelAsync();
            try
            {
                await first;
                Assert.That(said, Is.GreaterThan(Prompt.Length + 4));
            }
            catch (OperationCanceledException)
            {
            }

            Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
            await using var rest = new RestOfTheModem(
                talk, prompted ? "" : Prompt[said..], said > Prompt.Length ? Ok[(said - Prompt.Length)..] : Ok, said > Prompt.Length ? 0 : 3);
            Assert.That((await next).Lines, Is.EqualTo(new[] { "+CSQ: 2,99" }), $"after {said} bytes");
            Assert.That(rest.Data, Is.AnyOf("", "a/b", "\r\r\r"), $"after {said} bytes");
        }
    }
}
