namespace Sim7600.Emulator.Faults;

/// <summary>
/// Packets of MQTT connections are lost. TCP repeats them: after 1 s, then after 2, 4, 8 s and so on; after seven losses in
/// a row nothing of an operation arrives. It lasts. Whether a packet is lost is decided at each sending: once the fault is over,
/// a packet that was lost before arrives with its next repetition, at the latest after as long again as it has waited and 1 s.
/// </summary>
/// <param name="Percent">How many of a hundred packets are lost, 1 to 100.</param>
public sealed record NetworkLossy(int Percent) : Fault;
