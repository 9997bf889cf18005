using Sim7600.Driver.Recovery;

namespace Sim7600.Mqtt;

/// <summary>One step of a managed client's life.</summary>
/// <param name="At">When.</param>
/// <param name="State">What it does from now on.</param>
/// <param name="Step">The rung of the recovery ladder that is tried; null when none is.</param>
/// <param name="Reason">Why, for people; no secret is in it.</param>
public sealed record ManagedMqttTransition(DateTimeOffset At, ManagedMqttState State, RecoveryStep? Step, string Reason);
