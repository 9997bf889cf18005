using Sim7600.Emulator.Families;

namespace Sim7600.Emulator.Tests;

/// <summary>A peer's end comes after the results of what was sent before it, and never belongs to a later connection.</summary>
public sealed class SendsUnderWayTests
{
    [Test]
    public void The_end_waits_for_the_results_of_all_sends()
    {
        var sends = new SendsUnderWay();
        int ended = 0;
        sends.Begin();
        sends.Begin();
        sends.PeerEnded(() => ended++, CancellationToken.None);
        sends.Done();
        Assert.That(ended, Is.Zero);
        sends.Done();
        Assert.That(ended, Is.EqualTo(1));
    }

    [Test]
    public void Without_a_send_the_end_comes_at_once()
    {
        int ended = 0;
        new SendsUnderWay().PeerEnded(() => ended++, CancellationToken.None);
        Assert.That(ended, Is.EqualTo(1));
    }

    [Test]
    public void Nothing_follows_when_the_connection_was_closed_meanwhile()
    {
        using var closed = new CancellationTokenSource();
        var sends = new SendsUnderWay();
        int ended = 0;
        sends.Begin();
        sends.PeerEnded(() => ended++, closed.Token);
        closed.Cancel();
        sends.Done();
        Assert.That(ended, Is.Zero);
    }
}
