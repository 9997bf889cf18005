using System.Buffers;

namespace Sim7600.Emulator.Line;

/// <summary>Collects what goes on the line in one write.</summary>
/// <param name="marksHidden">True to keep which bytes a timeline must not show.</param>
internal sealed class LineBuffer(bool marksHidden)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);
    private readonly ArrayBufferWriter<bool>? _hidden = marksHidden ? new(256) : null;

    public int Count => _bytes.WrittenCount;

    public void Write(ReadOnlySpan<byte> bytes, bool isHidden = false)
    {
        _bytes.Write(bytes);
        if (_hidden is not null)
        {
            _hidden.GetSpan(bytes.Length)[..bytes.Length].Fill(isHidden);
            _hidden.Advance(bytes.Length);
        }
    }

    public void Write(LineBytes bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            Write(bytes.Bytes.AsSpan(i, 1), bytes.IsHidden(i));
        }
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _hidden?.ResetWrittenCount();
    }

    /// <summary>Gives what was collected, and begins anew.</summary>
    public LineBytes Take()
    {
        var taken = new LineBytes(_bytes.WrittenSpan.ToArray(), _hidden?.WrittenSpan.ToArray());
        Clear();
        return taken;
    }
}
