using Sim7600.Emulator.Line;

namespace Sim7600.Emulator.Faults;

/// <summary>One direction of the serial line: what goes in comes out, as the faults of the moment let it. On the modem's loop.</summary>
internal sealed class LinePath(VirtualModem modem, ModemFaults faults, LineDirection direction, Action<LineBytes> deliver)
{
    /// <summary>Bytes that a stopped or slow line holds, more than a whole file; what comes on top is lost, as in a full buffer.</summary>
    private const int MaximumHeld = 16 * 1024 * 1024;

    /// <summary>A hundredth of a tick, which is far above what rounding does to a time.</summary>
    private const double Rounding = 0.01;

    private const string Unplugged = "the cable is pulled";

    private readonly Queue<Piece> _held = new();
    private readonly List<(long Position, Fault Fault)> _hits = [];
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly UartReceiver _receiver = new();

    /// <summary>True while the receiver at another speed has heard bytes that a timeline marks: what it makes of them may tell a secret.</summary>
    private bool _marksHeard;

    private IDisposable? _timer;
    private double _lineFree = double.NegativeInfinity;
    private double _lastDelivery = double.NegativeInfinity;
    private TimeSpan? _unreadSince;

    /// <summary>The overrun of which it was told that it has no effect.</summary>
    private LineOverrun? _blindOverrun;

    private long _passed;
    private int _heldBytes;

    /// <summary>True when the last piece that the line holds is held up by a fault's silences.</summary>
    private bool _isHeldUp;

    private Uart Uart => modem.Uart;

    private bool IsToHost => direction == LineDirection.ToHost;

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
            foreach (Piece action in _held.Where(each => each.Action is not null))
            {
                action.Action!();
            }

            TellLost(_heldBytes, Unplugged);
            _held.Clear();
            _heldBytes = 0;
            _timer?.Dispose();
            GiveRoom();
        }
    }

    /// <summary>Sends bytes.</summary>
    public void Send(LineBytes bytes)
    {
        if (!IsToHost)
        {
            Uart.Hear();
        }

        if (faults.Find<LineUnplug>() is not null)
        {
            TellLost(bytes.Length, Unplugged);
            _passed += bytes.Length;
            return;
        }

        bytes = Corrupt(bytes);
        TimeSpan due = modem.Age + (faults.Find<LineDelay>(fault => fault.Direction == direction)?.Delay ?? TimeSpan.Zero);
        LineChunk? chunk = faults.Find<LineChunk>(fault => fault.Direction == direction);
        int size = chunk?.Size ?? bytes.Length;
        for (int start = 0; start < bytes.Length; start += size)
        {
            LineBytes piece = bytes.Slice(start, Math.Min(size, bytes.Length - start));
            if (_heldBytes + piece.Length > MaximumHeld)
            {
                TellLost(bytes.Length - start, "the line holds no more");
                return;
            }

            // What the host sends comes at the speed that it has now, also where the line takes it later.
            _isHeldUp = chunk is not null || (_isHeldUp && _held.Count > 0);
            _held.Enqueue(new Piece(due, chunk, piece, IsToHost ? null : Uart.HostRate) { IsHeldUp = _isHeldUp });
            _heldBytes += piece.Length;
        }

        Pump();
    }

    /// <summary>Lets something happen once all that was sent so far has passed.</summary>
    public void Then(Action action)
    {
        _held.Enqueue(new Piece(modem.Age, null, new LineBytes([], null), null) { Action = action });
        Pump();
    }

    /// <summary>Completes <paramref name="room"/> when the line needs more bytes soon, or is one that takes all at once.</summary>
    public void TellRoom(TaskCompletionSource room)
    {
        _waiting.Add(room);
        GiveRoom();
    }

    /// <summary>A stopped line goes on, a slow one as it was before.</summary>
    public void GoOn()
    {
        _lineFree = Math.Max(_lineFree, modem.Age.Ticks);
        Pump();
    }

    /// <summary>Delivers what is due: each byte when its stop bit has passed, counted from when the line became free and not from when a timer fired.</summary>
    public void Pump()
    {
        _timer?.Dispose();
        double now = modem.Age.Ticks;
        double? next = null;
        double known = now;
        while (faults.Find<LineFlowStop>(fault => fault.Direction == direction) is null && _held.TryPeek(out Piece? piece))
        {
            if (piece.Action is { } action)
            {
                _held.Dequeue();
                action();
                continue;
            }

            int rate = piece.Rate ??= Uart.ModemRate;
            double frame = Uart.FrameTicks(rate);
            double start = Math.Max(piece.Due.Ticks, IsHeldBack(piece, out TimeSpan gap) ? _lastDelivery + gap.Ticks : _lineFree);
            int count = frame == 0 ? (start <= now ? piece.Left : 0) : (int)Math.Clamp(Math.Floor((now - start + Rounding) / frame), 0, piece.Left);
            if (count == 0)
            {
                known = Math.Min(now, start);
                next = start + frame;
                break;
            }

            _lineFree = start + (count * frame);
            _lastDelivery = now;
            _heldBytes -= count;
            LineBytes bytes = piece.Take(count);
            if (piece.Left == 0)
            {
                _held.Dequeue();
            }

            if (!IsToHost && piece.IsHeldUp && start > piece.Due.Ticks)
            {
                modem.Lint?.Excuse(count); // the host sent it earlier than it comes
            }

            Arrive(bytes, start, rate, frame);
        }

        Listen(known);
        bool isByteOnLine = known < now;
        if ((isByteOnLine || _receiver.CompleteAt is not { } complete || complete > next ? next : complete) is { } at)
        {
            _timer = modem.AfterWhatever(TimeSpan.FromTicks((long)Math.Ceiling(at - now - Rounding)), Pump);
        }

        GiveRoom();
    }

    /// <summary>True for a piece that comes only a while after the one before, as long as the fault is there that cut it.</summary>
    private bool IsHeldBack(Piece piece, out TimeSpan gap)
    {
        gap = piece.Chunk is { } cut && faults.Find<LineChunk>(there => ReferenceEquals(there, cut)) is not null ? cut.Gap : TimeSpan.Zero;
        return gap > TimeSpan.Zero;
    }

    private void Arrive(LineBytes bytes, double start, int sent, double frame)
    {
        int taken = IsToHost ? Uart.HostRate : Uart.ModemRate;
        if (Uart.IsModelled)
        {
            Uart.Compare(Uart.HostRate, Uart.ModemRate);
        }

        if (sent == taken && _receiver.CompleteAt is null)
        {
            Deliver(bytes);
            return;
        }

        _marksHeard |= bytes.Hidden is not null;
        for (int i = 0; i < bytes.Length; i++)
        {
            _receiver.Add(bytes.Bytes[i], start + (i * frame), frame / 10);
        }

        Listen(start + (bytes.Length * frame));
    }

    /// <summary>Gives what a receiver at another speed makes of the line, known up to a moment.</summary>
    private void Listen(double until)
    {
        byte[] heard = _receiver.Read(until, Uart.FrameTicks(IsToHost ? Uart.HostRate : Uart.ModemRate) / 10);
        if (heard.Length > 0)
        {
            Deliver(new LineBytes(heard, _marksHeard ? [.. heard.Select(_ => true)] : null));
        }

        _marksHeard &= _receiver.CompleteAt is not null;
    }

    private void Deliver(LineBytes bytes)
    {
        if (IsOverrun())
        {
            TellLost(bytes.Length, "the host reads too slowly");
        }
        else
        {
            deliver(bytes);
        }
    }

    /// <summary>True when the client has left too much unread for too long.</summary>
    private bool IsOverrun()
    {
        LineOverrun? overrun = IsToHost ? faults.Find<LineOverrun>() : null;
        IHostEnd? host = overrun is null ? null : Uart.Host;
        int? unread = host?.Unread; // the system is asked each time
        if (host is not null && unread is null && !ReferenceEquals(_blindOverrun, overrun))
        {
            _blindOverrun = overrun;
            faults.TellNoEffect<LineOverrun>(ModemFaults.UnreadIsHidden);
        }

        if (overrun is null || unread is null || unread <= overrun.Holds)
        {
            _unreadSince = null;
            return false;
        }

        _unreadSince ??= modem.Age;
        return modem.Age - _unreadSince >= overrun.ByteTimes * Uart.ByteTime;
    }

    private void GiveRoom()
    {
        if (!Uart.IsModelled || _heldBytes <= Math.Max(16, Uart.HostRate / 500))
        {
            _waiting.ForEach(room => room.TrySetResult()); // some 20 ms of the line are left
            _waiting.Clear();
        }
    }

    private LineBytes Corrupt(LineBytes bytes)
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
        var arriving = new LineBuffer(marksHidden: bytes.Hidden is not null);
        int lost = 0, changed = 0, doubled = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            long position = start + i;
            Fault[] hits = [.. _hits.Where(hit => hit.Position == position).Select(hit => hit.Fault)];
            if (hits.OfType<LineDrop>().Any())
            {
                lost++;
                continue;
            }

            bool isGarbled = isWrongRate || hits.OfType<LineGarble>().Any() || (noise > 0 && faults.Draw(1000) < noise);
            byte value = isGarbled ? (byte)(bytes.Bytes[i] ^ (1 + faults.Draw(255))) : bytes.Bytes[i];
            int times = 1 + hits.OfType<LineDuplicate>().Count();
            arriving.Write([.. Enumerable.Repeat(value, times)], bytes.IsHidden(i));
            changed += isGarbled ? 1 : 0;
            doubled += times > 1 ? 1 : 0;
        }

        _hits.RemoveAll(hit => hit.Position < _passed);
        TellLost(lost, "a fault of the line");
        Tell(changed, "changed on the line");
        Tell(doubled, "doubled on the line");
        return arriving.Take();
    }

    private void TellLost(int bytes, string why) => Tell(bytes, $"lost: {why}");

    private void Tell(int bytes, string what)
    {
        if (bytes > 0)
        {
            modem.NoteLine(direction == LineDirection.ToHost ? TimelineKind.Tx : TimelineKind.Rx, $"{VirtualModem.CountOf(bytes)} {what}");
        }
    }

    /// <summary>Bytes that pass together, or an action between them.</summary>
    private sealed class Piece(TimeSpan due, LineChunk? chunk, LineBytes bytes, int? rate)
    {
        private int _taken;

        public TimeSpan Due => due;

        /// <summary>True when a fault's silence is before it, or before what it waits for.</summary>
        public bool IsHeldUp { get; init; }

        /// <summary>The fault that put a silence before it; null once that is over.</summary>
        public LineChunk? Chunk { get; private set; } = chunk;

        /// <summary>The sender's speed; null until the modem begins to send it.</summary>
        public int? Rate { get; set; } = rate;

        public Action? Action { get; init; }

        public int Left => bytes.Length - _taken;

        public LineBytes Take(int count)
        {
            Chunk = null;
            _taken += count;
            return bytes.Slice(_taken - count, count);
        }
    }
}
