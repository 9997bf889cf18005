using System.IO.Pipelines;
using System.Runtime.InteropServices;
using static Sim7600.Links.Posix.NativeMethods;

namespace Sim7600.Links.Posix;

/// <summary>
/// A descriptor that the <see cref="PollLoop"/> reads into a pipe and that writers fill, waiting for room. What a hang-up
/// means is the difference between a serial device (the end) and the master of a PTY (the client has left).
/// </summary>
internal sealed class PolledPort : IAsyncDisposable
{
    private const int ReadSize = 16 * 1024;

    /// <summary>Bytes that are read before anybody takes them.</summary>
    public const int UsualReadAhead = 256 * 1024;

    private readonly int _readAhead;
    private readonly Pipe _pipe;
    private readonly TaskCompletionSource<SerialLinkLoss> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _cleaning = new();
    private readonly int? _hangUpPeriod;
    private readonly Action<bool>? _peerChanged;
    private readonly string _name;
    private TaskCompletionSource? _room;
    private bool _flushing;
    private bool _hungUp;
    private bool _closed;
    private bool _released;
    private bool _disposed;

    /// <summary>Starts polling.</summary>
    /// <param name="name">The link's name, for messages.</param>
    /// <param name="descriptor">A non-blocking descriptor, owned from now on.</param>
    /// <param name="hangUpPeriod">Null when a hang-up ends the port; else it only means that no peer is there, and this is how often, in milliseconds, to look for one.</param>
    /// <param name="peerChanged">Told, on the loop's thread, when a peer has come (true) or gone (false).</param>
    /// <param name="readAhead">How many bytes, 1 or more, to read before somebody takes them.</param>
    public PolledPort(string name, int descriptor, int? hangUpPeriod = null, Action<bool>? peerChanged = null, int readAhead = UsualReadAhead)
    {
        _readAhead = readAhead;
        _pipe = new Pipe(new PipeOptions(pauseWriterThreshold: readAhead, resumeWriterThreshold: Math.Max(1, readAhead / 2), useSynchronizationContext: false));
        _name = name;
        Descriptor = descriptor;
        _hangUpPeriod = hangUpPeriod;
        _peerChanged = peerChanged;
        _hungUp = hangUpPeriod is not null;
        PollLoop.Shared.Add(this);
    }

    public int Descriptor { get; }

    public PipeReader Input => _pipe.Reader;

    public Task<SerialLinkLoss> Lost => _lost.Task;

    public bool IsHungUp => Volatile.Read(ref _hungUp);

    /// <summary>What to poll for, or −1 for nothing; called by the loop.</summary>
    /// <param name="lookAgain">Milliseconds until the next look without an event, or 0.</param>
    public short Wishes(out int lookAgain)
    {
        lookAgain = 0;
        if (_closed)
        {
            return -1;
        }

        if (_hungUp && _hangUpPeriod is { } period)
        {
            lookAgain = period;
            return -1;
        }

        short wishes = Volatile.Read(ref _room) is null ? (short)0 : PollOut;
        return _flushing ? wishes == 0 && _hangUpPeriod is null ? (short)-1 : wishes : (short)(wishes | PollIn);
    }

    /// <summary>Moves bytes; called by the loop after every poll.</summary>
    public void Handle(short returned)
    {
        if (_closed)
        {
            return;
        }

        if (_hungUp)
        {
            returned = Look();
        }

        if ((returned & PollIn) != 0 && !_flushing)
        {
            Take();
        }

        if (_closed)
        {
            return;
        }

        bool hungUp = (returned & (PollHangUp | PollError)) != 0;
        if (_hangUpPeriod is not null)
        {
            // What the peer wrote before it left is read first; then it counts as gone.
            if (hungUp != _hungUp && ((returned & PollIn) == 0 || !hungUp))
            {
                PeerChanged(hungUp);
            }
        }
        else if (hungUp && (returned & PollIn) == 0)
        {
            End(new SerialLinkLoss("the device was unplugged or its other end was closed"));
            return;
        }

        if ((returned & PollInvalid) != 0)
        {
            End(new SerialLinkLoss("the descriptor is no longer valid"));
        }
        else if ((returned & PollOut) != 0)
        {
            MakeRoom();
        }
    }

    /// <summary>Writes all bytes, waiting for room where there is none.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!bytes.IsEmpty)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int written = TryWrite(bytes.Span);
                if (written > 0)
                {
                    bytes = bytes[written..];
                    continue;
                }

                var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref _room, room);
                if (_lost.Task.IsCompleted || (_hangUpPeriod is not null && IsHungUp))
                {
                    // The loop may have looked before the wish was there.
                    room.TrySetResult();
                }

                PollLoop.Shared.Wake();
                try
                {
                    await room.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    Interlocked.CompareExchange(ref _room, null, room);
                }
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Ends the port and closes the descriptor once nobody uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            await _lost.Task.ConfigureAwait(false);
            return;
        }

        // The loop's thread alone ends the port; this only asks.
        await PollLoop.Shared.RemoveAsync(this).ConfigureAwait(false);
        End(new SerialLinkLoss("the link was closed by this side", WasDisposed: true));
        await _writing.WaitAsync().ConfigureAwait(false);
        lock (_cleaning)
        {
            _released = true;
            Release(Descriptor);
        }

        _writing.Release();
    }

    /// <summary>Uses the descriptor, which is not closed meanwhile.</summary>
    /// <returns>What <paramref name="use"/> gives, or <paramref name="otherwise"/> when the port is closed.</returns>
    public T Use<T>(Func<int, T> use, T otherwise)
    {
        lock (_cleaning)
        {
            return _released ? otherwise : use(Descriptor);
        }
    }

    /// <summary>The state of the descriptor now, without waiting.</summary>
    public unsafe short Look()
    {
        var entry = new PollEntry { Descriptor = Descriptor, Events = PollIn };
        return Poll(&entry, 1, 0) > 0 ? entry.Returned : (short)0;
    }

    /// <summary>
    /// Closes a descriptor and gives up what it locked. Closing alone would do, were there not the child that this process
    /// may be starting: until its program runs it has the descriptor too, and the port would stay in use.
    /// </summary>
    private static void Release(int descriptor)
    {
        _ = Control(descriptor, ClearExclusive, 0);
        _ = Lock(descriptor, Unlock);
        _ = Close(descriptor);
    }

    private void PeerChanged(bool hungUp)
    {
        lock (_cleaning)
        {
            if (hungUp && (Look() & PollHangUp) == 0)
            {
                return; // the next peer is here already: what was written for it must not be cleaned away
            }

            Volatile.Write(ref _hungUp, hungUp);
            _peerChanged?.Invoke(!hungUp);
        }

        MakeRoom();
    }

    private int TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (_hangUpPeriod is null)
        {
            return TryWriteNow(bytes);
        }

        // Not between the look and the end of cleaning up after a peer, which would take these bytes for what that one left.
        lock (_cleaning)
        {
            return TryWriteNow(bytes);
        }
    }

    private unsafe int TryWriteNow(ReadOnlySpan<byte> bytes)
    {
        if (_lost.Task.IsCompleted)
        {
            throw LostException();
        }

        if (_hangUpPeriod is not null && (Look() & PollHangUp) != 0)
        {
            return bytes.Length; // nobody listens: the bytes go nowhere, as on a real line
        }

        fixed (byte* first = bytes)
        {
            while (true)
            {
                nint written = Write(Descriptor, first, bytes.Length);
                if (written >= 0)
                {
                    return (int)written;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Interrupted:
                        continue;
                    case TryAgain:
                        return 0;
                    default:
                        if (_hangUpPeriod is not null)
                        {
                            return bytes.Length; // the client left in this moment
                        }

                        throw LostException();
                }
            }
        }
    }

    private SerialLinkException LostException() => new(
        SerialLinkError.Lost,
        _lost.Task.IsCompleted
            ? $"The link {_name} is gone: {_lost.Task.Result.Reason}. Open it again."
            : $"The link {_name} is gone: the device does not take bytes any more. Open it again.");

    private unsafe void Take()
    {
        Span<byte> buffer = _pipe.Writer.GetSpan(ReadSize);
        nint read;
        fixed (byte* first = buffer)
        {
            read = Read(Descriptor, first, Math.Min(buffer.Length, Math.Min(ReadSize, _readAhead)));
        }

        if (read > 0)
        {
            _pipe.Writer.Advance((int)read);
            Flush();
            return;
        }

        int error = read < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (error is TryAgain or Interrupted || _hangUpPeriod is not null)
        {
            return; // EIO on a master: no client has the slave open
        }

        End(new SerialLinkLoss("the device was unplugged or its other end was closed"));
    }

    private void Flush()
    {
        ValueTask<FlushResult> flush = _pipe.Writer.FlushAsync();
        if (flush.IsCompleted)
        {
            _ = flush.Result;
            return;
        }

        // The reader is behind: stop reading until it has caught up.
        _flushing = true;
        _ = ResumeAsync(flush);
    }

    private async Task ResumeAsync(ValueTask<FlushResult> flush)
    {
        _ = await flush.ConfigureAwait(false);
        Volatile.Write(ref _flushing, false);
        PollLoop.Shared.Wake();
    }

    private void End(SerialLinkLoss loss)
    {
        if (_lost.TrySetResult(loss))
        {
            _closed = true;
            _pipe.Writer.Complete();
            MakeRoom();
        }
    }

    private void MakeRoom() => Interlocked.Exchange(ref _room, null)?.TrySetResult();
}
