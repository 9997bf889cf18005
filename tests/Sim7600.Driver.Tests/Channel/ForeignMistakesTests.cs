using Sim7600.Driver.Channel;
using static Sim7600.Driver.Tests.Channel.Conversation;

namespace Sim7600.Driver.Tests.Channel;

/// <summary>Mistakes that other clients made with replies that carry no id, and that no other test here repeats.</summary>
[CancelAfter(60_000)]
public sealed class ForeignMistakesTests
{
    [Test]
    public async Task Many_commands_that_were_given_up_are_all_remembered()
    {
        // A memory of one: the second time-out made the client forget the first, and its late result became the next one's.
        await using var talk = new Conversation();
        AtCommand publish = new("AT+CMQTTPUB=0,1,60") { ResultLine = new("+CMQTTPUB:") { FirstParameter = 0 } };
        foreach (AtCommand command in (AtCommand[])[Connect, publish])
        {
            using var cancel = new CancellationTokenSource();
            Task<AtReply> cancelled = talk.Channel.ExecuteAsync(command, cancel.Token);
            if (command == publish)
            {
                await talk.GetsBackInStep();
            }

            await talk.Modem.Answers(command.Text + "\r", "\r\nOK\r\n");
            await talk.StillBusy();
            await cancel.CancelAsync();
            await Assert.CatchAsync<OperationCanceledException>(() => cancelled);
        }

        Task<AtReply> next = talk.Channel.ExecuteAsync(publish);
        await talk.GetsBackInStep();
        await talk.Modem.Answers(
            publish.Text + "\r", "\r\n+CMQTTPUB: 0,0\r\n\r\n+CMQTTCONNECT: 0,0\r\n\r\nOK\r\n\r\n+CMQTTPUB: 0,17\r\n");
        Assert.That((await next).ResultLine, Is.EqualTo("+CMQTTPUB: 0,17"));
    }

    [Test]
    public async Task A_late_ok_gives_nobody_a_second_turn()
    {
        // A turn that is given back once more by a late OK lets two commands onto the line at once.
        await using var talk = new Conversation();
        Task<AtReply> lost = talk.Channel.ExecuteAsync(Csq);
        await talk.Modem.Expects("AT+CSQ\r");
        await talk.Time.Passes(Csq.Timeout);
        await Assert.ThrowsAsync<AtTimeoutException>(() => lost);
        await talk.Modem.Says("\r\nOK\r\n\r\nOK\r\n");
        await talk.StillBusy();

        using AtLease lease = await talk.Channel.AcquireAsync();
        Assert.That(talk.Channel.TryAcquire(), Is.Null);
    }
}
