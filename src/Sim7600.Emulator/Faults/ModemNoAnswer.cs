namespace Sim7600.Emulator.Faults;

/// <summary>The modem takes a command, echoes it, and forgets it: it is not run, and nothing is answered.</summary>
public sealed record ModemNoAnswer : Fault;
