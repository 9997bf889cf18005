namespace Sim7600.Emulator.Network;

/// <summary>A TLS handshake failed; the message says why, for people.</summary>
internal sealed class TlsHandshakeException(string reason, Exception cause) : Exception(reason, cause);
