namespace Sim7600.Emulator.Faults;

/// <summary>The broker refuses a connection. The next one, or all while it lasts.</summary>
/// <param name="Code">The return code of CONNACK, 1 to 5 (MQTT 3.1.1, table 3.1).</param>
public sealed record BrokerRefuse(int Code) : Fault;
