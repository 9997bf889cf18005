using System.Runtime.InteropServices;

namespace Sim7600.Cli.Output;

/// <summary>What a path leads to. .NET tells it only of files that are open, and opening a pipe waits for its other end.</summary>
internal static unsafe partial class FileKind
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int SizeOfStatx = 256;
    private const int OffsetOfMode = 28;
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG
    private const int Folder = 0x4000; // S_IFDIR

    /// <summary>True for regular files, through links too, for folders, and where there is nothing yet.</summary>
    public static bool IsRegularOrMissing(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return !File.Exists(path) || (File.GetAttributes(path) & FileAttributes.Device) == 0;
        }

        byte* buffer = stackalloc byte[SizeOfStatx];
        return Statx(CurrentFolder, path, flags: 0, TypeOnly, buffer) != 0 || (*(ushort*)(buffer + OffsetOfMode) & TypeMask) is Regular or Folder;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* buffer);
}
