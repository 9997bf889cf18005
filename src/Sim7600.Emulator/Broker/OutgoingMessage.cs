namespace Sim7600.Emulator.Broker;

/// <summary>What <c>AT+CMQTTPUB</c> publishes.</summary>
internal sealed record OutgoingMessage(string Topic, byte[] Payload, int Qos, bool Retain, bool Duplicate);
