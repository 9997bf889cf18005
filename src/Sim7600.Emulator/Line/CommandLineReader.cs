using Sim7600.Protocol;

namespace Sim7600.Emulator.Line;

/// <summary>
/// The modem's receiver on its serial line: turns the host's bytes into command lines and counted data, and says what to
/// echo. It knows no command and no clock; the owner feeds it and stops feeding while a command runs.
/// </summary>
internal sealed class CommandLineReader
{
    /// <summary>Room for junk before <c>AT</c> besides the command buffer itself.</summary>
    public const int MaximumLine = AtLimits.CommandLine + 64;

    /// <summary>Text beyond this is taken and forgotten; what a command allows is far less.</summary>
    private const int MaximumText = 16 * 1024;

    private readonly List<byte> _line = new(128);
    private bool _overflowed;
    private bool _afterCarriageReturn;
    private bool _hostEndsLinesWithLineFeed;
    private byte[]? _data;
    private int _dataLength;
    private TextReader? _text;

    /// <summary>True while counted bytes or text are being taken.</summary>
    public bool IsTakingData => _data is not null || _text is not null;

    /// <summary>True while counted bytes are being taken.</summary>
    public bool IsCounting => _data is not null;

    /// <summary>Bytes taken so far of the counted data.</summary>
    public int DataTaken => _dataLength;

    /// <summary>Which of the bytes that <see cref="Read"/> took last were data, to be echoed as such.</summary>
    public Range LastData { get; private set; }

    /// <summary>Bytes of a command line that were received before its end.</summary>
    public int HalfLine => _line.Count;

    /// <summary>Starts taking counted data; every byte counts, whatever it is.</summary>
    /// <param name="count">How many bytes, 1 or more.</param>
    public void ExpectData(int count)
    {
        _data = new byte[count];
        _dataLength = 0;
    }

    /// <summary>Starts taking text up to Ctrl-Z; ESC gives it up.</summary>
    /// <param name="escapes">True when ETX (0x03) lets the byte after it stand for itself, as in AT+CIPSEND.</param>
    /// <param name="reportsLines">True when the end of a line is an event of its own, as in AT+CMGS.</param>
    public void ExpectText(bool escapes, bool reportsLines) => _text = new TextReader(escapes, reportsLines);

    /// <summary>Forgets a half line and half data, as a reset of the module does.</summary>
    public void Reset()
    {
        _line.Clear();
        _overflowed = false;
        _afterCarriageReturn = false;
        _data = null;
        _dataLength = 0;
        _text = null;
    }

    /// <summary>Takes bytes up to the end of the next line or of the counted data.</summary>
    /// <param name="input">Bytes from the host.</param>
    /// <param name="consumed">How many of them were taken.</param>
    /// <param name="bytes">The command line after <c>AT</c>, or the data.</param>
    /// <returns>What was found.</returns>
    public LineEventKind Read(ReadOnlySpan<byte> input, out int consumed, out byte[] bytes)
    {
        bytes = [];
        consumed = 0;
        if (_data is not null)
        {
            return TakeData(input, out consumed, out bytes);
        }

        if (_text is not null)
        {
            return TakeText(input, _text, out consumed, out bytes);
        }

        while (consumed < input.Length)
        {
            byte value = input[consumed++];
            bool followsCarriageReturn = _afterCarriageReturn;
            _afterCarriageReturn = value == '\r';
            if (followsCarriageReturn && value != '\n')
            {
                _hostEndsLinesWithLineFeed = false;
            }

            switch (value)
            {
                case (byte)'\n' when followsCarriageReturn:
                    _hostEndsLinesWithLineFeed = true;
                    continue;
                case (byte)'\r':
                case (byte)'\n':
                    LineEventKind kind = EndLine(out bytes);
                    if (kind == LineEventKind.NeedMore)
                    {
                        continue;
                    }

                    // The LF of CR LF belongs to the line even where a prompt follows: it must not become data.
                    if (value == '\r' && consumed < input.Length && input[consumed] == '\n')
                    {
                        consumed++;
                        _afterCarriageReturn = false;
                        _hostEndsLinesWithLineFeed = true;
                    }

                    return kind;
                case (byte)'\b':
                    if (_line.Count > 0)
                    {
                        _line.RemoveAt(_line.Count - 1);
                    }

                    continue;
                case 0:
                    continue;
                default:
                    Append(value);
                    if (value == '/' && IsRepeat())
                    {
                        _line.Clear();
                        return LineEventKind.Repeat;
                    }

                    continue;
            }
        }

        return LineEventKind.NeedMore;
    }

    /// <summary>
    /// How many of the given bytes the modem echoes: in a command line everything up to and including the line's end, but not
    /// the LF after a CR.
    /// </summary>
    /// <param name="taken">Bytes that <see cref="Read"/> has just taken as command line.</param>
    /// <param name="startsAfterCarriageReturn">Whether the byte before them was a CR.</param>
    /// <returns>The bytes to send back.</returns>
    public static byte[] Echo(ReadOnlySpan<byte> taken, bool startsAfterCarriageReturn)
    {
        var echo = new List<byte>(taken.Length);
        bool afterCarriageReturn = startsAfterCarriageReturn;
        foreach (byte value in taken)
        {
            if (value != '\n' || !afterCarriageReturn)
            {
                echo.Add(value);
            }

            afterCarriageReturn = value == '\r';
        }

        return [.. echo];
    }

    /// <summary>True when the last byte of a line was a CR, so that an LF right after it is part of the line end.</summary>
    public bool IsAfterCarriageReturn => _afterCarriageReturn;

    private LineEventKind TakeData(ReadOnlySpan<byte> input, out int consumed, out byte[] bytes)
    {
        bytes = [];
        consumed = 0;
        if (input.IsEmpty)
        {
            return LineEventKind.NeedMore;
        }

        if (_dataLength == 0 && IsLineFeedOfCommand(input[0]))
        {
            consumed = 1;
            input = input[1..];
        }

        _afterCarriageReturn = false;
        int start = consumed;
        int count = Math.Min(input.Length, _data!.Length - _dataLength);
        input[..count].CopyTo(_data.AsSpan(_dataLength));
        _dataLength += count;
        consumed += count;
        LastData = start..consumed;
        if (_dataLength < _data.Length)
        {
            return LineEventKind.NeedMore;
        }

        bytes = _data;
        _data = null;
        _dataLength = 0;
        return LineEventKind.Data;
    }

    /// <summary>
    /// A host that ends its lines with CR LF may send the LF after the prompt; a host that ends them with CR alone may send
    /// data that begins with LF. What the host did before tells them apart.
    /// </summary>
    private bool IsLineFeedOfCommand(byte first) => _afterCarriageReturn && first == '\n' && _hostEndsLinesWithLineFeed;

    private LineEventKind TakeText(ReadOnlySpan<byte> input, TextReader text, out int consumed, out byte[] bytes)
    {
        bytes = [];
        consumed = 0;
        if (input.IsEmpty)
        {
            return LineEventKind.NeedMore;
        }

        if (IsLineFeedOfCommand(input[0]))
        {
            consumed = 1;
        }

        _afterCarriageReturn = false;
        int start = consumed;
        LineEventKind kind = LineEventKind.NeedMore;
        while (consumed < input.Length && kind == LineEventKind.NeedMore)
        {
            kind = text.Take(input[consumed++]);
        }

        bool ended = kind is LineEventKind.Data or LineEventKind.Cancelled;
        LastData = start..(ended ? consumed - 1 : consumed);
        if (ended)
        {
            _text = null;
            bytes = kind == LineEventKind.Data ? text.ToArray() : [];
        }

        return kind;
    }

    private LineEventKind EndLine(out byte[] bytes)
    {
        bytes = [];
        bool overflowed = _overflowed;
        byte[] line = [.. _line];
        _line.Clear();
        _overflowed = false;
        if (overflowed)
        {
            return LineEventKind.Invalid;
        }

        int start = IndexOfAt(line);
        if (start < 0)
        {
            // ESC, Ctrl-Z or +++ on their own are what clients send to get out of another mode; text is a mistake.
            return line.AsSpan().IndexOfAnyInRange((byte)'0', (byte)'z') < 0 ? LineEventKind.NeedMore : LineEventKind.Invalid;
        }

        bytes = line[(start + 2)..];
        return LineEventKind.Command;
    }

    /// <summary>Position of the <c>AT</c> that begins the command: only control characters, blanks and signs may stand before it.</summary>
    private static int IndexOfAt(ReadOnlySpan<byte> line)
    {
        for (int i = 0; i + 1 < line.Length; i++)
        {
            if ((line[i] | 0x20) == 'a' && (line[i + 1] | 0x20) == 't')
            {
                return i;
            }

            if (char.IsAsciiLetterOrDigit((char)line[i]))
            {
                return -1;
            }
        }

        return -1;
    }

    private void Append(byte value)
    {
        if (_line.Count >= MaximumLine)
        {
            _overflowed = true;
            return;
        }

        _line.Add(value);
    }

    private bool IsRepeat() => _line.Count == 2 && (_line[0] | 0x20) == 'a';

    /// <summary>Text that is being typed at a prompt, with the rules of its end.</summary>
    private sealed class TextReader(bool escapes, bool reportsLines)
    {
        private const byte Escape = 0x03;
        private const byte End = 0x1A;
        private const byte GiveUp = 0x1B;
        private readonly List<byte> _bytes = [];
        private bool _escaped;

        public byte[] ToArray() => [.. _bytes];

        public LineEventKind Take(byte value)
        {
            if (_escaped)
            {
                _escaped = false;
            }
            else if (value == End)
            {
                return LineEventKind.Data;
            }
            else if (value == GiveUp)
            {
                return LineEventKind.Cancelled;
            }
            else if (value == Escape && escapes)
            {
                _escaped = true;
                return LineEventKind.NeedMore;
            }

            if (_bytes.Count < MaximumText)
            {
                _bytes.Add(value);
            }

            return value == '\r' && reportsLines ? LineEventKind.TextLine : LineEventKind.NeedMore;
        }
    }
}
