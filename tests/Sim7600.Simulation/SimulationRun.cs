using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Lint;

namespace Sim7600.Simulation;

/// <summary>One seed: a node works while faults happen, then the faults cease and everything must come right.</summary>
internal static class SimulationRun
{
    /// <summary>How long after the last fault a node may need to be connected again and to have nothing left to do.</summary>
    public static readonly TimeSpan RecoveryBound = TimeSpan.FromMinutes(20);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static async Task<SimulationResult> RunAsync(int seed, TimeSpan length, FaultSchedule? schedule = null, TextWriter? show = null)
    {
        var system = new SimulatedSystem(seed);
        schedule ??= FaultSchedule.Draw(new Random(seed), length);
        var judge = new Judge(system) { BytesMayLie = schedule.DamagesBytes, BytesMayBeLost = schedule.LosesBytes };
        judge.Timeline.Output = show;
        INode node = system.Random.Next(3) == 0 ? new DirectNode(system, judge) : new ManagedNode(system, judge);
        foreach (ScheduledFault fault in schedule.Faults)
        {
            system.Modem.Faults.Inject(fault);
        }

        await node.StartAsync();
        await system.Time.PassAsync(length);
        system.Modem.Faults.Clear();
        TimeSpan recovery = await RecoverAsync(system, node, judge);
        node.StopPublishing();
        await UntilAsync(system, () => node.IsIdle, TimeSpan.FromMinutes(5));
        if (!node.IsIdle)
        {
            judge.Violate($"not everything was done: {node.Describe()}");
        }

        judge.CloseMessages();
        Task ends = EndAsync(system, node);
        await UntilAsync(system, () => ends.IsCompleted, TimeSpan.FromMinutes(5));
        if (!ends.IsCompleted)
        {
            judge.Violate("closing takes more than 5 minutes");
        }
        else
        {
            await ends;
        }

        judge.CloseCalls();
        await system.Time.PassAsync(TimeSpan.FromSeconds(2)); // a connection that has just been lost is remembered for a second
        if (system.Time.PendingTimers > 0)
        {
            judge.Violate($"{system.Time.PendingTimers} timers are left behind");
        }

        foreach (LintRuleResult result in system.Lint.Rules.Where(result => result.Count > 0))
        {
            judge.Violate($"the linter found {result.Rule.Id} {result.Count} times, first after {result.Findings[0].Time.TotalSeconds:F3} s: {result.Findings[0].Text}");
        }

        return new SimulationResult(seed, node.GetType().Name, schedule, judge, recovery);
    }

    private static async Task<TimeSpan> RecoverAsync(SimulatedSystem system, INode node, Judge judge)
    {
        TimeSpan began = system.Time.Now;
        int probes = 0;
        await UntilAsync(
            system,
            () =>
            {
                if (node.IsConnected && probes % 30 == 0)
                {
                    system.Broker.Publish(Workload.CommandTopic, System.Text.Encoding.UTF8.GetBytes($"probe {began.Ticks}"));
                }

                probes++;
                return node.IsConnected && node.IsIdle && node.HasReceived($"probe {began.Ticks}");
            },
            RecoveryBound);
        TimeSpan took = system.Time.Now - began;
        if (took >= RecoveryBound)
        {
            judge.Violate($"{RecoveryBound} after the last fault: {node.Describe()}");
        }

        return took;
    }

    private static async Task UntilAsync(SimulatedSystem system, Func<bool> condition, TimeSpan atMost)
    {
        TimeSpan end = system.Time.Now + atMost;
        while (!condition() && system.Time.Now < end)
        {
            await system.Time.PassAsync(Look);
        }
    }

    private static async Task EndAsync(SimulatedSystem system, INode node)
    {
        await node.DisposeAsync();
        await system.DisposeAsync();
    }
}
