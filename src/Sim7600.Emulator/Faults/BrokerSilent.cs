namespace Sim7600.Emulator.Faults;

/// <summary>The broker takes connections and packets, does nothing with them and answers nothing. It lasts.</summary>
public sealed record BrokerSilent : Fault;
