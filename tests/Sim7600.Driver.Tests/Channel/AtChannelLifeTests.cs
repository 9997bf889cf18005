using System.Text;
using Moq;
using Sim7600.Driver.Channel;
using Sim7600.Links;
using static Sim7600.Driver.Tests.Channel.Conversation;

namespace Sim7600.Driver.Tests.Channel;

/// <summary>Turns, URC queues, restarts, lost lines, secrets.</summary>
[CancelAfter(60_000)]
public sealed class AtChannelLifeTests
{
    [Test]
    public async Task Commands_of_a_lease_stay_together()
    {
        await using var talk = new Conversation();
        AtLease lease = await talk.Channel.AcquireAsync();
        Task<AtReply> first = lease.ExecuteAsync(Csq);
        Task<AtReply> other = talk.Channel.ExecuteAsync(new AtCommand("AT+OTHER"));
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 1,99\r\n\r\nOK\r\n");
        await first;
        Task<AtReply> second = lease.ExecuteAsync(new AtCommand("AT+SECOND"));
        await talk.Modem.Answers("AT+SECOND\r", "\r\nOK\r\n");
        await second;
        Assert.That(other.IsCompleted, Is.False);
        lease.Dispose();
        await talk.Modem.Answers("AT+OTHER\r", "\r\nOK\r\n");
        await other;
    }

    [Test]
    public async Task The_next_command_is_not_written_before_the_answer_of_the_one_before()
    {
        await using var talk = new Conversation();
        Task<AtReply>[] replies = [.. Enumerable.Range(0, 5).Select(_ => talk.Channel.ExecuteAsync(Csq))];
        for (int index = 0; index < replies.Length; index++)
        {
            await talk.Modem.Expects("AT+CSQ\r");
            talk.Modem.ExpectsNothingMore();
            await talk.Modem.Says($"\r\n+CSQ: {index},99\r\n\r\nOK\r\n");
        }

        AtReply[] all = await Task.WhenAll(replies);
        Assert.That(all.Select(reply => reply.Lines[0]), Is.EquivalentTo(Enumerable.Range(0, 5).Select(index => $"+CSQ: {index},99")));
    }

    [Test]
    public async Task Two_commands_at_once_under_one_lease_are_a_mistake_of_the_caller()
    {
        await using var talk = new Conversation();
        using AtLease lease = await talk.Channel.AcquireAsync();
        Task<AtReply> first = lease.ExecuteAsync(Csq);

        await Assert.ThrowsAsync<InvalidOperationException>(() => lease.ExecuteAsync(Csq));

        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 1,99\r\n\r\nOK\r\n");
        await first;
    }

    [Test]
    public async Task A_slow_listener_loses_lines_that_are_counted_and_holds_nobody_up()
    {
        await using var talk = new Conversation();
        using AtUrcSubscription slow = talk.Channel.SubscribeUrcs(capacity: 2);
        using AtUrcSubscription fast = talk.Channel.SubscribeUrcs();
        await talk.Modem.Says(string.Concat(Enumerable.Range(1, 5).Select(stat => $"\r\n+CREG: {stat}\r\n")));
        for (int stat = 1; stat <= 5; stat++)
        {
            Assert.That((await fast.Reader.ReadAsync()).Line, Is.EqualTo($"+CREG: {stat}"));
        }

        Assert.That(slow.Dropped, Is.EqualTo(3));
        Assert.That(talk.Log.Count(1009), Is.EqualTo(3));
        Assert.That((await slow.Reader.ReadAsync()).Line, Is.EqualTo("+CREG: 1"));
        await talk.StillWorks();
    }

    [Test]
    public async Task A_restart_fails_the_running_command_at_once_and_the_next_one_works_with_echo()
    {
        await using var talk = new Conversation();
        using AtUrcSubscription urcs = talk.Channel.SubscribeUrcs();
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Connect);
        await talk.Modem.Answers(Connect.Text + "\r", "\r\nOK\r\n\r\nRDY\r\n");

        AtModemRestartedException error = (await Assert.ThrowsAsync<AtModemRestartedException>(() => reply))!;
        Assert.That(error.WasWritten, Is.True);
        Assert.That((await urcs.Reader.ReadAsync()).Kind.IsBootBanner);

        Task<AtReply> topic = talk.Channel.ExecuteAsync(Topic);
        await talk.IsAsked("AT+CMEE?\r\r\n+CMEE: 2\r\n\r\nOK\r\n");
        await talk.IsAsked("AT+CMEE?\r\r\n+CMEE: 2\r\n\r\nOK\r\n");
        await talk.Modem.Answers(Topic.Text + "\r", Topic.Text + "\r\r\n>");
        await talk.Modem.Answers("a/b", "a/b\r\nOK\r\n");
        await topic;
        await talk.StillWorks();
    }

    [Test]
    public async Task A_boot_banner_without_a_boot_does_not_leave_its_command_s_answer_to_the_next_one()
    {
        await using var talk = new Conversation();
        Task<AtReply> reply = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Answers("AT+CSQ\r", "\r\nRDY\r\n");
        await Assert.ThrowsAsync<AtModemRestartedException>(() => reply);
        await talk.Modem.Says("\r\n+CSQ: 1,99\r\n\r\nOK\r\n");

        Task<AtReply> next = talk.Channel.ExecuteAsync(Csq);
        await talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");

        Assert.That((await next).Lines, Is.EqualTo(new[] { "+CSQ: 2,99" }));
    }

    [Test]
    public async Task A_restart_inside_counted_bytes_is_noticed_after_a_pause()
    {
        await using var talk = new Conversation();
        using AtUrcSubscription urcs = talk.Channel.SubscribeUrcs();
        await talk.Modem.Says("\r\n+CMQTTRXPAYLOAD: 0,1500\r\nhalf a messa\r\nRDY\r\n");
        await talk.Time.PassesUntil(talk.Options.CountedDataPause, () => urcs.Reader.TryPeek(out _));

        Assert.That((await urcs.Reader.ReadAsync()).Line, Is.EqualTo("RDY"));
        await talk.StillWorks();
    }

    [Test]
    public async Task A_count_that_cannot_be_is_not_waited_for()
    {
        await using var talk = new Conversation();
        using AtUrcSubscription urcs = talk.Channel.SubscribeUrcs();
        await talk.Modem.Says("\r\n+CMQTTRXPAYLOAD: 0,999999999\r\nx\r\n+CREG: 1\r\n");

        Assert.That((await urcs.Reader.ReadAsync()).Data.IsEmpty);
        Assert.That((await urcs.Reader.ReadAsync()).Line, Is.EqualTo("+CREG: 1"));
    }

    [Test]
    public async Task A_lost_line_fails_the_running_command_the_waiting_ones_and_all_later_ones()
    {
        await using var talk = new Conversation();
        using AtUrcSubscription urcs = talk.Channel.SubscribeUrcs();
        Task<AtReply> running = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Expects("AT+CSQ\r");
        Task<AtReply> waiting = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Unplug();

        AtChannelClosedException error = (await Assert.ThrowsAsync<AtChannelClosedException>(() => running))!;
        Assert.That(error.WasWritten, Is.True);
        Assert.That(error.Message, Does.Contain("the device was unplugged").And.Contain("AT+CSQ was already sent"));
        Assert.That((await Assert.ThrowsAsync<AtChannelClosedException>(() => waiting))!.WasWritten, Is.False);
        Assert.That((await Assert.ThrowsAsync<AtChannelClosedException>(() => talk.Channel.ExecuteAsync(Csq)))!.WasWritten, Is.False);
        Assert.That((await talk.Channel.Closed).Reason, Is.EqualTo("the device was unplugged"));
        Assert.That(await urcs.Reader.WaitToReadAsync(), Is.False);
        using AtUrcSubscription late = talk.Channel.SubscribeUrcs();
        Assert.That(await late.Reader.WaitToReadAsync(), Is.False);
    }

    [Test]
    public async Task Disposing_ends_everything_that_waits()
    {
        var talk = new Conversation();
        Task<AtReply> running = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Expects("AT+CSQ\r");
        Task<AtLease> waiting = talk.Channel.AcquireAsync();

        await talk.Channel.DisposeAsync();

        await Assert.ThrowsAsync<AtChannelClosedException>(() => running);
        await Assert.ThrowsAsync<AtChannelClosedException>(() => waiting);
        Assert.That((await talk.Channel.Closed).WasDisposed);
        await talk.Channel.DisposeAsync();
        await talk.DisposeAsync();
    }

    [Test]
    public async Task Disposing_returns_although_the_link_never_closes()
    {
        var pipe = new System.IO.Pipelines.Pipe();
        var link = new Mock<ISerialLink>();
        link.Setup(one => one.Name).Returns("stuck");
        link.Setup(one => one.Input).Returns(pipe.Reader);
        link.Setup(one => one.Lost).Returns(new TaskCompletionSource<SerialLinkLoss>().Task);
        link.Setup(one => one.DisposeAsync()).Returns(new ValueTask(new TaskCompletionSource().Task));
        var channel = new AtChannel(link.Object);

        await channel.DisposeAsync();

        await Assert.ThrowsAsync<AtChannelClosedException>(() => channel.ExecuteAsync(Csq));
    }

    [Test]
    public async Task A_link_that_fails_to_write_closes_the_channel()
    {
        var pipe = new System.IO.Pipelines.Pipe();
        var link = new Mock<ISerialLink>();
        link.Setup(one => one.Name).Returns("broken");
        link.Setup(one => one.Input).Returns(pipe.Reader);
        link.Setup(one => one.Lost).Returns(Task.FromResult(new SerialLinkLoss("the device was unplugged")));
        link.Setup(one => one.WriteAsync(It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>()))
            .Throws(new SerialLinkException(SerialLinkError.Lost, "gone"));
        await using var channel = new AtChannel(link.Object);

        AtChannelClosedException error = (await Assert.ThrowsAsync<AtChannelClosedException>(() => channel.ExecuteAsync(Csq)))!;

        Assert.That(error.Reason, Is.EqualTo("the device was unplugged"));
        Assert.That(channel.Closed.IsCompletedSuccessfully);
    }

    [TestCase("\r\nERROR\r\n", TestName = "Secrets: refused")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://b:1883\",60,1,\"u\",\"hunter2\"\r\r\nERROR\r\n", TestName = "Secrets: echoed and refused")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://b:1883\",60,1,\"u\",\"hunt", TestName = "Secrets: half an echo, then silence")]
    [TestCase("T+CMQTTCONNECT=0,\"tcp://b:1883\",60,1,\"u\",\"hunter2\"\r\r\n", TestName = "Secrets: a garbled echo, then silence")]
    [TestCase("\r\n+CMQTTCONNECT: 0,\"tcp://b:1883\",60,1,\"u\",\"hunter2\"\r\n", TestName = "Secrets: read back by the modem")]
    [TestCase("\r\nRDY\r\nAT+CMQTTCONNECT=0,\"tcp://b:1883\",60,1,\"u\",\"hunter2\"\r\n", TestName = "Secrets: a restart, then a late echo")]
    public async Task A_secret_reaches_neither_log_nor_exception(string answer)
    {
        await using var talk = new Conversation();
        var command = new AtCommand("AT+CMQTTCONNECT=0,\"tcp://b:1883\",60,1,\"u\",\"hunter2\"")
        {
            RedactedText = "AT+CMQTTCONNECT=0,\"tcp://b:1883\",60,1,\"u\",\"****\"",
            ResultLine = new("+CMQTTCONNECT:") { FirstParameter = 0 },
        };
        Task<AtReply> reply = talk.Channel.ExecuteAsync(command);
        await talk.Modem.Answers(command.Text + "\r", answer);
        await talk.Time.PassesUntil(talk.Options.ResultLineGrace, () => reply.IsCompleted || !answer.Contains("ERROR", StringComparison.Ordinal));
        if (!answer.Contains('E', StringComparison.Ordinal) || !reply.IsCompleted)
        {
            talk.Time.Advance(command.Timeout);
        }

        AtException? error = null;
        try
        {
            await reply;
        }
        catch (AtException exception)
        {
            error = exception;
        }

        await talk.Modem.Unplug();
        await talk.Channel.Closed;
        Assert.That($"{error}{error?.Command}{(error as AtTimeoutException)?.LastReceived}", Does.Not.Contain("hunt"));
        Assert.That(talk.Log.Text, Does.Not.Contain("hunt").And.Contain("****"));
        Assert.That(command.ToString(), Does.Not.Contain("hunt"));
    }

    [Test]
    public async Task A_password_in_a_read_back_is_hidden_even_when_the_user_asked_for_it()
    {
        await using var talk = new Conversation();
        Task<AtReply> reply = talk.Channel.ExecuteAsync(AtCommand.Query("AT+CMQTTCONNECT?", "+CMQTTCONNECT:"));
        await talk.Modem.Answers("AT+CMQTTCONNECT?\r", "\r\n+CMQTTCONNECT: 0,\"tcp://b:1883\",60,1,\"u\",\"hunter2\"\r\n+CMQTTCONNECT: 1\r\n\r\nOK\r\n");

        Assert.That((await reply).Lines, Has.Count.EqualTo(2));
        Assert.That(talk.Log.Text, Does.Not.Contain("hunter2"));
    }

    [Test]
    public void A_command_is_one_line([Values("", "AT\rAT", "AT\n", "AT\0")] string text) =>
        Assert.That(() => new AtCommand(text), Throws.ArgumentException);

    [Test]
    public async Task Noise_without_end_is_cut_and_the_modem_is_still_heard()
    {
        await using var talk = new Conversation();
        await talk.Modem.Says(new string('x', 20_000) + "OK\r\n");
        await talk.StillBusy();

        Assert.That(talk.Log.Count(1010), Is.EqualTo(1));
        await talk.StillWorks();
    }

    [Test]
    public async Task A_message_of_the_largest_size_passes_whole()
    {
        await using var talk = new Conversation();
        using AtUrcSubscription urcs = talk.Channel.SubscribeUrcs();
        byte[] payload = new byte[60_000];
        new Random(7).NextBytes(payload);
        await talk.Modem.Says([.. Encoding.ASCII.GetBytes("\r\n+CMQTTRXPAYLOAD: 0,60000\r\n"), .. payload, .. "\r\n+CMQTTRXEND: 0\r\n"u8]);

        Assert.That((await urcs.Reader.ReadAsync()).Data.ToArray(), Is.EqualTo(payload));
        await talk.StillWorks();
    }
}
