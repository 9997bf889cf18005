using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Sim7600.Links;

namespace Sim7600.Conversations;

/// <summary>
/// A modem that knows little but counts truly: after a prompt it takes exactly so many bytes, whatever they are, and nothing gets it out of that.
/// It remembers what it was told, so that a test can see what became of it. Characters are bytes (Latin-1).
/// </summary>
public sealed class CountingModem : IAsyncDisposable
{
    private static readonly string[] WithData =
        ["CMQTTTOPIC", "CMQTTPAYLOAD", "CMQTTSUB", "CMQTTUNSUB", "CMQTTWILLTOPIC", "CMQTTWILLMSG", "CCERTDOWN"];

    private readonly InMemorySerialLink _end;
    private readonly SemaphoreSlim _mouth = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly StringBuilder _line = new();
    private readonly StringBuilder _held = new();
    private readonly Task _running;
    private int _left;
    private int _index;
    private long _activity;
    private string _topic = "";
    private string _payload = "";

    /// <summary>Switches it on.</summary>
    /// <param name="waitsFor">A command that it waits for data of already, since an earlier program was killed; null for none.</param>
    /// <param name="count">How many bytes it still waits for then.</param>
    public CountingModem(string? waitsFor = null, int count = 0)
    {
        // What one end writes the other has read when the write ends, so that no time passes between them, however busy the machine is.
        (InMemorySerialLink host, _end) = InMemorySerialLink.CreatePair("counting", PipeScheduler.Inline);
        Host = host;
        if (waitsFor is not null)
        {
            _left = count;
            Data.Add((waitsFor, count, ""));
        }

        _running = Task.Run(RunAsync);
    }

    /// <summary>The end that the code under test takes.</summary>
    public InMemorySerialLink Host { get; }

    /// <summary>True to echo commands and data whatever ATE says.</summary>
    public bool Echoes { get; init; }

    /// <summary>Loses a data byte: its place in the entry, and the number of the entry, both from 0.</summary>
    public Func<int, int, bool> Loses { get; set; } = (_, _) => false;

    /// <summary>What it says at a point such as <c>CMQTTPUB OK</c>; the text that it means to say comes in, what is said comes out.</summary>
    public Func<string, string, string> Saying { get; set; } = (_, text) => text;

    /// <summary>In which pieces it says a text.</summary>
    public Func<string, string[]> Cut { get; set; } = text => [text];

    /// <summary>Another answer to a command line; null for the usual one.</summary>
    public Func<string, string?> Instead { get; set; } = _ => null;

    /// <summary>The code of a publish, by its payload.</summary>
    public Func<string, int> PublishCode { get; set; } = _ => 0;

    /// <summary>True while it says nothing but goes on working; <see cref="ReleaseAsync"/> says it all.</summary>
    public bool IsMute { get; set; }

    /// <summary>Grows with everything that happens.</summary>
    public long Activity => Volatile.Read(ref _activity);

    public List<string> Lines { get; } = [];

    /// <summary>Each data entry: its command, the count announced, the bytes so far.</summary>
    public List<(string Name, int Count, string Bytes)> Data { get; } = [];

    public List<(string Topic, string Payload)> Published { get; } = [];

    public bool WaitsForData => Volatile.Read(ref _left) > 0;

    /// <summary>Says bytes in pieces; nothing of its own comes between them.</summary>
    public async Task SaysAsync(params string[] pieces)
    {
        await _mouth.WaitAsync();
        try
        {
            await WritePiecesAsync(pieces);
        }
        finally
        {
            _mouth.Release();
        }
    }

    /// <summary>Says what was held back, at once or in pieces of a length.</summary>
    public async Task ReleaseAsync(int pieceLength = int.MaxValue)
    {
        // The mouth comes first: what it answers from now on must come behind what was held back.
        await _mouth.WaitAsync();
        try
        {
            string held;
            lock (_held)
            {
                held = _held.ToString();
                _held.Clear();
                IsMute = false;
            }

            await WritePiecesAsync(held.Chunk(pieceLength).Select(piece => new string(piece)));
        }
        finally
        {
            _mouth.Release();
        }
    }

    public Task UnplugAsync() => _end.UnplugAsync("the device was unplugged");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _end.Input.CancelPendingRead();
        await _end.DisposeAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task WritePiecesAsync(IEnumerable<string> pieces)
    {
        try
        {
            foreach (string piece in pieces)
            {
                Interlocked.Increment(ref _activity);
                await _end.WriteAsync(Encoding.Latin1.GetBytes(piece));
            }
        }
        catch (SerialLinkException)
        {
            // the host has closed the line
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            ReadResult read = await _end.Input.ReadAsync(CancellationToken.None);
            byte[] bytes = read.Buffer.ToArray();
            _end.Input.AdvanceTo(read.Buffer.End);
            foreach (byte value in bytes)
            {
                await TakeAsync((char)value);
            }

            Interlocked.Increment(ref _activity);
            if (read.IsCompleted || _stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task TakeAsync(char value)
    {
        if (_left > 0)
        {
            await TakeDataAsync(value);
        }
        else if (value != '\r')
        {
            if (value != '\n')
            {
                _line.Append(value);
            }
        }
        else if (_line.Length > 0)
        {
            string line = _line.ToString();
            _line.Clear();
            lock (Lines)
            {
                Lines.Add(line);
            }

            await AnswerAsync(line);
        }
    }

    private async Task TakeDataAsync(char value)
    {
        int entry = Data.Count - 1;
        if (Loses(_index++, entry))
        {
            return;
        }

        (string name, int count, string before) = Data[entry];
        Data[entry] = (name, count, before + value);
        if (Echoes)
        {
            await SayAsync(name + " data echo", value.ToString());
        }

        int left = _left - 1;
        Volatile.Write(ref _left, left);
        if (left > 0)
        {
            return;
        }

        string bytes = Data[entry].Bytes;
        _ = name switch
        {
            "CMQTTTOPIC" => _topic = bytes,
            "CMQTTPAYLOAD" => _payload = bytes,
            _ => "",
        };
        await SayAsync(name + " OK", "\r\nOK\r\n");
        if (name is "CMQTTSUB" or "CMQTTUNSUB")
        {
            await SayAsync(name + " result", $"\r\n+{name}: 0,0\r\n");
        }
    }

    private async Task AnswerAsync(string line)
    {
        string name = new([.. line.Skip(3).TakeWhile(char.IsAsciiLetter)]);
        if (Echoes)
        {
            await SayAsync(name + " echo", line + "\r");
        }

        if (Instead(line) is { } answer)
        {
            await SayAsync(name + " OK", answer);
            return;
        }

        string arguments = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
        if (WithData.Contains(name))
        {
            string[] parts = arguments.Split(',');
            int count = int.Parse(parts[1], CultureInfo.InvariantCulture);
            _index = 0;
            Data.Add((name, count, ""));
            Volatile.Write(ref _left, count);
            await SayAsync(name + " prompt", "\r\n>");
            return;
        }

        if (line.StartsWith("AT+ID", StringComparison.Ordinal))
        {
            await SayAsync("ID OK", $"\r\n+ID: {line[5..]}\r\n\r\nOK\r\n");
            return;
        }

        if (name == "CMQTTPUB")
        {
            Published.Add((_topic, _payload));
            int code = PublishCode(_payload);
            (_topic, _payload) = ("", "");
            await SayAsync("CMQTTPUB OK", "\r\nOK\r\n");
            await SayAsync("CMQTTPUB result", $"\r\n+CMQTTPUB: 0,{code}\r\n");
            return;
        }

        await SayAsync(name + " OK", line switch
        {
            "AT+CMEE?" => "\r\n+CMEE: 2\r\n\r\nOK\r\n",
            "AT+CSQ" => "\r\n+CSQ: 21,99\r\n\r\nOK\r\n",
            "AT+CMQTTSTART" => "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n",
            "AT+CMQTTSTOP" => "\r\n+CMQTTSTOP: 0\r\n\r\nOK\r\n",
            "AT" or "ATE0" or "ATE1" or "ATQ0V1" or "ATV1" or "AT+CCERTLIST" => "\r\nOK\r\n",
            _ => name switch
            {
                "CMEE" or "CPIN" or "CSSLCFG" or "CMQTTSSLCFG" or "CMQTTACCQ" or "CMQTTREL" or "CCERTDELE" => "\r\nOK\r\n",
                "CMQTTCONNECT" => "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n",
                "CMQTTDISC" => "\r\nOK\r\n\r\n+CMQTTDISC: 0,0\r\n",
                _ => "\r\nERROR\r\n",
            },
        });
    }

    private async Task SayAsync(string point, string text)
    {
        string said = Saying(point, text);
        lock (_held)
        {
            if (IsMute)
            {
                _held.Append(said);
                return;
            }
        }

        if (said.Length > 0)
        {
            await SaysAsync(Cut(said));
        }
    }
}
