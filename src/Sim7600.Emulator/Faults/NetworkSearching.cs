namespace Sim7600.Emulator.Faults;

/// <summary>The modem searches and finds nothing. It lasts; then the network is as it was before.</summary>
public sealed record NetworkSearching : Fault;
