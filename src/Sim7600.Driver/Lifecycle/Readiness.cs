namespace Sim7600.Driver.Lifecycle;

/// <summary>What others wait for while it comes and goes: there now, not there yet, or not to come.</summary>
internal sealed class Readiness<T>
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<T> _state = New();

    public Task<T> WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _state.Task.WaitAsync(cancellationToken);
        }
    }

    public void Come(T value)
    {
        lock (_gate)
        {
            Renew();
            _state.SetResult(value);
        }
    }

    public void Go()
    {
        lock (_gate)
        {
            Renew();
        }
    }

    /// <summary>It will not come, for this reason; an earlier reason that still holds stands.</summary>
    public void Fail(Exception reason)
    {
        lock (_gate)
        {
            if (_state.Task.IsFaulted)
            {
                return;
            }

            Renew();
            _state.SetException(reason);

            // Nobody has to wait for it.
            _ = _state.Task.Exception;
        }
    }

    private static TaskCompletionSource<T> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Renew()
    {
        if (_state.Task.IsCompleted)
        {
            _state = New();
        }
    }
}
