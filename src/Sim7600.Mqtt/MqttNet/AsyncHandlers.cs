namespace Sim7600.Mqtt;

/// <summary>Handlers of one asynchronous event; each is awaited, in the order in which they were added.</summary>
internal sealed class AsyncHandlers<T>
{
    private readonly Lock _gate = new();
    private Func<T, Task>[] _handlers = [];

    public void Add(Func<T, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        lock (_gate)
        {
            _handlers = [.. _handlers, handler];
        }
    }

    public void Remove(Func<T, Task> handler)
    {
        lock (_gate)
        {
            int index = Array.LastIndexOf(_handlers, handler);
            if (index >= 0)
            {
                _handlers = [.. _handlers[..index], .. _handlers[(index + 1)..]];
            }
        }
    }

    public async Task InvokeAsync(T arguments)
    {
        foreach (Func<T, Task> handler in _handlers)
        {
            await handler(arguments).ConfigureAwait(false);
        }
    }
}
