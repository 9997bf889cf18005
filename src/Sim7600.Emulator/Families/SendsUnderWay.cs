namespace Sim7600.Emulator.Families;

/// <summary>
/// The sends of one connection whose results have not been told. A peer that ends the connection because of what it was just sent does so after the
/// send, so its end waits for them. On the modem's loop.
/// </summary>
internal sealed class SendsUnderWay
{
    private int _count;
    private Action? _end;

    public void Begin() => _count++;

    /// <summary>A send's result was told.</summary>
    public void Done()
    {
        if (--_count == 0)
        {
            Action? end = _end;
            _end = null;
            end?.Invoke();
        }
    }

    /// <summary>The peer has ended the connection.</summary>
    /// <param name="end">What follows from it.</param>
    /// <param name="closed">Cancelled when the connection has ended otherwise, and nothing follows any more.</param>
    public void PeerEnded(Action end, CancellationToken closed)
    {
        if (_count == 0)
        {
            end();
            return;
        }

        _end = () =>
        {
            if (!closed.IsCancellationRequested)
            {
                end();
            }
        };
    }
}
