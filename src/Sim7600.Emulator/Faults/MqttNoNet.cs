namespace Sim7600.Emulator.Faults;

/// <summary>
/// The modem's MQTT service loses the network: <c>+CMQTTCONNLOST: c,3</c> for each connection, <c>+CMQTTNONET</c>, and the
/// service is stopped. The registration stays.
/// </summary>
public sealed record MqttNoNet : Fault;
