using Sim7600.Driver.Channel;
using Sim7600.Protocol.Results;
using static Sim7600.Driver.Tests.Channel.Conversation;

namespace Sim7600.Driver.Tests.Channel;

/// <summary>Where answers end, whatever order and pieces they come in.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
public sealed class AtChannelAnswerTests(bool byteByByte)
{
    [Test]
    public async Task Information_lines_and_ok_make_a_reply(CancellationToken ct)
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Csq, ct);
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 21,99\r\n\r\nOK\r\n");

        Assert.That((await reply).After("+CSQ:"), Is.EqualTo("21,99"));
        Assert.That(talk.Channel.QuarantinedLines, Is.Zero);
    }

    [TestCase("AT+CSQ\r\r\n+CSQ: 21,99\r\n\r\nOK\r\n", TestName = "Echo is dropped")]
    [TestCase("\r\n+CREG: 1\r\nAT+CSQ\r\r\n+CSQ: 21,99\r\n\r\nOK\r\n", TestName = "A URC before the echo changes nothing")]
    [TestCase("AT+CSQ\r\r\nSMS DONE\r\n\r\n+CSQ: 21,99\r\n\r\nPB DONE\r\n\r\nOK\r\n", TestName = "URCs inside the answer change nothing")]
    [TestCase("\r\n+CMQTTRXSTART: 0,1,4\r\n+CMQTTRXTOPIC: 0,1\r\nt\r\n+CMQTTRXPAYLOAD: 0,4\r\nOK\r\n\r\n+CMQTTRXEND: 0\r\n\r\n+CSQ: 21,99\r\n\r\nOK\r\n",
        TestName = "A whole message inside the answer changes nothing")]
    public async Task The_answer_is_found(string answer)
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Answers("AT+CSQ\r", answer);

        Assert.That((await reply).Lines, Is.EqualTo(new[] { "+CSQ: 21,99" }));
        Assert.That(talk.Channel.QuarantinedLines, Is.Zero);
        await talk.StillWorks();
    }

    [TestCase("\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n")]
    [TestCase("\r\n+CMQTTCONNECT: 0,0\r\n\r\nOK\r\n")]
    [TestCase("\r\n+CMQTTCONNECT: 0,0\r\nOK\r\n")]
    [TestCase("\r\nOK\r\n\r\n+CMQTTCONNLOST: 1,1\r\n\r\n+CMQTTCONNECT: 0,0\r\n")]
    [TestCase("\r\nOK\r\n\r\n+CMQTTCONNECT: 1,3\r\n\r\n+CMQTTCONNECT: 0,0\r\n", Description = "the other client's line is not ours")]
    public async Task Result_line_and_ok_complete_in_either_order(string answer)
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Connect);
        await talk.Modem.Answers(Connect.Text + "\r", answer);

        Assert.That((await reply).ResultLine, Is.EqualTo("+CMQTTCONNECT: 0,0"));
        await talk.StillWorks();
    }

    [TestCase("\r\nERROR\r\n\r\n+CMQTTCONNECT: 0,12\r\n")]
    [TestCase("\r\n+CMQTTCONNECT: 0,12\r\n\r\nERROR\r\n")]
    public async Task A_refusal_gives_its_result_line_in_either_order(string answer)
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Connect);
        await talk.Modem.Answers(Connect.Text + "\r", answer);

        Assert.That((await reply).ResultLine, Is.EqualTo("+CMQTTCONNECT: 0,12"));
        Assert.That((await reply).Final.Kind, Is.EqualTo(AtFinalResultKind.Error));
        await talk.StillWorks();
    }

    private static AtCommand Subscribe { get; } = new("AT+CMQTTSUB=0,3,1")
    {
        Data = "a/b"u8.ToArray(),
        ResultLine = new("+CMQTTSUB:") { FirstParameter = 0 },
    };

    [Test]
    public async Task A_result_before_the_prompt_belongs_to_the_operation_that_was_given_up()
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Subscribe);
        await talk.Modem.Answers(Subscribe.Text + "\r", "\r\n+CMQTTSUB: 0,0\r\n\r\n>");
        await talk.Modem.Answers("a/b", "\r\nOK\r\n");
        await talk.StillBusy();
        Assert.That(reply.IsCompleted, Is.False, "this one has not ended yet");
        await talk.Modem.Says("\r\n+CMQTTSUB: 0,6\r\n");

        Assert.That((await reply).ResultLine, Is.EqualTo("+CMQTTSUB: 0,6"));
        await talk.StillWorks();
    }

    [Test]
    public async Task A_refusal_before_the_prompt_is_the_outcome()
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Subscribe);
        await talk.Modem.Answers(Subscribe.Text + "\r", "\r\n+CMQTTSUB: 0,14\r\n\r\nERROR\r\n");

        Assert.That((await reply).ResultLine, Is.EqualTo("+CMQTTSUB: 0,14"));
        Assert.That(talk.Channel.QuarantinedLines, Is.Zero);
        await talk.StillWorks();
    }

    [Test]
    public async Task A_bare_error_ends_the_command_after_the_grace()
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Connect);
        await talk.Modem.Answers(Connect.Text + "\r", "\r\nERROR\r\n");
        await talk.Time.Awaits(talk.Options.ResultLineGrace);
        Assert.That(reply.IsCompleted, Is.False);
        talk.Time.Advance(talk.Options.ResultLineGrace);

        AtErrorException error = (await Assert.ThrowsAsync<AtErrorException>(() => reply))!;
        Assert.That(error.Number, Is.Null);
        Assert.That(error.WasWritten, Is.True);
        await talk.StillWorks();
    }

    [Test]
    public async Task A_cme_error_names_its_number_and_text([Values("\r\n+CME ERROR: SIM busy\r\n", "\r\n+CME ERROR: 14\r\n")] string answer)
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(AtCommand.Query("AT+CPIN?", "+CPIN:"));
        await talk.Modem.Answers("AT+CPIN?\r", answer);

        AtErrorException error = (await Assert.ThrowsAsync<AtErrorException>(() => reply))!;
        Assert.That(error.Number, Is.EqualTo(CmeError.SimBusy));
        Assert.That(error.Message, Does.Contain("AT+CPIN?").And.Contain("SIM busy"));
    }

    [Test]
    public async Task An_answer_without_prefix_takes_lines_that_are_not_unsolicited()
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(AtCommand.Query("AT+CGSN", prefix: null));
        await talk.Modem.Answers("AT+CGSN\r", "AT+CGSN\r\r\nPB DONE\r\n\r\n860000000000001\r\n\r\nOK\r\n");

        Assert.That((await reply).Lines, Is.EqualTo(new[] { "860000000000001" }));
    }

    [Test]
    public async Task A_line_that_only_begins_like_ok_does_not_end_a_command()
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(AtCommand.Query("AT+CSPN?", prefix: null));
        await talk.Modem.Answers("AT+CSPN?\r", "\r\nOKAY\r\n\r\nOK 1\r\n\r\nOK\r\n");

        Assert.That((await reply).Lines, Is.EqualTo(new[] { "OKAY", "OK 1" }));
    }

    [Test]
    public async Task A_registration_urc_during_the_query_is_not_its_answer()
    {
        await using var talk = new Conversation(byteByByte);
        using AtUrcSubscription urcs = talk.Channel.SubscribeUrcs();
        Task<AtReply> reply = talk.Channel.ExecuteAsync(AtCommand.Query("AT+CREG?", "+CREG:"));
        await talk.Modem.Answers("AT+CREG?\r", "\r\n+CREG: 2\r\n\r\n+CREG: 1,5\r\n\r\nOK\r\n");

        Assert.That((await reply).Lines, Is.EqualTo(new[] { "+CREG: 1,5" }));
        Assert.That((await urcs.Reader.ReadAsync()).Line, Is.EqualTo("+CREG: 2"));
    }

    [Test]
    public async Task The_ready_urc_during_a_pin_query_is_not_lost()
    {
        await using var talk = new Conversation(byteByByte);
        using AtUrcSubscription urcs = talk.Channel.SubscribeUrcs();
        Task<AtReply> busy = talk.Channel.ExecuteAsync(AtCommand.Query("AT+CPIN?", "+CPIN:"));
        await talk.Modem.Answers("AT+CPIN?\r", "\r\n+CPIN: READY\r\n\r\n+CME ERROR: SIM busy\r\n");
        await Assert.ThrowsAsync<AtErrorException>(() => busy);
        Assert.That((await urcs.Reader.ReadAsync()).Line, Is.EqualTo("+CPIN: READY"));

        Task<AtReply> twice = talk.Channel.ExecuteAsync(AtCommand.Query("AT+CPIN?", "+CPIN:"));
        await talk.Modem.Answers("AT+CPIN?\r", "\r\n+CPIN: READY\r\n\r\n+CPIN: READY\r\n\r\nOK\r\n");
        Assert.That((await twice).Lines, Has.Count.EqualTo(1));
        Assert.That((await urcs.Reader.ReadAsync()).Line, Is.EqualTo("+CPIN: READY"));
    }

    [Test]
    public async Task Counted_bytes_are_taken_by_count_and_given_with_their_line(
        [Values("\r\nOK\r\n", ">", "+CMQTTRXEND: 0", "\0\0", "\n", "\r\nRDY\r\n")] string payload)
    {
        await using var talk = new Conversation(byteByByte);
        using AtUrcSubscription urcs = talk.Channel.SubscribeUrcs();
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Answers("AT+CSQ\r", $"\r\n+CMQTTRXPAYLOAD: 0,{payload.Length}\r\n{payload}\r\n+CMQTTRXEND: 0\r\n\r\n+CSQ: 1,99\r\n\r\nOK\r\n");

        Assert.That((await reply).Lines, Has.Count.EqualTo(1));
        AtUrc urc = await urcs.Reader.ReadAsync();
        Assert.That(System.Text.Encoding.Latin1.GetString(urc.Data.Span), Is.EqualTo(payload));
        Assert.That((await urcs.Reader.ReadAsync()).Line, Is.EqualTo("+CMQTTRXEND: 0"));
        Assert.That(urc.Sequence, Is.LessThan((await reply).Sequence));
    }

    [Test]
    public async Task Data_is_sent_after_the_prompt_and_not_before([Values("\r\n>", "\r\n> ")] string prompt)
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Topic);
        await talk.Modem.Expects(Topic.Text + "\r");
        await talk.Modem.Says("\r\n+CREG: 1\r\n");
        talk.Modem.ExpectsNothingMore();
        await talk.Modem.Says(prompt);
        await talk.Modem.Answers("a/b", "\r\nOK\r\n");

        Assert.That((await reply).Final.IsSuccess);
        talk.Modem.ExpectsNothingMore();
        await talk.StillWorks();
    }

    [Test]
    public async Task With_echo_on_the_data_is_echoed_too([Values("\r\n>", "\r\n> ")] string prompt, [Values("a/b", "\r\na/b", "")] string echo)
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Topic);
        await talk.Modem.Answers(Topic.Text + "\r", Topic.Text + "\r" + prompt);
        await talk.Modem.Answers("a/b", echo + "\r\nOK\r\n");

        Assert.That((await reply).Final.IsSuccess);
        Assert.That(talk.Channel.QuarantinedLines, Is.Zero);
        await talk.StillWorks();
    }

    [Test]
    public async Task Echoed_data_that_looks_like_an_answer_is_not_one()
    {
        await using var talk = new Conversation(byteByByte);
        AtCommand command = Topic with { Data = "\r\nERROR\r\n"u8.ToArray() };
        Task<AtReply> reply = talk.Channel.ExecuteAsync(command);
        await talk.Modem.Answers(command.Text + "\r", command.Text + "\r\r\n>");
        await talk.Modem.Answers("\r\nERROR\r\n", "\r\nERROR\r\n\r\nOK\r\n");

        Assert.That((await reply).Final.IsSuccess);
    }

    [TestCase("\r\n+CMQTTTOPIC: 0,11\r\n\r\nERROR\r\n")]
    [TestCase("\r\nERROR\r\n\r\n+CMQTTTOPIC: 0,11\r\n")]
    public async Task An_error_instead_of_the_prompt_ends_the_command_without_data(string answer)
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Topic);
        await talk.Modem.Answers(Topic.Text + "\r", answer);

        Assert.That((await reply).ResultLine, Is.EqualTo("+CMQTTTOPIC: 0,11"));
        await talk.StillWorks();
    }

    [Test]
    public async Task A_stray_ok_before_the_prompt_is_not_the_answer()
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Topic);
        await talk.Modem.Answers(Topic.Text + "\r", "\r\nOK\r\n\r\n>");
        await talk.Modem.Answers("a/b", "\r\nOK\r\n");

        Assert.That((await reply).Final.IsSuccess);
        Assert.That(talk.Channel.QuarantinedLines, Is.EqualTo(1));
        await talk.StillWorks();
    }

    [Test]
    public async Task No_carrier_ends_no_command_but_a_dial()
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Answers("AT+CSQ\r", "\r\nNO CARRIER\r\n\r\n+CSQ: 21,99\r\n\r\nOK\r\n");

        Assert.That((await reply).Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_prompt_that_is_missing_is_not_waited_for_as_long_as_the_network()
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(LongSubscribe);
        await talk.Modem.Expects("AT+CMQTTSUB=0,3,1\r");
        await talk.Time.Passes(LongSubscribe.PromptTimeout);
        AtTimeoutException error = (await Assert.ThrowsAsync<AtTimeoutException>(() => reply))!;
        Assert.That(error.State, Is.EqualTo("waiting for the prompt"));
        Assert.That(error.Message, Does.Contain("within 10 s"));
    }

    [Test]
    public async Task Behind_its_prompt_a_command_has_its_whole_time()
    {
        await using var talk = new Conversation(byteByByte);
        Task<AtReply> reply = talk.Channel.ExecuteAsync(LongSubscribe);
        await talk.Modem.Expects("AT+CMQTTSUB=0,3,1\r");
        await talk.Time.Awaits(LongSubscribe.PromptTimeout);
        talk.Time.Advance(TimeSpan.FromSeconds(9));
        await talk.Modem.Says("\r\n>");
        await talk.Modem.Answers("a/b", "\r\nOK\r\n");
        await talk.Time.Awaits(TimeSpan.FromSeconds(121));
        talk.Time.Advance(TimeSpan.FromSeconds(120));
        await talk.StillBusy();
        Assert.That(reply.IsCompleted, Is.False);
        await talk.Modem.Says("\r\n+CMQTTSUB: 0,0\r\n");
        Assert.That((await reply).ResultLine, Is.EqualTo("+CMQTTSUB: 0,0"));
    }

    private static AtCommand LongSubscribe => Subscribe with { Timeout = TimeSpan.FromSeconds(130) };
}
