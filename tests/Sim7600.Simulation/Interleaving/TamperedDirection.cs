namespace Sim7600.Simulation.Interleaving;

/// <summary>One direction of a line: counts and records the bytes of an exchange, and does to them what a <see cref="Tamper"/> says.</summary>
internal sealed class TamperedDirection(VirtualTime time, Action<byte[]> deliver)
{
    /// <summary>Longer than a reader's patience for more bytes of one read, shorter than any time-out.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly List<byte> _seen = [];
    private readonly Queue<byte[]> _late = new();
    private Tamper _tamper = Tamper.None;
    private int _made;
    private bool _isArmed;

    /// <summary>The bytes that came in since <see cref="Arm"/>, as they were.</summary>
    public byte[] Seen => [.. _seen];

    public void Arm(Tamper tamper)
    {
        _seen.Clear();
        _made = 0;
        _tamper = tamper;
        _isArmed = true;
        if (tamper.InsertAt == 0)
        {
            Make(tamper.Insert);
        }
    }

    public void Disarm() => _isArmed = false;

    public void Take(byte[] bytes)
    {
        if (!_isArmed)
        {
            Pass(bytes);
            return;
        }

        var result = new List<byte>();
        foreach (byte each in bytes)
        {
            if (_seen.Count != _tamper.LoseAt)
            {
                result.Add(each);
            }

            _seen.Add(each);
            if (_seen.Count == _tamper.InsertAt)
            {
                result.AddRange(_tamper.Insert);
            }
        }

        Make([.. result]);
    }

    private void Make(byte[] bytes)
    {
        int split = _tamper.SplitAt - _made;
        _made += bytes.Length;
        if (split <= 0 || split >= bytes.Length)
        {
            Pass(bytes);
            return;
        }

        Pass(bytes[..split]);
        _late.Enqueue(bytes[split..]);
        time.CreateTimer(_ => Catch(), null, Pause, Timeout.InfiniteTimeSpan);
    }

    private void Catch()
    {
        while (_late.TryDequeue(out byte[]? bytes))
        {
            deliver(bytes);
        }
    }

    private void Pass(byte[] bytes)
    {
        if (_late.Count > 0)
        {
            _late.Enqueue(bytes);
        }
        else if (bytes.Length > 0)
        {
            deliver(bytes);
        }
    }
}
