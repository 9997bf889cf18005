using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Sim7600.EndToEnd.Processes;

/// <summary>A bare socket to the emulator's TCP port: bytes typed, bytes expected, nothing of our own driver in between.</summary>
internal sealed class AtTerminal : IDisposable
{
    public const string Ok = "\r\nOK\r\n";
    private readonly TcpClient _client = new();
    private readonly StringBuilder _printed = new();
    private readonly byte[] _buffer = new byte[16384];

    private AtTerminal()
    {
    }

    /// <summary>Connects to the modem's port, echo off, ready for commands.</summary>
    public static async Task<AtTerminal> OpenAsync(EmulatorProcess emulator)
    {
        var terminal = new AtTerminal();
        await terminal._client.ConnectAsync("127.0.0.1", int.Parse(emulator.Tcp.Split(':')[1], CultureInfo.InvariantCulture));
        await terminal.SayAsync("ATE0\r", "ATE0\r" + Ok);
        return terminal;
    }

    /// <summary>Types bytes (Latin-1, a byte a char) and expects exactly these bytes next.</summary>
    public async Task SayAsync(string bytes, string expected)
    {
        await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes));
        await ExpectAsync(expected);
    }

    /// <summary>Types a command that prompts, and its data.</summary>
    public async Task DataAsync(string command, string data, string answer = Ok)
    {
        await SayAsync($"{command}\r", "\r\n>");
        await SayAsync(data, answer);
    }

    /// <summary>Starts the service and acquires client 0.</summary>
    public async Task AcquireAsync(string clientId)
    {
        await SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await SayAsync($"AT+CMQTTACCQ=0,\"{clientId}\"\r", Ok);
    }

    /// <summary>Publishes and waits for the result.</summary>
    public async Task PublishAsync(string topic, string payload, int qos, int retain = 0)
    {
        await DataAsync($"AT+CMQTTTOPIC=0,{topic.Length}", topic);
        if (payload.Length > 0)
        {
            await DataAsync($"AT+CMQTTPAYLOAD=0,{payload.Length}", payload);
        }

        await SayAsync($"AT+CMQTTPUB=0,{qos},60,{retain}\r", Ok + "\r\n+CMQTTPUB: 0,0\r\n");
    }

    /// <summary>Expects exactly these bytes next.</summary>
    public async Task ExpectAsync(string expected)
    {
        using var limit = new CancellationTokenSource(ToolProcess.Patience);
        while (_printed.Length < expected.Length && expected.StartsWith(_printed.ToString(), StringComparison.Ordinal))
        {
            int count = 0;
            try
            {
                count = await _client.GetStream().ReadAsync(_buffer, limit.Token);
            }
            catch (OperationCanceledException)
            {
                // The comparison below tells what is missing.
            }

            if (count == 0)
            {
                break;
            }

            _printed.Append(Encoding.Latin1.GetString(_buffer, 0, count));
        }

        Assert.That(_printed.ToString(), Does.StartWith(expected));
        _printed.Remove(0, expected.Length);
    }

    /// <summary>A received message of one payload piece, as the modem prints it.</summary>
    public static string Block(string topic, string payload) =>
        $"\r\n+CMQTTRXSTART: 0,{topic.Length},{payload.Length}\r\n\r\n+CMQTTRXTOPIC: 0,{topic.Length}\r\n{topic}\r\n"
        + $"+CMQTTRXPAYLOAD: 0,{payload.Length}\r\n{payload}\r\n+CMQTTRXEND: 0\r\n";

    public void Dispose() => _client.Dispose();
}
