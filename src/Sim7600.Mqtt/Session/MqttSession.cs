using Stateless;
using Stateless.Graph;

namespace Sim7600.Mqtt.Session;

/// <summary>
/// The life of a session as a state machine. It is synchronous and has no effects of its own: <see cref="Effect"/> says what to do in the
/// present state, and the outcome comes back through <see cref="Fire"/>. It is not thread-safe; its owner guards it.
/// </summary>
public sealed class MqttSession
{
    private static readonly MqttSessionState[] Establishing =
        [MqttSessionState.Stopped, MqttSessionState.Started, MqttSessionState.Adopting, MqttSessionState.Releasing, MqttSessionState.Acquired, MqttSessionState.Disconnecting];

    private readonly StateMachine<MqttSessionState, MqttSessionTrigger> _machine;

    /// <summary>Starts a life in <see cref="MqttSessionState.Stopped"/>.</summary>
    public MqttSession()
    {
        _machine = new StateMachine<MqttSessionState, MqttSessionTrigger>(MqttSessionState.Stopped, FiringMode.Immediate);
        _machine.Configure(MqttSessionState.Stopped)
            .Permit(MqttSessionTrigger.ServiceStarted, MqttSessionState.Started)
            .Permit(MqttSessionTrigger.ServiceRunsAlready, MqttSessionState.Started);
        _machine.Configure(MqttSessionState.Started)
            .Permit(MqttSessionTrigger.ClientAcquired, MqttSessionState.Acquired)
            .Permit(MqttSessionTrigger.ClientInUse, MqttSessionState.Adopting);
        _machine.Configure(MqttSessionState.Adopting)
            .Permit(MqttSessionTrigger.ConnectionIsOurs, MqttSessionState.Connected)
            .Permit(MqttSessionTrigger.ClientIsOurs, MqttSessionState.Acquired)
            .Permit(MqttSessionTrigger.ClientIsForeign, MqttSessionState.Releasing);
        _machine.Configure(MqttSessionState.Releasing).Permit(MqttSessionTrigger.ClientReleased, MqttSessionState.Started);
        _machine.Configure(MqttSessionState.Acquired)
            .Permit(MqttSessionTrigger.ConnectionAccepted, MqttSessionState.Connected)
            .Permit(MqttSessionTrigger.ConnectionExists, MqttSessionState.Disconnecting);
        _machine.Configure(MqttSessionState.Disconnecting).Permit(MqttSessionTrigger.Disconnected, MqttSessionState.Acquired);
        foreach (MqttSessionState state in Establishing)
        {
            _machine.Configure(state).Permit(MqttSessionTrigger.Failed, MqttSessionState.Closing);
        }

        _machine.Configure(MqttSessionState.Connected)
            .Permit(MqttSessionTrigger.ConnectionLost, MqttSessionState.Lost)
            .Permit(MqttSessionTrigger.KeepAliveFailed, MqttSessionState.Lost)
            .Permit(MqttSessionTrigger.NetworkLost, MqttSessionState.Lost)
            .Permit(MqttSessionTrigger.ModemRestarted, MqttSessionState.Closed)
            .Permit(MqttSessionTrigger.LineLost, MqttSessionState.Closed)
            .Permit(MqttSessionTrigger.Close, MqttSessionState.Closing);
        _machine.Configure(MqttSessionState.Lost)
            .Permit(MqttSessionTrigger.ModemRestarted, MqttSessionState.Closed)
            .Permit(MqttSessionTrigger.LineLost, MqttSessionState.Closed)
            .Permit(MqttSessionTrigger.Close, MqttSessionState.Closing);
        _machine.Configure(MqttSessionState.Closing).Permit(MqttSessionTrigger.LeftClean, MqttSessionState.Closed);
    }

    /// <summary>The present state.</summary>
    public MqttSessionState State => _machine.State;

    /// <summary>What is to be done in the present state.</summary>
    public MqttSessionEffect Effect => State switch
    {
        MqttSessionState.Stopped => MqttSessionEffect.StartService,
        MqttSessionState.Started => MqttSessionEffect.AcquireClient,
        MqttSessionState.Adopting => MqttSessionEffect.InspectClient,
        MqttSessionState.Releasing => MqttSessionEffect.ReleaseClient,
        MqttSessionState.Acquired => MqttSessionEffect.Connect,
        MqttSessionState.Disconnecting => MqttSessionEffect.Disconnect,
        MqttSessionState.Closing => MqttSessionEffect.LeaveClean,
        _ => MqttSessionEffect.None,
    };

    /// <summary>Moves on.</summary>
    /// <param name="trigger">What happened.</param>
    /// <returns>False when it means nothing in the present state, which then stays.</returns>
    public bool Fire(MqttSessionTrigger trigger)
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
    public static string ToMermaid() => MermaidGraph.Format(new MqttSession()._machine.GetInfo());
}
