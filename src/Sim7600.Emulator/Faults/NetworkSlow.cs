namespace Sim7600.Emulator.Faults;

/// <summary>Answers and messages of MQTT connections arrive later, in their order; what the modem sends has arrived in time. It lasts.</summary>
/// <param name="Delay">How much later, 1 ms to 1 h.</param>
public sealed record NetworkSlow(TimeSpan Delay) : Fault;
