namespace Sim7600.Simulation;

/// <summary>What a process holds: open descriptors and live memory.</summary>
internal readonly record struct Leftovers(int Descriptors, long Bytes)
{
    /// <summary>How much more memory than at the start is no leak: caches, code, statistics.</summary>
    private const long Slack = 16 * 1024 * 1024;

    public static Leftovers Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new(Directory.Exists("/proc/self/fd") ? new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Count(IsOurs) : 0, GC.GetTotalMemory(forceFullCollection: true));
    }

    /// <summary>The runtime keeps the file of each assembly open from its first use on.</summary>
    private static bool IsOurs(FileSystemInfo descriptor) => descriptor.LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) != true;

    public string? MoreThan(Leftovers start) =>
        Descriptors > start.Descriptors ? $"{Descriptors} descriptors are open, {start.Descriptors} were at the start"
        : Bytes > start.Bytes + Slack ? $"{Bytes / 1024} KiB are held, {start.Bytes / 1024} KiB were at the start"
        : null;
}
