namespace Sim7600.Emulator.Faults;

/// <summary>The modem misses the first bytes of the next counted data, and waits for as many more: what the host sends next becomes data.</summary>
/// <param name="Bytes">How many bytes, 1 to 4096.</param>
public sealed record ModemStarvedData(int Bytes) : Fault;
