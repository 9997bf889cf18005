using System.IO.Pipelines;
using System.Text;
using Sim7600.Links;

namespace Sim7600.EndToEnd.Managed;

/// <summary>
/// A line that passes everything on and calls out once, right after the host has sent what a test waits for. It can also break, as a cable does.
/// </summary>
internal sealed class TrippedLink : ISerialLink
{
    private readonly ISerialLink _inner;
    private readonly Func<string, bool> _fits;
    private readonly Func<TrippedLink, Task> _trip;
    private readonly TaskCompletionSource<SerialLinkLoss> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TrippedLink(ISerialLink inner, Func<string, bool> fits, Func<TrippedLink, Task> trip)
    {
        (_inner, _fits, _trip) = (inner, fits, trip);
        _ = inner.Lost.ContinueWith(task => _lost.TrySetResult(task.Result), TaskScheduler.Default);
    }

    public string Name => _inner.Name;

    public PipeReader Input => _inner.Input;

    public IControlLines? ControlLines => _inner.ControlLines;

    public Task<SerialLinkLoss> Lost => _lost.Task;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        await _inner.WriteAsync(bytes, cancellationToken);
        if (_fits(Encoding.Latin1.GetString(bytes.Span)))
        {
            await _trip(this);
        }
    }

    public async Task UnplugAsync()
    {
        _lost.TrySetResult(new SerialLinkLoss("the device was unplugged"));
        await _inner.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
