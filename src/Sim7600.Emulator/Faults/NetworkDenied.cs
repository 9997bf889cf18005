namespace Sim7600.Emulator.Faults;

/// <summary>The network denies registration. It lasts; then the network is as it was before.</summary>
public sealed record NetworkDenied : Fault;
