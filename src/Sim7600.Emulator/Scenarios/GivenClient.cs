using Sim7600.Emulator.Families;

namespace Sim7600.Emulator.Scenarios;

/// <summary>A CMQTT client that is acquired or connected when a session starts.</summary>
internal sealed record GivenClient(int Index, string Id, CmqttClientState State, bool Tls);
