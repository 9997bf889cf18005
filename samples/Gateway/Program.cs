// The other device: it shows the readings of all nodes as they come, and sends what is typed as commands.
using System.CommandLine;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;

var broker = new Option<Uri>("--broker")
{
    Description = "the broker, mqtt://host[:port]",
    DefaultValueFactory = _ => new Uri("mqtt://127.0.0.1:1883"),
    CustomParser = result =>
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) && address.Scheme == "mqtt" && address.Host.Length > 0)
        {
            return address;
        }

        result.AddError($"--broker is mqtt://host[:port]; '{result.Tokens[0].Value}' is not.");
        return null;
    },
};
var node = new Option<string>("--node") { Description = "whose readings, and whose commands; + is every node's readings", DefaultValueFactory = _ => "+" };
var count = new Option<int>("--count") { Description = "end after N readings; 0 never" };
var root = new RootCommand("Shows the readings of sensor nodes. Type NODE and a period in milliseconds to change it; with --node the period is enough.") { broker, node, count };
root.SetAction(async (parsed, ct) =>
{
    using var gateway = new Gateway(parsed.GetValue(node)!, parsed.GetValue(count));
    return await gateway.RunAsync(parsed.GetValue(broker)!, ct);
});
return await root.Parse(args).InvokeAsync();

internal sealed class Gateway(string node, int count) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seen;

    public async Task<int> RunAsync(Uri broker, CancellationToken ct)
    {
        _client.ApplicationMessageReceivedAsync += Show;
        MqttClientOptions options = new MqttClientOptionsBuilder().WithTcpServer(broker.Host, broker.Port > 0 ? broker.Port : 1883).WithClientId($"gateway-{Environment.ProcessId}").Build();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task typing = TypeAsync(end.Token);
        bool wasTold = false;
        while (!ct.IsCancellationRequested && !_enough.Task.IsCompleted)
        {
            try
            {
                if (!_client.IsConnected)
                {
                    await _client.ConnectAsync(options, ct);
                    await _client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder()
                        .WithTopicFilter($"{node}/reading", MqttQualityOfServiceLevel.AtLeastOnce)
                        .WithTopicFilter($"{node}/status")
                        .WithTopicFilter($"{node}/error")
                        .Build(), ct);
                    wasTold = false;
                    await Console.Error.WriteLineAsync($"Watching {node}/# at {broker}");
                }

                await Task.WhenAny(_enough.Task, Task.Delay(Pause, ct));
            }
            catch (Exception error) when (error is MQTTnet.Exceptions.MqttCommunicationException or MQTTnet.Exceptions.MqttCommunicationTimedOutException)
            {
                if (!wasTold)
                {
                    wasTold = true;
                    await Console.Error.WriteLineAsync($"No broker at {broker}: {error.Message} Trying again.");
                }

                await Task.WhenAny(Task.Delay(Pause, ct));
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }
        }

        await end.CancelAsync();
        _ = typing; // a console that nobody types at does not end a read
        return 0;
    }

    public void Dispose() => _client.Dispose();

    private Task Show(MqttApplicationMessageReceivedEventArgs received)
    {
        MqttApplicationMessage message = received.ApplicationMessage;
        string kind = message.Topic[(message.Topic.LastIndexOf('/') + 1)..];
        Console.WriteLine($"{kind} {message.Topic} {message.ConvertPayloadToString()}");
        if (kind == "reading" && ++_seen == count)
        {
            _enough.TrySetResult();
        }

        return Task.CompletedTask;
    }

    private async Task TypeAsync(CancellationToken ct)
    {
        await Task.Yield();
        while (!ct.IsCancellationRequested && await Console.In.ReadLineAsync(ct) is { } line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string? to = words.Length == 2 ? words[0] : node == "+" ? null : node;
            if (words.Length is 0 or > 2 || to is null || to.AsSpan().ContainsAny('+', '#'))
            {
                await Console.Error.WriteLineAsync("Type: NODE PERIOD, for example node-1 2000");
            }
            else if (!await TrySendAsync($"{to}/command", words[^1], ct))
            {
                await Console.Error.WriteLineAsync($"{line.Trim()} was not sent, or nobody knows: there is no connection to the broker.");
            }
        }
    }

    private async Task<bool> TrySendAsync(string topic, string command, CancellationToken ct)
    {
        try
        {
            await _client.PublishAsync(new MqttApplicationMessageBuilder()
                .WithTopic(topic).WithPayload(Encoding.UTF8.GetBytes(command)).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), ct);
            return true;
        }
        catch (MQTTnet.Exceptions.MqttCommunicationException)
        {
            return false;
        }
    }
}
