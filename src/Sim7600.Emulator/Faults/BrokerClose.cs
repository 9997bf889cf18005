namespace Sim7600.Emulator.Faults;

/// <summary>The broker closes all connections.</summary>
public sealed record BrokerClose : Fault;
