namespace Sim7600.Emulator.Faults;

/// <summary>The TLS handshake fails. The next one, or all while it lasts; connections without TLS are not touched.</summary>
public sealed record BrokerTlsFailure : Fault;
