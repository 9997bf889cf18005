using System.Runtime.InteropServices;
using static Sim7600.Links.Posix.NativeMethods;

namespace Sim7600.Links.Posix;

/// <summary>
/// One thread in <c>poll()</c> for all ports of the process. It moves bytes and nothing else: what waits for them continues
/// on the thread pool. A port belongs to the loop from <see cref="Add"/> until <see cref="RemoveAsync"/> has completed, and
/// only then may its descriptor be closed, so that a reused number never meets the wrong port.
/// </summary>
internal sealed class PollLoop
{
    private static readonly Lazy<PollLoop> Instance = new(() => new PollLoop());
    private readonly Lock _gate = new();
    private readonly List<PolledPort> _ports = [];
    private readonly List<(PolledPort Port, TaskCompletionSource Done)> _leaving = [];
    private readonly int _wake;

    private PollLoop()
    {
        _wake = EventDescriptor(0, NonBlocking | CloseOnExec);
        if (_wake < 0)
        {
            throw new InvalidOperationException($"eventfd failed with error {Marshal.GetLastPInvokeError()}.");
        }

        new Thread(Run) { IsBackground = true, Name = "Sim7600 serial ports" }.Start();
    }

    /// <summary>The process's loop.</summary>
    public static PollLoop Shared => Instance.Value;

    /// <summary>Starts polling a port.</summary>
    public void Add(PolledPort port)
    {
        lock (_gate)
        {
            _ports.Add(port);
        }

        Wake();
    }

    /// <summary>Stops polling a port.</summary>
    /// <returns>A task that completes when the loop touches the port no more.</returns>
    public Task RemoveAsync(PolledPort port)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _leaving.Add((port, done));
        }

        Wake();
        return done.Task;
    }

    /// <summary>Makes the loop look at every port's wishes again.</summary>
    public unsafe void Wake()
    {
        ulong one = 1;
        _ = Write(_wake, (byte*)&one, sizeof(ulong));
    }

    private unsafe void Run()
    {
        var polled = new List<PolledPort>();
        PollEntry[] entries = new PollEntry[8];
        while (true)
        {
            polled.Clear();
            lock (_gate)
            {
                foreach ((PolledPort port, TaskCompletionSource done) in _leaving)
                {
                    _ports.Remove(port);
                    done.SetResult();
                }

                _leaving.Clear();
                polled.AddRange(_ports);
            }

            if (entries.Length < polled.Count + 1)
            {
                entries = new PollEntry[polled.Count * 2];
            }

            entries[0] = new PollEntry { Descriptor = _wake, Events = PollIn };
            int timeout = -1;
            for (int i = 0; i < polled.Count; i++)
            {
                short events = polled[i].Wishes(out int lookAgain);
                // A negative descriptor is skipped: poll would report a hang-up at once, again and again.
                entries[i + 1] = new PollEntry { Descriptor = events < 0 ? -1 : polled[i].Descriptor, Events = events < 0 ? (short)0 : events };
                timeout = lookAgain > 0 && (timeout < 0 || lookAgain < timeout) ? lookAgain : timeout;
            }

            int ready;
            fixed (PollEntry* first = entries)
            {
                ready = Poll(first, (nuint)polled.Count + 1, timeout);
            }

            if (ready < 0)
            {
                continue; // interrupted
            }

            if (entries[0].Returned != 0)
            {
                ulong count;
                _ = Read(_wake, (byte*)&count, sizeof(ulong));
            }

            for (int i = 0; i < polled.Count; i++)
            {
                polled[i].Handle(entries[i + 1].Descriptor < 0 ? (short)0 : entries[i + 1].Returned);
            }
        }
    }
}
