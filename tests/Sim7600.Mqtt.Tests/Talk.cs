using Sim7600.Conversations;
using Sim7600.Driver;
using Sim7600.Driver.Channel;

namespace Sim7600.Mqtt.Tests;

/// <summary>A modem that was opened already, on virtual time, and the exchanges that most conversations share.</summary>
internal sealed class Talk : IAsyncDisposable
{
    private Talk(bool byteByByte)
    {
        Peer = new ScriptedModem { ByteByByte = byteByByte };
        Options = new AtChannelOptions { TimeProvider = Time, LoggerFactory = Log };
    }

    public ScriptedModem Peer { get; }

    public ScriptedTime Time { get; } = new();

    public RecordedLog Log { get; } = new();

    public AtChannelOptions Options { get; }

    public Sim7600Modem Modem { get; private set; } = null!;

    public static MqttConnectOptions Plain { get; } = new() { Broker = new("mqtt://b.example"), ClientId = "node-7" };

    public static async Task<Talk> Opened(bool byteByByte = false)
    {
        var talk = new Talk(byteByByte);
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(talk.Peer.Host, new Sim7600ModemOptions { Channel = talk.Options });
        await talk.Peer.Answers("AT\r", "\r\nOK\r\n");
        await talk.GetsInStep();
        await talk.Peer.Answers("ATE0\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMEE=2\r", "\r\nOK\r\n");
        talk.Modem = await opening;
        return talk;
    }

    public async Task GetsInStep()
    {
        for (int round = 0; round < 2; round++)
        {
            await Time.PassesUntil(Options.QuietTime, () => Peer.HasHeardSomething);
            await Peer.Answers("AT+CMEE?\r", "\r\n+CMEE: 2\r\n\r\nOK\r\n");
        }
    }

    public async Task<Sim7600MqttClient> Connected(MqttConnectOptions? options = null)
    {
        options ??= Plain;
        Task<Sim7600MqttClient> connecting = Modem.ConnectMqttAsync(options);
        await Peer.Answers("AT+CMQTTSTART\r", options.ClientIndex == 0 ? "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n" : "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n");
        await Peer.Answers($"AT+CMQTTACCQ={options.ClientIndex},\"{options.ClientId}\"\r", "\r\nOK\r\n");
        await Peer.Answers(
            $"AT+CMQTTCONNECT={options.ClientIndex},\"tcp://b.example:1883\",60,{(options.CleanSession ? 1 : 0)}\r",
            $"\r\nOK\r\n\r\n+CMQTTCONNECT: {options.ClientIndex},0\r\n");
        return await connecting;
    }

    public async Task FindsClientInUse(string? acquired, string connected)
    {
        await Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n");
        await Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n");
        await Peer.Answers("AT+CMQTTACCQ?\r", acquired is null ? "\r\nERROR\r\n" : $"\r\n+CMQTTACCQ: {acquired}\r\n+CMQTTACCQ: 1,\"\",0,3\r\n\r\nOK\r\n");
        await Peer.Answers("AT+CMQTTDISC?\r", $"\r\n+CMQTTDISC: {connected}\r\n+CMQTTDISC: 1,1\r\n\r\nOK\r\n");
    }

    public async Task TakesTopic(string topic, int index = 0)
    {
        await Peer.Answers($"AT+CMQTTTOPIC={index},{topic.Length}\r", "\r\n>");
        await Peer.Answers(topic, "\r\nOK\r\n");
    }

    public async Task TakesPayload(string payload, int index = 0)
    {
        await Peer.Answers($"AT+CMQTTPAYLOAD={index},{payload.Length}\r", "\r\n>");
        await Peer.Answers(payload, "\r\nOK\r\n");
    }

    public async Task Subscribes(string filter, string answer = "\r\nOK\r\n\r\n+CMQTTSUB: 0,0\r\n", int qos = 0)
    {
        await Peer.Answers($"AT+CMQTTSUB=0,{filter.Length},{qos}\r", "\r\n>");
        await Peer.Answers(filter, answer);
    }

    public async Task Unsubscribes(string filter)
    {
        await Peer.Answers($"AT+CMQTTUNSUB=0,{filter.Length},0\r", "\r\n>");
        await Peer.Answers(filter, "\r\nOK\r\n\r\n+CMQTTUNSUB: 0,0\r\n");
    }

    public async Task Disconnects(int index = 0, bool stops = true)
    {
        await Peer.Answers($"AT+CMQTTDISC={index},60\r", $"\r\nOK\r\n\r\n+CMQTTDISC: {index},0\r\n");
        await Releases(index, stops);
    }

    public async Task Releases(int index = 0, bool stops = true)
    {
        await Peer.Answers($"AT+CMQTTREL={index}\r", "\r\nOK\r\n");
        if (stops)
        {
            await Peer.Answers("AT+CMQTTSTOP\r", "\r\n+CMQTTSTOP: 0\r\n\r\nOK\r\n");
        }
    }

    public Task Receives(string topic, string payload, int index = 0) => Peer.Says(Message(topic, payload, index));

    public static string Message(string topic, string payload, int index = 0) =>
        $"\r\n+CMQTTRXSTART: {index},{topic.Length},{payload.Length}\r\n\r\n+CMQTTRXTOPIC: {index},{topic.Length}\r\n{topic}\r\n"
        + (payload.Length == 0 ? "" : $"+CMQTTRXPAYLOAD: {index},{payload.Length}\r\n{payload}\r\n")
        + $"+CMQTTRXEND: {index}\r\n";

    public async ValueTask DisposeAsync()
    {
        await Modem.DisposeAsync();
        await Peer.DisposeAsync();
    }
}
