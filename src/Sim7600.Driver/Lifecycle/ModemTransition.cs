namespace Sim7600.Driver.Lifecycle;

/// <summary>One step of a supervised modem's life.</summary>
/// <param name="At">When.</param>
/// <param name="From">The state before.</param>
/// <param name="Trigger">What moved it.</param>
/// <param name="To">The state after.</param>
/// <param name="Reason">Why, for people; no secret is in it.</param>
public sealed record ModemTransition(DateTimeOffset At, ModemState From, ModemTrigger Trigger, ModemState To, string Reason);
