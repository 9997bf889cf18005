namespace Sim7600.Emulator.Faults;

/// <summary>The module's command processor hangs: input and output wait. The radio and timers go on. It lasts, or ends with a reset.</summary>
public sealed record ModemFreeze : Fault;
