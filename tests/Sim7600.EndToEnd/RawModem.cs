using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>A host that types raw bytes at the emulator's TCP port and knows nothing but what it is told; no code of ours answers for it.</summary>
internal sealed class RawModem : IDisposable
{
    private const string Ok = "\r\nOK\r\n";
    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly StringBuilder _received = new();

    private RawModem()
    {
    }

    public static async Task<RawModem> OpenAsync(EmulatorProcess emulator)
    {
        var modem = new RawModem();
        using var limit = new CancellationTokenSource(ToolProcess.Patience);
        await modem._client.ConnectAsync("127.0.0.1", int.Parse(emulator.Tcp.Split(':')[1], CultureInfo.InvariantCulture), limit.Token);
        await modem.SendAsync("ATE0\r");
        await modem.UntilAsync(Ok);
        return modem;
    }

    /// <summary>Types a command and expects exactly these bytes.</summary>
    public async Task SayAsync(string command, string answer = Ok)
    {
        await SendAsync($"{command}\r");
        await ExpectAsync(answer);
    }

    /// <summary>Stores a certificate file.</summary>
    public async Task LoadAsync(string name, string content)
    {
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"AT+CCERTDOWN=\"{name}\",{content.Length}"), "\r\n>");
        await SendAsync(content);
        await ExpectAsync(Ok);
    }

    /// <summary>Sets keys of SSL context 0, written as <c>key=value</c>.</summary>
    public async Task ConfigureAsync(params string[] settings)
    {
        foreach (string setting in settings)
        {
            string[] parts = setting.Split('=', 2);
            await SayAsync($"AT+CSSLCFG=\"{parts[0]}\",0,{(int.TryParse(parts[1], out _) ? parts[1] : $"\"{parts[1]}\"")}");
        }
    }

    /// <summary>Starts the service and acquires client 0.</summary>
    public async Task AcquireAsync(bool tls = true)
    {
        await SayAsync("AT+CMQTTSTART", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await SayAsync($"AT+CMQTTACCQ=0,\"raw-{Guid.NewGuid():N}\",{(tls ? 1 : 0)}");
    }

    /// <summary>Connects client 0 and expects a code.</summary>
    public async Task ConnectAsync(string address, int code = 0)
    {
        await SayAsync($"AT+CMQTTCONNECT=0,\"tcp://{address}\",60,1");
        await ExpectAsync(string.Create(CultureInfo.InvariantCulture, $"\r\n+CMQTTCONNECT: 0,{code}\r\n"));
    }

    public async Task PublishAsync(string topic, string payload)
    {
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"AT+CMQTTTOPIC=0,{topic.Length}"), "\r\n>");
        await SendAsync(topic);
        await ExpectAsync(Ok);
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"AT+CMQTTPAYLOAD=0,{payload.Length}"), "\r\n>");
        await SendAsync(payload);
        await ExpectAsync(Ok);
        await SayAsync("AT+CMQTTPUB=0,1,60", Ok + "\r\n+CMQTTPUB: 0,0\r\n");
    }

    public async Task SubscribeAsync(string filter)
    {
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"AT+CMQTTSUB=0,{filter.Length},1"), "\r\n>");
        await SendAsync(filter);
        await ExpectAsync(Ok + "\r\n+CMQTTSUB: 0,0\r\n");
    }

    public async Task DisconnectAsync() => await SayAsync("AT+CMQTTDISC=0,60", Ok + "\r\n+CMQTTDISC: 0,0\r\n");

    /// <summary>Expects exactly these bytes as the next ones.</summary>
    public async Task ExpectAsync(string expected)
    {
        while (_received.Length < expected.Length && expected.StartsWith(_received.ToString(), StringComparison.Ordinal))
        {
            await ReceiveAsync(expected);
        }

        Assert.That(_received.ToString(), Does.StartWith(expected));
        _received.Remove(0, expected.Length);
    }

    /// <summary>Skips bytes up to and including a text.</summary>
    public async Task UntilAsync(string text)
    {
        int index;
        while ((index = _received.ToString().IndexOf(text, StringComparison.Ordinal)) < 0)
        {
            await ReceiveAsync(text);
        }

        _received.Remove(0, index + text.Length);
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(string text)
    {
        using var limit = new CancellationTokenSource(ToolProcess.Patience);
        await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), limit.Token);
    }

    private async Task ReceiveAsync(string waitingFor)
    {
        byte[] buffer = new byte[4096];
        using var limit = new CancellationTokenSource(ToolProcess.Patience);
        try
        {
            int count = await _client.GetStream().ReadAsync(buffer, limit.Token);
            Assert.That(count, Is.Positive, $"the port closed while '{waitingFor}' was awaited");
            _received.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Expected '{waitingFor}', the modem printed '{_received}'.");
        }
    }
}
