namespace Sim7600.Emulator.Faults;

/// <summary>A ping of a CMQTT client fails: <c>+CMQTTPING</c>. The client stays connected.</summary>
/// <param name="Client">The client, 0 or 1; one that is not connected pings nobody.</param>
/// <param name="Code">The result code, 1 to 34; 17 is a time-out.</param>
public sealed record MqttPing(int Client = 0, int Code = 17) : Fault;
