using System.IO.Pipelines;

namespace Sim7600.Links;

/// <summary>One end of a line inside the process: what one end writes the other reads. For tests and simulations.</summary>
public sealed class InMemorySerialLink : ISerialLink
{
    private readonly Pipe _toUs;
    private readonly Pipe _toPeer;
    private readonly TaskCompletionSource<SerialLinkLoss> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private InMemorySerialLink? _peer;

    private InMemorySerialLink(string name, Pipe toUs, Pipe toPeer)
    {
        Name = name;
        _toUs = toUs;
        _toPeer = toPeer;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public PipeReader Input => _toUs.Reader;

    /// <inheritdoc/>
    public IControlLines? ControlLines => null;

    /// <inheritdoc/>
    public Task<SerialLinkLoss> Lost => _lost.Task;

    /// <summary>Creates both ends of a line.</summary>
    /// <param name="name">The name that both ends show.</param>
    /// <param name="scheduler">Where reads continue; null is the thread pool.</param>
    /// <returns>The host's end and the modem's end.</returns>
    public static (InMemorySerialLink Host, InMemorySerialLink Modem) CreatePair(string name = "memory", PipeScheduler? scheduler = null)
    {
        var options = new PipeOptions(readerScheduler: scheduler, writerScheduler: scheduler, pauseWriterThreshold: 0, useSynchronizationContext: false);
        Pipe toHost = new(options);
        Pipe toModem = new(options);
        var host = new InMemorySerialLink(name, toHost, toModem);
        var modem = new InMemorySerialLink(name, toModem, toHost) { _peer = host };
        host._peer = modem;
        return (host, modem);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_lost.Task.IsCompleted)
            {
                throw new SerialLinkException(SerialLinkError.Lost, $"The line {Name} is closed.");
            }

            await _toPeer.Writer.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Cuts the line for both ends, as pulling the plug does.</summary>
    /// <param name="reason">The reason that both ends see.</param>
    /// <returns>A task that completes once both ends saw the loss.</returns>
    public async Task UnplugAsync(string reason = "the line was unplugged")
    {
        await EndAsync(new SerialLinkLoss(reason)).ConfigureAwait(false);
        await _peer!.EndAsync(new SerialLinkLoss(reason)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync(new SerialLinkLoss("the link was closed by this side", WasDisposed: true)).ConfigureAwait(false);
        await _peer!.EndAsync(new SerialLinkLoss("the other side closed the line")).ConfigureAwait(false);
    }

    private async Task EndAsync(SerialLinkLoss loss)
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_lost.TrySetResult(loss))
            {
                // Completing the writer lets the peer read what is still there and then see the end.
                await _toPeer.Writer.CompleteAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _writing.Release();
        }
    }
}
