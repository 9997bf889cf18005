using System.Globalization;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Driver.Channel;

/// <summary>
/// The last received bytes, for messages to people, and how much of them is text at all. A cell is a byte; a negative one stands for as many
/// bytes that must not be shown.
/// </summary>
internal sealed class ReceivedTail
{
    private const int Most = 192;
    private readonly int[] _cells = new int[Most];
    private int _first;
    private int _length;
    private int _lineBytes;
    private int _strangeBytes;

    /// <summary>Noise, a wrong line speed above all: a quarter of the line bytes and more is no text.</summary>
    public bool IsGarbage => _strangeBytes >= 3 && 4 * _strangeBytes >= _lineBytes;

    /// <summary>The last bytes as text with escapes.</summary>
    public string ToText(int most = Most) => Render(most, "", bytes => AtText.Escape(bytes));

    /// <summary>The last bytes as pairs of hexadecimal digits.</summary>
    public string ToHex(int most = Most) => Render(most, " ", bytes => string.Join(' ', bytes.Select(value => value.ToString("X2", CultureInfo.InvariantCulture))));

    public ReceivedTail Copy()
    {
        var copy = new ReceivedTail { _first = _first, _length = _length, _lineBytes = _lineBytes, _strangeBytes = _strangeBytes };
        _cells.CopyTo(copy._cells);
        return copy;
    }

    public void Clear() => _length = _lineBytes = _strangeBytes = 0;

    /// <summary>Takes bytes of lines and prompts, or of what was read of one.</summary>
    public void Add(ReadOnlySpan<byte> bytes, bool hide = false)
    {
        foreach (byte value in bytes)
        {
            _lineBytes++;
            _strangeBytes += value is < 0x20 and not (byte)'\r' and not (byte)'\n' and not (byte)'\t' or >= 0x7F ? 1 : 0;
            if (!hide)
            {
                Put(value);
            }
        }

        if (hide)
        {
            Hide(bytes.Length);
        }
    }

    /// <summary>Takes bytes that may be anything: payload, or the echo of data.</summary>
    public void Hide(int count)
    {
        if (count == 0)
        {
            return;
        }

        int last = (_first + _length + Most - 1) % Most;
        if (_length > 0 && _cells[last] < 0)
        {
            _cells[last] -= count;
        }
        else
        {
            Put(-count);
        }
    }

    private void Put(int cell)
    {
        _cells[(_first + _length) % Most] = cell;
        if (_length < Most)
        {
            _length++;
        }
        else
        {
            _first = (_first + 1) % Most;
        }
    }

    private string Render(int cells, string separator, Func<byte[], string> show)
    {
        var parts = new List<string>();
        var bytes = new List<byte>();
        void Flush()
        {
            if (bytes.Count > 0)
            {
                parts.Add(show([.. bytes]));
                bytes.Clear();
            }
        }

        for (int place = Math.Max(0, _length - cells); place < _length; place++)
        {
            int cell = _cells[(_first + place) % Most];
            if (cell >= 0)
            {
                bytes.Add((byte)cell);
                continue;
            }

            Flush();
            parts.Add($"<{-cell} bytes hidden>");
        }

        Flush();
        return string.Join(separator, parts);
    }
}
