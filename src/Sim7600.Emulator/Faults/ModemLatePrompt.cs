namespace Sim7600.Emulator.Faults;

/// <summary>The next prompt comes later. Bytes that the host sends before it wait and are taken as data then.</summary>
/// <param name="Delay">How much later, 1 ms to 1 h.</param>
public sealed record ModemLatePrompt(TimeSpan Delay) : Fault;
