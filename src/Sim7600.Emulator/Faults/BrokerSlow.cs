namespace Sim7600.Emulator.Faults;

/// <summary>The broker does what it is asked and answers later, in order. It lasts.</summary>
/// <param name="Delay">How much later, 1 ms to 1 h.</param>
public sealed record BrokerSlow(TimeSpan Delay) : Fault;
