namespace Sim7600.Driver.Recovery;

/// <summary>How hard and how often to try to get a modem or a connection back. Immutable; change a copy with <c>with</c>.</summary>
public sealed record RecoveryOptions
{
    /// <summary>How often to connect to the broker again before the service is restarted; 0 leaves the rung out, as in all that follow.</summary>
    public int MqttReconnects { get; init; } = 3;

    /// <summary>How often to restart the modem's MQTT service.</summary>
    public int ServiceRestarts { get; init; } = 2;

    /// <summary>How often to close and open the packet data context.</summary>
    public int PacketDataCycles { get; init; } = 1;

    /// <summary>How often to switch the radio off and on.</summary>
    public int RadioCycles { get; init; } = 1;

    /// <summary>How often to restart the modem.</summary>
    public int ModemResets { get; init; } = 2;

    /// <summary>How often to call <see cref="PowerCycle"/>, when it is given.</summary>
    public int PowerCycles { get; init; } = 2;

    /// <summary>How often to reopen the port of a modem that is silent. A lost port is reopened for as long as it takes.</summary>
    public int PortReopens { get; init; } = 3;

    /// <summary>The delay before the first try.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay; each try doubles it until then.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>By which part a delay is made shorter or longer at random, 0 to 1, so that many devices do not return at the same instant.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>How long things must have gone well before the next failure starts at the lowest rung again.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Cuts and restores the modem's power, for example by a relay or its PWRKEY pin; null when nothing can. It is called on no particular
    /// thread, and an exception from it counts as a failed try. Its token is cancelled after <see cref="PowerCycleTimeout"/>.
    /// </summary>
    public Func<CancellationToken, Task>? PowerCycle { get; init; }

    /// <summary>How long <see cref="PowerCycle"/> may take.</summary>
    public TimeSpan PowerCycleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the jitter comes from; give a seeded one for runs that can be repeated.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Refuses what makes no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count or time is negative, or <see cref="Jitter"/> is not 0 to 1.</exception>
    public void Validate()
    {
        foreach ((int count, string name) in ((int, string)[])
            [(MqttReconnects, nameof(MqttReconnects)), (ServiceRestarts, nameof(ServiceRestarts)), (PacketDataCycles, nameof(PacketDataCycles)),
            (RadioCycles, nameof(RadioCycles)), (ModemResets, nameof(ModemResets)), (PowerCycles, nameof(PowerCycles)), (PortReopens, nameof(PortReopens))])
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, name);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(FirstDelay, TimeSpan.Zero, nameof(FirstDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestDelay, FirstDelay, nameof(LongestDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(StableAfter, TimeSpan.Zero, nameof(StableAfter));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PowerCycleTimeout, TimeSpan.Zero, nameof(PowerCycleTimeout));
        if (Jitter is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Jitter), Jitter, "Jitter is 0 to 1.");
        }
    }

    /// <summary>The rungs that mend the modem itself, in their order, with their budgets.</summary>
    internal IReadOnlyList<(RecoveryRung Rung, int Budget)> ModemRungs =>
        Used((RecoveryRung.PacketData, PacketDataCycles), (RecoveryRung.Radio, RadioCycles), (RecoveryRung.ModemReset, ModemResets),
            (RecoveryRung.PowerCycle, PowerCycle is null ? 0 : PowerCycles), (RecoveryRung.PortReopen, PortReopens));

    /// <summary>The rungs that mend a connection, in their order, with their budgets.</summary>
    internal IReadOnlyList<(RecoveryRung Rung, int Budget)> ConnectionRungs =>
        Used((RecoveryRung.MqttReconnect, MqttReconnects), (RecoveryRung.ServiceRestart, ServiceRestarts));

    private static List<(RecoveryRung Rung, int Budget)> Used(params (RecoveryRung Rung, int Budget)[] rungs) => [.. rungs.Where(rung => rung.Budget > 0)];
}
