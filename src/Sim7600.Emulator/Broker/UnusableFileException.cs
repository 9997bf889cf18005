namespace Sim7600.Emulator.Broker;

/// <summary>A certificate or key file cannot serve a TLS connection; the message says which file and why, and holds no secret.</summary>
internal sealed class UnusableFileException(string message, Exception? inner = null) : Exception(message, inner);
