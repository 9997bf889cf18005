namespace Sim7600.Emulator.Faults;

/// <summary>One direction of the serial line: what goes in comes out, as the faults of the moment let it. On the modem's loop.</summary>
internal sealed class LinePath(VirtualModem modem, ModemFaults faults, LineDirection direction, Action<byte[]> deliver)
{
    /// <summary>Bytes that a stopped or slow line holds; what comes on top is lost, as in a full buffer.</summary>
    private const int MaximumHeld = 1024 * 1024;

    private readonly Queue<(TimeSpan Due, byte[] Bytes)> _held = new();
    private readonly List<(long Position, Fault Fault)> _hits = [];
    private IDisposable? _timer;
    private TimeSpan? _lastDue;
    private long _passed;
    private int _heldBytes;

    /// <summary>Lets a fault hit one byte.</summary>
    /// <param name="index">Which of the bytes that enter from now on, from 0.</param>
    /// <param name="fault">What happens to it.</param>
    public void Hit(long index, Fault fault) => _hits.Add((_passed + index, fault));

    /// <summary>Forgets hits that have not happened, and what the line holds.</summary>
    /// <param name="held">True to lose what it holds too.</param>
    public void Forget(bool held)
    {
        _hits.Clear();
        if (held)
        {
            _held.Clear();
            _heldBytes = 0;
            _timer?.Dispose();
        }
    }

    /// <summary>Sends bytes.</summary>
    public void Send(byte[] bytes)
    {
        bytes = Corrupt(bytes);
        if (bytes.Length == 0 || faults.Find<LineUnplug>() is not null)
        {
            return;
        }

        TimeSpan delay = faults.Find<LineDelay>(fault => fault.Direction == direction)?.Delay ?? TimeSpan.Zero;
        LineChunk? chunk = faults.Find<LineChunk>(fault => fault.Direction == direction);
        foreach (byte[] piece in chunk is null ? [bytes] : bytes.Chunk(chunk.Size))
        {
            if (_heldBytes + piece.Length > MaximumHeld)
            {
                return;
            }

            TimeSpan due = modem.Age + delay;
            if (_lastDue + (chunk?.Gap ?? TimeSpan.Zero) is { } afterLast && afterLast > due)
            {
                due = afterLast;
            }

            _lastDue = due;
            _held.Enqueue((due, piece));
            _heldBytes += piece.Length;
        }

        Pump();
    }

    /// <summary>Delivers what is due.</summary>
    public void Pump()
    {
        _timer?.Dispose();
        while (faults.Find<LineFlowStop>(fault => fault.Direction == direction) is null && _held.TryPeek(out (TimeSpan Due, byte[] Bytes) next))
        {
            if (next.Due > modem.Age)
            {
                _timer = modem.AfterWhatever(next.Due - modem.Age, Pump);
                return;
            }

            _held.Dequeue();
            _heldBytes -= next.Bytes.Length;
            deliver(next.Bytes);
        }
    }

    private byte[] Corrupt(byte[] bytes)
    {
        long start = _passed;
        _passed += bytes.Length;
        int noise = faults.Find<LineNoise>(fault => fault.Direction == direction)?.PerThousand ?? 0;
        bool isWrongRate = faults.Find<LineWrongBaud>(fault => fault.Direction == direction) is not null;
        if (_hits.Count == 0 && noise == 0 && !isWrongRate)
        {
            return bytes;
        }

        modem.Lint?.Disturb();
        var arriving = new List<byte>(bytes.Length + 1);
        for (int i = 0; i < bytes.Length; i++)
        {
            long position = start + i;
            Fault[] hits = [.. _hits.Where(hit => hit.Position == position).Select(hit => hit.Fault)];
            if (hits.OfType<LineDrop>().Any())
            {
                continue;
            }

            bool isGarbled = isWrongRate || hits.OfType<LineGarble>().Any() || (noise > 0 && faults.Draw(1000) < noise);
            byte value = isGarbled ? (byte)(bytes[i] ^ (1 + faults.Draw(255))) : bytes[i];
            arriving.AddRange(Enumerable.Repeat(value, 1 + hits.OfType<LineDuplicate>().Count()));
        }

        _hits.RemoveAll(hit => hit.Position < _passed);
        return [.. arriving];
    }
}
