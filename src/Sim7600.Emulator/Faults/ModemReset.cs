namespace Sim7600.Emulator.Faults;

/// <summary>Power is cut and restored: silence, then a boot. Connections vanish without a word.</summary>
public sealed record ModemReset : Fault;
