using System.Runtime.InteropServices;
using Sim7600.Links.Posix;

namespace Sim7600.Links.Sockets;

/// <summary>What kind of thing a path names; .NET has no name for sockets.</summary>
internal static class UnixFile
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int BufferLength = 256;
    private const int ModeOffset = 28; // stx_mode
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;

    /// <summary>True when the path, or what it links to, is a UNIX socket.</summary>
    public static unsafe bool IsSocket(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        byte* buffer = stackalloc byte[BufferLength];
        return NativeMethods.Status(CurrentFolder, path, 0, TypeOnly, buffer) == 0
            && (MemoryMarshal.Read<ushort>(new ReadOnlySpan<byte>(buffer + ModeOffset, sizeof(ushort))) & TypeMask) == SocketType;
    }
}
