namespace Sim7600.Emulator.Faults;

/// <summary>
/// The module crashes while it runs a command and boots at once: instead of an answer comes the first line of a boot.
/// Connections vanish without a word.
/// </summary>
public sealed record ModemBootBanner : Fault;
