namespace Sim7600.Emulator.Line;

/// <summary>
/// A UART that samples 8N1 frames at a speed of its own: what it makes of bytes that were sent at another. It waits for a falling
/// edge, looks at the middle of each of its bits from there, and gives the eight that it saw even where the stop bit is missing,
/// as the data register of a real one does; then it waits for the line to be high again. Times are in ticks.
/// </summary>
internal sealed class UartReceiver
{
    private const int StopBit = 9;

    /// <summary>A sample between two bits, as with speeds of 6 to 1, sees the later one, however the times were rounded.</summary>
    private const double Rounding = 1e-6;

    private readonly List<(double Start, double Bit, int Levels)> _frames = [];
    private double _from = double.NegativeInfinity;

    /// <summary>When the byte that is being received will be complete; null while none is.</summary>
    public double? CompleteAt { get; private set; }

    /// <summary>Puts a frame on the line, later than all before it.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="start">When its start bit begins.</param>
    /// <param name="bit">How long one of its bits is.</param>
    public void Add(byte value, double start, double bit) => _frames.Add((start, bit, (value << 1) | (1 << StopBit)));

    /// <summary>Samples the line.</summary>
    /// <param name="until">Up to when the line is known: it is high where no frame is.</param>
    /// <param name="bit">How long this receiver's bits are.</param>
    /// <returns>The bytes that are complete.</returns>
    public byte[] Read(double until, double bit)
    {
        if (_frames.Count == 0)
        {
            return [];
        }

        var bytes = new List<byte>();
        while (true)
        {
            CompleteAt = null;
            if (FindEdge() is not { } edge)
            {
                _frames.RemoveAll(frame => frame.Start + (frame.Bit * (StopBit + 1)) <= until);
                return [.. bytes];
            }

            double end = edge + (bit * (StopBit + 0.5));
            if (end > until)
            {
                CompleteAt = end;
                return [.. bytes];
            }

            _from = end;
            if (IsHigh(edge + (bit * 0.5)))
            {
                _from = edge + (bit * 0.5); // too short for a start bit
                continue;
            }

            int value = 0;
            for (int i = 0; i < 8; i++)
            {
                value |= IsHigh(edge + (bit * (i + 1.5))) ? 1 << i : 0;
            }

            bytes.Add((byte)value);
            _frames.RemoveAll(frame => frame.Start + (frame.Bit * (StopBit + 1)) <= _from);
        }
    }

    /// <summary>The next change from high to low.</summary>
    private double? FindEdge()
    {
        foreach ((double start, double bit, int levels) in _frames)
        {
            for (int i = 0; i < StopBit; i++)
            {
                bool wasHigh = i == 0 || (levels & (1 << (i - 1))) != 0; // a frame begins after a stop bit or a pause
                double edge = start + (bit * i);
                if (edge >= _from && wasHigh && (levels & (1 << i)) == 0)
                {
                    return edge;
                }
            }
        }

        return null;
    }

    private bool IsHigh(double time)
    {
        foreach ((double start, double bit, int levels) in _frames)
        {
            int index = (int)Math.Floor(((time - start) / bit) + Rounding);
            if (index is >= 0 and <= StopBit)
            {
                return (levels & (1 << index)) != 0;
            }
        }

        return true;
    }
}
