using System.Text;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Features;
using Sim7600.Emulator;
using Sim7600.Mqtt;

namespace Sim7600.Simulation.Interleaving;

/// <summary>One driver and one modem with a line to tamper with, and the steps that an exchange is made of.</summary>
internal sealed class ExchangeBench : IAsyncDisposable
{
    public const string Topic = "bench/reading";
    public const string Filter = "bench/command";

    /// <summary>A message that no broker sent; the line was made to carry it.</summary>
    public const string Inserted = "sent\r\nOK";

    private readonly List<string> _received = [];
    private int _number;
    private Task _listening = Task.CompletedTask;

    public ExchangeBench()
    {
        Judge = new Judge(System);
        Line = new TamperedLine(System.Time, System.Modem);
    }

    public SimulatedSystem System { get; } = new(seed: 1, BootMode.None, longestWay: 10);

    public Judge Judge { get; }

    public TamperedLine Line { get; private set; }

    public Sim7600Modem? Modem { get; private set; }

    public Sim7600MqttClient? Client { get; private set; }

    public MqttSubscription? Subscription { get; private set; }

    /// <summary>Runs something on virtual time until it has ended.</summary>
    /// <returns>False when it did not end within <paramref name="atMost"/>.</returns>
    public async Task<bool> RunAsync(Func<Task> what, TimeSpan? atMost = null)
    {
        Task running = what();
        await System.Time.UntilAsync(() => running.IsCompleted, atMost ?? TimeSpan.FromMinutes(30));
        if (!running.IsCompleted)
        {
            return false;
        }

        await running;
        return true;
    }

    /// <summary>A program that starts anew on the same modem.</summary>
    public void Reopen()
    {
        Line = new TamperedLine(System.Time, System.Modem);
        Modem = null;
        Client = null;
        Subscription = null;
    }

    public async Task OpenAsync() => Modem = await Judge.CallAsync<Sim7600Modem?>(
        "open",
        TimeSpan.FromSeconds(60),
        async ct => await Sim7600Modem.OpenAsync(Line.Host, new Sim7600ModemOptions { Channel = new AtChannelOptions { TimeProvider = System.Time, LoggerFactory = Judge.Timeline } }, ct),
        whenFailed: null);

    public async Task ConnectAsync(MqttWill? will = null) => Client = await Judge.CallAsync<Sim7600MqttClient?>(
        "connect",
        TimeSpan.FromMinutes(6),
        async ct => await Modem!.ConnectMqttAsync(new MqttConnectOptions { Broker = new("mqtt://broker.example:1883"), ClientId = "bench", Will = will }, ct),
        whenFailed: null);

    public async Task SubscribeAsync()
    {
        Subscription = await Judge.CallAsync<MqttSubscription?>(
            "subscribe", TimeSpan.FromMinutes(6), async ct => await Client!.OpenSubscriptionAsync([Filter], MqttQualityOfServiceLevel.AtLeastOnce, ct), whenFailed: null);
        _listening = Subscription is { } subscription ? ListenAsync(subscription) : Task.CompletedTask;
    }

    public Task UnsubscribeAsync() => Judge.CallAsync("unsubscribe", TimeSpan.FromMinutes(6), Subscription!.UnsubscribeAsync);

    /// <summary>Publishes a message of its own.</summary>
    /// <returns>How it ended; null for an exception that the API names.</returns>
    public async Task<PublishOutcome?> PublishAsync(MqttQualityOfServiceLevel qos, string rest)
    {
        int number = ++_number;
        byte[] payload = Encoding.UTF8.GetBytes($"{number} {rest}");
        Judge.Publishing(number, Topic, payload);
        PublishOutcome? outcome = await Judge.CallAsync<PublishOutcome?>("publish", TimeSpan.FromMinutes(5), async ct => await Client!.PublishAsync(Topic, payload, qos, ct: ct), whenFailed: null);
        if (outcome is not null && qos != MqttQualityOfServiceLevel.AtMostOnce)
        {
            Judge.Ended(number, outcome);
        }

        return outcome;
    }

    /// <summary>Lets the broker send a message and waits, a little, until it is there.</summary>
    /// <returns>True when it came.</returns>
    public async Task<bool> ReceiveAsync(string text)
    {
        System.Broker.Publish(Filter, Encoding.UTF8.GetBytes(text));
        DateTimeOffset end = System.Time.GetUtcNow() + TimeSpan.FromSeconds(10);
        while (!_received.Contains(text) && System.Time.GetUtcNow() < end)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), System.Time);
        }

        foreach (string other in _received.Where(other => other != text && other != Inserted))
        {
            Judge.Violate($"a message arrived that nobody sent: {other}");
        }

        return _received.Contains(text);
    }

    public Task DisconnectAsync() => Judge.CallAsync("disconnect", TimeSpan.FromMinutes(6), Client!.DisconnectAsync);

    /// <summary>Asks for something that only this question has as its answer.</summary>
    public async Task<bool> IsInStepAsync()
    {
        NetworkOperator? name = await Judge.CallAsync<NetworkOperator?>("operator", TimeSpan.FromSeconds(60), Modem!.Network.OperatorAsync, whenFailed: null);
        return name?.Name == System.Modem.Network.LongName;
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is { } client)
        {
            await client.DisposeAsync();
        }

        if (Modem is { } modem)
        {
            await modem.DisposeAsync();
        }
        else
        {
            await Line.Host.DisposeAsync();
        }

        await _listening;
    }

    private async Task ListenAsync(MqttSubscription subscription)
    {
        try
        {
            await foreach (MqttMessage message in subscription.ReadAllAsync())
            {
                _received.Add(Encoding.Latin1.GetString(message.Payload.Span));
            }
        }
        catch (MqttException)
        {
            // the connection has ended
        }
    }
}
