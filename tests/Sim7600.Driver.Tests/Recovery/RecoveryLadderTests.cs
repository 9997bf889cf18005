using Sim7600.Driver.Recovery;

namespace Sim7600.Driver.Tests.Recovery;

public sealed class RecoveryLadderTests
{
    private static readonly RecoveryOptions Exact = new()
    {
        PacketDataCycles = 1,
        RadioCycles = 2,
        ModemResets = 1,
        PowerCycles = 0,
        PortReopens = 1,
        FirstDelay = TimeSpan.FromSeconds(1),
        LongestDelay = TimeSpan.FromSeconds(5),
        Jitter = 0,
    };

    [Test]
    public void Each_rung_is_tried_as_often_as_its_budget_says_and_then_the_next()
    {
        var ladder = new RecoveryLadder(Exact, Exact.ModemRungs);
        string climbed = string.Join(' ', Enumerable.Range(0, 6).Select(_ => ladder.Next()).Select(step => step is null ? "-" : $"{step.Rung}{step.Attempt}/{step.Budget}@{step.Delay.TotalSeconds}"));
        Assert.That(climbed, Is.EqualTo("PacketData1/1@1 Radio1/2@2 Radio2/2@4 ModemReset1/1@5 PortReopen1/1@5 -"));
    }

    [Test]
    public void A_failure_that_gentle_rungs_cannot_mend_skips_them_and_never_goes_back()
    {
        var ladder = new RecoveryLadder(Exact, Exact.ModemRungs);
        Assert.That(ladder.Next(RecoveryRung.Radio)!.Rung, Is.EqualTo(RecoveryRung.Radio));
        Assert.That(ladder.Next(RecoveryRung.PowerCycle)!.Rung, Is.EqualTo(RecoveryRung.PortReopen));
        Assert.That(ladder.Next(), Is.Null);
    }

    [Test]
    public void Starting_over_keeps_the_long_delays_and_a_reset_does_not()
    {
        var ladder = new RecoveryLadder(Exact, Exact.ModemRungs);
        while (ladder.Next() is not null)
        {
        }

        ladder.StartOver();
        Assert.That(ladder.Next()!.Delay, Is.EqualTo(TimeSpan.FromSeconds(5)));
        ladder.Reset();
        Assert.That(ladder.Next()!.Delay, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Jitter_stays_within_its_part()
    {
        RecoveryOptions options = Exact with { Jitter = 0.2, Random = new Random(1) };
        var ladder = new RecoveryLadder(options, []);
        List<double> delays = [];
        for (int failure = 0; failure < 1000; failure++)
        {
            delays.Add(ladder.NextDelay().TotalSeconds);
        }

        delays.RemoveRange(0, 3);
        Assert.That(delays, Is.All.InRange(4, 6));
        Assert.That(delays.Max() - delays.Min(), Is.GreaterThan(1));
    }

    [Test]
    public void A_power_rung_needs_a_hook()
    {
        RecoveryOptions options = Exact with { PowerCycles = 3 };
        Assert.That(options.ModemRungs.Select(rung => rung.Rung), Has.None.EqualTo(RecoveryRung.PowerCycle));
        Assert.That((options with { PowerCycle = _ => Task.CompletedTask }).ModemRungs, Has.One.EqualTo((RecoveryRung.PowerCycle, 3)));
    }

    [Test]
    public void Rungs_out_of_order_and_without_a_budget_are_refused()
    {
        Assert.Throws<ArgumentException>(() => _ = new RecoveryLadder(Exact, [(RecoveryRung.Radio, 1), (RecoveryRung.PacketData, 1)]));
        Assert.Throws<ArgumentException>(() => _ = new RecoveryLadder(Exact, [(RecoveryRung.Radio, 0)]));
        Assert.Throws<ArgumentOutOfRangeException>((Exact with { Jitter = 1.1 }).Validate);
        Assert.Throws<ArgumentOutOfRangeException>((Exact with { ModemResets = -1 }).Validate);
    }
}
