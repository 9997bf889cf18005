using Stateless;
using Stateless.Graph;

namespace Sim7600.Driver.Lifecycle;

/// <summary>
/// The life of a modem as a state machine. It is synchronous and has no effects of its own: <see cref="Effect"/> says what to do in the
/// present state, and the outcome comes back through <see cref="Fire"/>. It has one owner and is not thread-safe.
/// </summary>
public sealed class ModemLifecycle
{
    private static readonly ModemState[] Alive =
    [
        ModemState.Probing, ModemState.Initialising, ModemState.SimLocked, ModemState.Searching, ModemState.Registered, ModemState.Online,
        ModemState.Recovering,
    ];

    private readonly StateMachine<ModemState, ModemTrigger> _machine;

    /// <summary>Starts a life in <see cref="ModemState.Closed"/>.</summary>
    public ModemLifecycle()
    {
        _machine = new StateMachine<ModemState, ModemTrigger>(ModemState.Closed, FiringMode.Immediate);
        _machine.Configure(ModemState.Closed).Permit(ModemTrigger.Open, ModemState.Probing);
        _machine.Configure(ModemState.Probing).Permit(ModemTrigger.Answered, ModemState.Initialising);
        _machine.Configure(ModemState.Initialising)
            .Permit(ModemTrigger.SimReady, ModemState.Searching)
            .Permit(ModemTrigger.SimNotReady, ModemState.SimLocked);
        _machine.Configure(ModemState.SimLocked)
            .Permit(ModemTrigger.SimReady, ModemState.Searching)
            .Permit(ModemTrigger.SimNotFound, ModemState.Recovering)
            .Permit(ModemTrigger.SimRefused, ModemState.Faulted);
        _machine.Configure(ModemState.Searching)
            .Permit(ModemTrigger.NetworkFound, ModemState.Registered)
            .Permit(ModemTrigger.NetworkNotFound, ModemState.Recovering)
            .Permit(ModemTrigger.SimNotReady, ModemState.SimLocked);
        _machine.Configure(ModemState.Registered)
            .Permit(ModemTrigger.PacketDataReady, ModemState.Online)
            .Permit(ModemTrigger.PacketDataFailed, ModemState.Recovering)
            .Permit(ModemTrigger.NetworkLost, ModemState.Searching)
            .Permit(ModemTrigger.SimNotReady, ModemState.SimLocked);
        _machine.Configure(ModemState.Online)
            .Permit(ModemTrigger.TroubleReported, ModemState.Recovering)
            .Permit(ModemTrigger.NetworkLost, ModemState.Searching)
            .Permit(ModemTrigger.SimNotReady, ModemState.SimLocked);
        _machine.Configure(ModemState.Recovering)
            .Permit(ModemTrigger.RungDone, ModemState.Probing)
            .PermitReentry(ModemTrigger.RungFailed);
        _machine.Configure(ModemState.PoweredOff)
            .Permit(ModemTrigger.PowerOn, ModemState.Probing)
            .Permit(ModemTrigger.Booted, ModemState.Probing)
            .Permit(ModemTrigger.LineLost, ModemState.Recovering)
            .Permit(ModemTrigger.Close, ModemState.Closed);
        _machine.Configure(ModemState.Faulted)
            .Permit(ModemTrigger.Open, ModemState.Probing)
            .Permit(ModemTrigger.Close, ModemState.Closed);
        foreach (ModemState state in Alive)
        {
            StateMachine<ModemState, ModemTrigger>.StateConfiguration alive = _machine.Configure(state)
                .Permit(ModemTrigger.PoweringDown, ModemState.PoweredOff)
                .Permit(ModemTrigger.Close, ModemState.Closed);
            _ = state == ModemState.Probing ? alive.PermitReentry(ModemTrigger.Booted) : alive.Permit(ModemTrigger.Booted, ModemState.Probing);
            if (state != ModemState.Recovering)
            {
                alive.Permit(ModemTrigger.LineLost, ModemState.Recovering).Permit(ModemTrigger.NoAnswer, ModemState.Recovering);
            }
        }
    }

    /// <summary>The present state.</summary>
    public ModemState State => _machine.State;

    /// <summary>What is to be done in the present state.</summary>
    public ModemEffect Effect => State switch
    {
        ModemState.Probing => ModemEffect.Probe,
        ModemState.Initialising => ModemEffect.Initialise,
        ModemState.SimLocked => ModemEffect.UnlockSim,
        ModemState.Searching => ModemEffect.AwaitNetwork,
        ModemState.Registered => ModemEffect.PreparePacketData,
        ModemState.Online => ModemEffect.Watch,
        ModemState.Recovering => ModemEffect.ClimbLadder,
        ModemState.PoweredOff => ModemEffect.AwaitPower,
        _ => ModemEffect.Rest,
    };

    /// <summary>Does it mean anything in the present state?</summary>
    /// <param name="trigger">What happened.</param>
    /// <returns>True when <see cref="Fire"/> would move on.</returns>
    public bool CanFire(ModemTrigger trigger) => _machine.CanFire(trigger);

    /// <summary>Moves on.</summary>
    /// <param name="trigger">What happened.</param>
    /// <returns>False when it means nothing in the present state, which then stays.</returns>
    public bool Fire(ModemTrigger trigger)
    {
        if (!_machine.CanFire(trigger))
        {
            return false;
        }

        _machine.Fire(trigger);
        return true;
    }

    /// <summary>The machine as a Mermaid state diagram.</summary>
    /// <returns>The diagram's text.</returns>
    public static string ToMermaid() => MermaidGraph.Format(new ModemLifecycle()._machine.GetInfo());
}
