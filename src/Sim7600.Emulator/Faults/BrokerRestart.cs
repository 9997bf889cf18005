namespace Sim7600.Emulator.Faults;

/// <summary>The broker closes all connections and takes no new ones. It lasts.</summary>
public sealed record BrokerRestart : Fault;
