using System.Text;
using Sim7600.Emulator.Line;

namespace Sim7600.Emulator.Faults;

/// <summary>The serial line between the modem and its port, whichever that is. On the modem's loop.</summary>
internal sealed class FaultyLine
{
    private readonly VirtualModem _modem;
    private readonly LinePath _toHost;
    private readonly LinePath _toModem;
    private readonly List<(long Position, byte[] Bytes)> _insertions = [];
    private long _printed;

    public FaultyLine(VirtualModem modem, ModemFaults faults)
    {
        _modem = modem;
        _toHost = new LinePath(modem, faults, LineDirection.ToHost, modem.PutOnLine);
        _toModem = new LinePath(modem, faults, LineDirection.ToModem, modem.TakeFromLine);
    }

    /// <summary>Takes what the modem prints.</summary>
    public void Print(LineBytes bytes)
    {
        _toHost.Send(WithInsertions(bytes));
        _printed += bytes.Length;
    }

    /// <summary>Takes what the host sends.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="room">Completed when the line needs more soon.</param>
    public void Receive(byte[] bytes, TaskCompletionSource? room = null)
    {
        _toModem.Send(new LineBytes(bytes, null));
        if (room is not null)
        {
            _toModem.TellRoom(room);
        }
    }

    /// <summary>Lets something happen once what the modem has printed has reached the host's port.</summary>
    public void AfterOutput(Action action) => _toHost.Then(action);

    /// <summary>Lets a fault hit one byte; what the modem has printed in this turn has passed already.</summary>
    public void Hit(Fault fault)
    {
        (int number, LineDirection direction) = fault switch
        {
            LineDrop drop => (drop.Byte, drop.Direction),
            LineGarble garble => (garble.Byte, garble.Direction),
            LineDuplicate duplicate => (duplicate.Byte, duplicate.Direction),
            _ => throw new ArgumentException($"{fault.GetType().Name} hits no single byte.", nameof(fault)),
        };
        if (direction == LineDirection.ToHost)
        {
            _toHost.Hit(_modem.UnsentOutput + number - 1, fault);
        }
        else
        {
            _toModem.Hit(number - 1, fault);
        }
    }

    /// <summary>Lets a line stand in the middle of the output.</summary>
    public void Insert(ModemUrc urc)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"\r\n{urc.Text}\r\n");
        if (urc.AfterBytes == 0)
        {
            _modem.WriteUrc(bytes);
        }
        else
        {
            _insertions.Add((_printed + _modem.UnsentOutput + urc.AfterBytes, bytes));
        }
    }

    /// <summary>A stopped line goes on.</summary>
    public void GoOn()
    {
        _toHost.GoOn();
        _toModem.GoOn();
    }

    /// <summary>Forgets what has not happened yet.</summary>
    /// <param name="held">True to lose what the line holds too, as when the cable is pulled.</param>
    public void Forget(bool held = false)
    {
        _insertions.Clear();
        _toHost.Forget(held);
        _toModem.Forget(held);
    }

    private LineBytes WithInsertions(LineBytes bytes)
    {
        (long Position, byte[] Bytes)[] due = [.. _insertions.Where(each => each.Position < _printed + bytes.Length).OrderBy(each => each.Position)];
        if (due.Length == 0)
        {
            return bytes;
        }

        var output = new LineBuffer(marksHidden: bytes.Hidden is not null);
        int taken = 0;
        foreach ((long position, byte[] line) in due)
        {
            int until = (int)(position - _printed);
            output.Write(bytes.Slice(taken, until - taken));
            output.Write(line);
            taken = until;
        }

        output.Write(bytes.Slice(taken, bytes.Length - taken));
        _insertions.RemoveAll(due.Contains);
        return output.Take();
    }
}
