namespace Sim7600.Emulator.Faults;

/// <summary>
/// MQTT connections that are open at this moment carry nothing any more and nobody is told, as when a NAT forgets them.
/// Connections made later work.
/// </summary>
public sealed record NetworkHalfOpen : Fault;
