using System.Security.Cryptography;

namespace Sim7600.Mqtt;

/// <summary>
/// A file that only takes room, so that there is some to give back when the disk is full: removing a message needs room in the log before any
/// comes back. Its bytes are random, since some file systems keep no room for zeros. Who deletes it does no harm.
/// </summary>
internal sealed class DiskReserve
{
    private const int Largest = 512 * 1024;
    private const int Smallest = 32 * 1024;
    private readonly string _path;

    /// <summary>Takes the room, or less on a small disk; what an earlier run took stands.</summary>
    /// <param name="path">The file.</param>
    public DiskReserve(string path)
    {
        _path = path;
        var earlier = new FileInfo(path);
        if (earlier is { Exists: true, Length: >= Smallest and <= Largest })
        {
            (Size, IsWhole) = ((int)earlier.Length, true);
            return;
        }

        for (Size = Largest; Size > Smallest && !Keep(); Size /= 2)
        {
        }

        _ = IsWhole || Keep();
    }

    /// <summary>How many bytes it takes when it is whole.</summary>
    public int Size { get; private set; }

    /// <summary>The room is taken.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Takes the room, if there is as much.</summary>
    /// <returns>False when there is not.</returns>
    public bool Keep()
    {
        if (IsWhole)
        {
            return true;
        }

        try
        {
            using var file = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.Write(RandomNumberGenerator.GetBytes(Size));
            file.Flush(flushToDisk: true);
            return IsWhole = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Release();
            return false;
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Release()
    {
        IsWhole = false;
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then there is no more room than before, and the caller finds out.
        }
    }
}
