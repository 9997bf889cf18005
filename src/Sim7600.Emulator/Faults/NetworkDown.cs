namespace Sim7600.Emulator.Faults;

/// <summary>No network is in reach. It lasts; then the network is as it was before.</summary>
public sealed record NetworkDown : Fault;
