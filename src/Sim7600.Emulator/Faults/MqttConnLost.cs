namespace Sim7600.Emulator.Faults;

/// <summary>A connection of a CMQTT client is lost: <c>+CMQTTCONNLOST</c>.</summary>
/// <param name="Client">The client, 0 or 1; one that is not connected has nothing to lose.</param>
/// <param name="Cause">1 closed by the server, 2 reset, 3 network closed.</param>
public sealed record MqttConnLost(int Client = 0, int Cause = 1) : Fault;
