using System.Runtime.InteropServices;

namespace Sim7600.Cli.Output;

/// <summary>
/// Tells when nobody reads stdout any more, as after <c>| head -1</c>. .NET drops what is written then without a word, so it must be asked
/// of the system.
/// </summary>
internal static partial class OutputReader
{
    private const int Output = 1;
    private const short Error = 0x8;
    private const short HangUp = 0x10;
    private const long AccessMode = 3;
    private const long ReadOnly = 0;

    /// <summary>Completes when the reader has gone; never where stdout is a file, and never on Windows.</summary>
    public static Task Gone { get; } = Watch();

    /// <summary>
    /// True when the process was started without a stdout that can be written, as with <c>&gt;&amp;-</c>. The number is then soon that of another
    /// file, opened for reading, so its being open proves nothing. Always false elsewhere than on Linux.
    /// </summary>
    public static bool IsMissing()
    {
        const string Key = "flags:";
        try
        {
            string? flags = OperatingSystem.IsLinux()
                ? File.ReadLines($"/proc/self/fdinfo/{Output}").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) : null;
            return flags is not null && (Convert.ToInt64(flags[Key.Length..].Trim(), 8) & AccessMode) == ReadOnly;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return File.Exists("/proc/self/fdinfo/0") || File.Exists("/proc/self/fdinfo/2"); // without /proc nothing is known
        }
    }

    private static Task Watch()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!OperatingSystem.IsWindows())
        {
            new Thread(() => Poll(gone)) { IsBackground = true, Name = "stdout" }.Start();
        }

        return gone.Task;
    }

    private static void Poll(TaskCompletionSource gone)
    {
        while (true)
        {
            // Asked for nothing, poll tells only what is always told: that the other end is closed.
            var entry = new PollEntry { Descriptor = Output };
            int ready = PollOne(ref entry, 1, -1);
            if (ready > 0)
            {
                if ((entry.Returned & (Error | HangUp)) != 0)
                {
                    gone.TrySetResult();
                }

                return;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int PollOne(ref PollEntry entry, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
