namespace Sim7600.Emulator.Families;

/// <summary>
/// The received bytes of a connection that wait for the host. When too many wait the peer is made to wait too, as a TCP window does (inferred). They
/// survive the end of the connection. On the modem's loop, except what says otherwise.
/// </summary>
internal sealed class ReceiveBuffer(VirtualModem modem)
{
    private const int Window = 64 * 1024;
    private readonly List<byte> _bytes = [];
    private TaskCompletionSource? _room;

    public int Count => _bytes.Count;

    public void Add(byte[] bytes) => _bytes.AddRange(bytes);

    public void Clear() => _bytes.Clear();

    /// <summary>Takes the oldest bytes, and lets the peer go on when enough were taken.</summary>
    public byte[] Take(int most)
    {
        byte[] bytes = [.. _bytes.Take(most)];
        _bytes.RemoveRange(0, bytes.Length);
        if (_bytes.Count < Window)
        {
            LetGo();
        }

        return bytes;
    }

    /// <summary>Lets a pump that waits for room go on.</summary>
    public void LetGo()
    {
        _room?.TrySetResult();
        _room = null;
    }

    /// <summary>Gives bytes to the loop and waits until there is room for more. Off the loop.</summary>
    /// <param name="take">Takes them; on the loop.</param>
    /// <param name="closed">Ends with the connection.</param>
    public async Task HandOverAsync(Action take, CancellationToken closed)
    {
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = closed.Register(() => room.TrySetCanceled());
        Tell(
            () =>
            {
                take();
                if (_bytes.Count < Window)
                {
                    room.TrySetResult();
                }
                else
                {
                    _room = room;
                }
            },
            closed);
        await room.Task.ConfigureAwait(false);
    }

    /// <summary>Runs something on the loop, unless the connection has ended by then. Off the loop.</summary>
    public void Tell(Action action, CancellationToken closed) => modem.Post(() =>
    {
        if (!closed.IsCancellationRequested)
        {
            action();
        }
    });
}
