using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Sim7600.Links;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt.Tests.Hosting;

/// <summary>
/// A modem that is registered and answers each command with a fixed text, for programs that decide themselves when they say what. It has no
/// state but what it heard. Characters are bytes (Latin-1).
/// </summary>
internal sealed class AnsweringModem(string name) : IAsyncDisposable
{
    private const string Ok = "\r\nOK\r\n";
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly Channel<string> _lines = System.Threading.Channels.Channel.CreateUnbounded<string>();
    private readonly Channel<string> _published = System.Threading.Channels.Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, string> _answers = new(StringComparer.Ordinal)
    {
        ["AT+CMEE?"] = "\r\n+CMEE: 2\r\n" + Ok,
        ["AT+CPIN?"] = "\r\n+CPIN: READY\r\n" + Ok,
        ["AT+CREG?"] = "\r\n+CREG: 0,1\r\n" + Ok,
        ["AT+CGREG?"] = "\r\n+CGREG: 0,1\r\n" + Ok,
        ["AT+CEREG?"] = "\r\n+CEREG: 0,1\r\n" + Ok,
        ["AT+CGATT?"] = "\r\n+CGATT: 1\r\n" + Ok,
        ["AT+CMQTTSTART"] = "\r\n+CMQTTSTART: 0\r\n" + Ok,
        ["AT+CMQTTCONNECT"] = Ok + "\r\n+CMQTTCONNECT: 0,0\r\n",
        ["AT+CMQTTDISC"] = Ok + "\r\n+CMQTTDISC: 0,0\r\n",
        ["AT+CMQTTDISC?"] = "\r\n+CMQTTDISC: 0,0\r\n+CMQTTDISC: 1,1\r\n" + Ok,
        ["AT+CMQTTSTOP"] = "\r\n+CMQTTSTOP: 0\r\n" + Ok,
        ["AT+CMQTTPUB"] = Ok + "\r\n+CMQTTPUB: 0,0\r\n",
    };

    private InMemorySerialLink? _end;
    private Task _serving = Task.CompletedTask;
    private string _topic = "";
    private string _payload = "";

    /// <summary>The port's name, unique, so that measurements can be told from those of other tests.</summary>
    public string Name { get; } = $"{name}-{Guid.NewGuid():N}";

    /// <summary>What the host said, a command or its data an entry.</summary>
    public string[] Heard => [.. _heard];

    /// <summary>The commands, as they come.</summary>
    public ChannelReader<string> Lines => _lines.Reader;

    /// <summary>What was published, <c>topic=payload</c>.</summary>
    public ChannelReader<string> Published => _published.Reader;

    /// <summary>Says something else to a command, by its name without parameters.</summary>
    public void Answers(string command, string answer) => _answers[command] = answer;

    /// <summary>Says the usual again.</summary>
    public void AnswersAsUsual(string command) => _answers.TryRemove(command, out _);

    /// <summary>True to say to the next SUB or UNSUB that the client is busy; <c>busy</c> is then heard behind its filter.</summary>
    public Func<bool> IsBusy { get; set; } = () => false;

    /// <summary>Opens the port; what <c>OpenLink</c> wants.</summary>
    public Task<ISerialLink> OpenAsync(CancellationToken cancellationToken)
    {
        (InMemorySerialLink host, _end) = InMemorySerialLink.CreatePair(Name);
        _serving = ServeAsync(_end);
        return Task.FromResult<ISerialLink>(host);
    }

    public async Task Says(string bytes) => await _end!.WriteAsync(Encoding.Latin1.GetBytes(bytes));

    public async ValueTask DisposeAsync()
    {
        if (_end is not null)
        {
            await _end.DisposeAsync();
        }

        await _serving;
    }

    private async Task ServeAsync(InMemorySerialLink end)
    {
        var buffered = new StringBuilder();
        while (true)
        {
            ReadResult read = await end.Input.ReadAsync();
            buffered.Append(Encoding.Latin1.GetString(read.Buffer.ToArray()));
            end.Input.AdvanceTo(read.Buffer.End);
            while (Take(buffered) is { } answer)
            {
                if (answer.Length > 0)
                {
                    try
                    {
                        await end.WriteAsync(Encoding.Latin1.GetBytes(answer));
                    }
                    catch (SerialLinkException)
                    {
                        return; // the host has hung up in the meantime
                    }
                }
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    // The command whose data is awaited, and how many bytes.
    private (string Command, int Count)? _data;

    private string? Take(StringBuilder buffered)
    {
        string all = buffered.ToString();
        if (_data is { } data)
        {
            if (all.Length < data.Count)
            {
                return null;
            }

            _data = null;
            buffered.Remove(0, data.Count);
            return TakeData(data.Command, all[..data.Count]);
        }

        int end = all.IndexOf('\r', StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        buffered.Remove(0, end + 1);
        string line = all[..end];
        _heard.Enqueue(line);
        _lines.Writer.TryWrite(line);
        string command = line.Split('=')[0];
        if (command is "AT+CMQTTTOPIC" or "AT+CMQTTPAYLOAD" or "AT+CMQTTSUB" or "AT+CMQTTUNSUB" && !_answers.ContainsKey(command))
        {
            _data = (command, int.Parse(line.Split('=', ',')[2], CultureInfo.InvariantCulture));
            return "\r\n>";
        }

        if (command == "AT+CMQTTPUB")
        {
            _published.Writer.TryWrite($"{_topic}={_payload}");
        }

        return _answers.GetValueOrDefault(command, Ok);
    }

    private string TakeData(string command, string data)
    {
        _heard.Enqueue(data);
        if (command is "AT+CMQTTSUB" or "AT+CMQTTUNSUB" && IsBusy())
        {
            _heard.Enqueue("busy");
            return $"{Ok}\r\n{command[2..]}: 0,{(int)CmqttResultCode.ClientBusy}\r\n";
        }

        switch (command)
        {
            case "AT+CMQTTTOPIC":
                _topic = data;
                return Ok;
            case "AT+CMQTTPAYLOAD":
                _payload = data;
                return Ok;
            case "AT+CMQTTUNSUB":
                return Ok + "\r\n+CMQTTUNSUB: 0,0\r\n";
            default:
                return _answers.GetValueOrDefault("+CMQTTSUB", Ok + "\r\n+CMQTTSUB: 0,0\r\n");
        }
    }
}
