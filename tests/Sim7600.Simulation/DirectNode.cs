using System.Text;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Links;
using Sim7600.Mqtt;

namespace Sim7600.Simulation;

/// <summary>A program that does everything itself: opens, waits for the network, connects, publishes at all three QoS, and begins again after each loss.</summary>
internal sealed class DirectNode(SimulatedSystem system, Judge judge) : INode
{
    private readonly Random _random = new(system.Random.Next());
    private readonly HashSet<string> _commands = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private Sim7600Modem? _modem;
    private bool _publishes = true;
    private int _number;

    public bool IsConnected { get; private set; }

    public bool IsIdle { get; private set; } = true;

    public string Describe() => $"{(IsConnected ? "connected" : "not connected")}, doing: {Doing}";

    private string Doing { get; set; } = "nothing";

    public Task StartAsync()
    {
        _running = Task.WhenAll(RunAsync(), new Asker(system, judge, () => _modem).RunAsync(_stop.Token));
        return Task.CompletedTask;
    }

    public void StopPublishing() => _publishes = false;

    public bool HasReceived(string command) => _commands.Contains(command);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Sim7600Modem? modem = await CallAsync("open", TimeSpan.FromSeconds(60), async ct =>
            {
                ISerialLink link = await system.OpenAsync(ct);
                return await Sim7600Modem.OpenAsync(link, new Sim7600ModemOptions { Channel = new AtChannelOptions { TimeProvider = system.Time, LoggerFactory = judge.Timeline } }, ct);
            });
            if (modem is not null)
            {
                _modem = modem;
                await UseAsync(modem);
                _modem = null;
                await CallAsync("dispose the modem", TimeSpan.FromSeconds(30), async _ => await DisposedAsync(modem));
            }

            await RestAsync(TimeSpan.FromSeconds(5));
        }
    }

    private async Task UseAsync(Sim7600Modem modem)
    {
        var registration = await CallAsync("registration", TimeSpan.FromSeconds(230), modem.Network.WaitForRegistrationAsync);
        if (registration is null || _stop.IsCancellationRequested)
        {
            return;
        }

        var options = new MqttConnectOptions { Broker = new("mqtt://broker.example:1883"), ClientId = "direct" };
        Sim7600MqttClient? client = await CallAsync("connect", TimeSpan.FromMinutes(6), ct => modem.ConnectMqttAsync(options, ct));
        if (client is null)
        {
            return;
        }

        MqttSubscription? subscription = await CallAsync(
            "subscribe", TimeSpan.FromMinutes(6), ct => client.OpenSubscriptionAsync([Workload.CommandTopic], MqttQualityOfServiceLevel.AtLeastOnce, ct));
        Task listening = subscription is null ? Task.CompletedTask : ListenAsync(subscription);
        IsConnected = subscription is not null;
        while (client.IsConnected && subscription is not null && !_stop.IsCancellationRequested)
        {
            if (_publishes)
            {
                await PublishAsync(client);
            }

            await RestAsync(TimeSpan.FromSeconds(_random.Next(1, 120)));
        }

        IsConnected = false;
        await CallAsync("dispose the client", TimeSpan.FromMinutes(3), async _ => await DisposedAsync(client));
        await listening;
    }

    private async Task PublishAsync(Sim7600MqttClient client)
    {
        int number = ++_number;
        byte[] payload = Workload.Payload(number, _random);
        var qos = (MqttQualityOfServiceLevel)_random.Next(3);
        judge.Publishing(number, Workload.Topic, payload);
        IsIdle = false;
        PublishOutcome? outcome = await CallAsync("publish", TimeSpan.FromMinutes(4), ct => client.PublishAsync(Workload.Topic, payload, qos, ct: ct));
        IsIdle = true;
        if (outcome is not null && qos != MqttQualityOfServiceLevel.AtMostOnce)
        {
            judge.Ended(number, outcome);
        }
    }

    private async Task ListenAsync(MqttSubscription subscription)
    {
        try
        {
            await foreach (MqttMessage message in subscription.ReadAllAsync(_stop.Token))
            {
                _commands.Add(Encoding.UTF8.GetString(message.Payload.Span));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or MqttException)
        {
            // the end of the node, or of the connection
        }
    }

    private async Task<T?> CallAsync<T>(string name, TimeSpan deadline, Func<CancellationToken, Task<T>> call)
        where T : class
    {
        Doing = name;
        T? result = await judge.CallAsync<T?>(name, deadline, async ct => await call(ct), whenFailed: null);
        Doing = "resting";
        return result;
    }

    private static async Task<object> DisposedAsync(IAsyncDisposable what)
    {
        await what.DisposeAsync();
        return what;
    }

    private async Task RestAsync(TimeSpan length)
    {
        try
        {
            await Task.Delay(length, system.Time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // the node ends
        }
    }
}
