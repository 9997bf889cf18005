namespace Sim7600.Emulator.Broker;

/// <summary>A file of the modem's certificate store, as it was when the connection was asked for.</summary>
internal sealed record TlsFile(string Name, byte[] Content);
