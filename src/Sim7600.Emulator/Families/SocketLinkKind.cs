namespace Sim7600.Emulator.Families;

/// <summary>What one of the ten links is at the moment.</summary>
internal enum SocketLinkKind
{
    Closed,
    Connecting,
    Tcp,
    Udp,
}
