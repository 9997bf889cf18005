namespace Sim7600.Emulator.Faults;

/// <summary>The network lets the modem in; what kept it away before is over.</summary>
public sealed record NetworkUp : Fault;
