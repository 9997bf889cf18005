using System.Text;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Mqtt;

namespace Sim7600.Simulation;

/// <summary>A program with a client that stays: it enqueues a reading or more a minute and listens for commands.</summary>
internal sealed class ManagedNode(SimulatedSystem system, Judge judge) : INode
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly Random _random = new(system.Random.Next());
    private readonly HashSet<string> _commands = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private ManagedMqttClient? _client;
    private ITimer? _timer;
    private Task _listening = Task.CompletedTask;
    private Task _asking = Task.CompletedTask;
    private int _number;
    private int _enqueuing;

    public bool IsConnected => _client?.State == ManagedMqttState.Connected;

    public bool IsIdle => _client!.Outbox.Counters.Pending == 0 && _enqueuing == 0;

    public string Describe() => $"{_client?.State}, modem {_client?.Supervisor.State}, {_client?.Outbox.Counters}; last step: {_client?.LatestTransition}";

    public async Task StartAsync()
    {
        _client = await ManagedMqttClient.StartAsync(new ManagedMqttOptions
        {
            Modem = new()
            {
                PortName = "simulated",
                OpenLink = system.OpenAsync,
                Modem = new Sim7600ModemOptions { Channel = new AtChannelOptions { TimeProvider = system.Time, LoggerFactory = judge.Timeline } },
                Recovery = new() { Random = new Random(system.Random.Next()) },
            },
            Connection = new() { Broker = new("mqtt://broker.example:1883"), ClientId = "node" },
        });
        _listening = ListenAsync();
        _asking = new Asker(system, judge, () => _client.Supervisor.WaitOnlineAsync() is { IsCompletedSuccessfully: true } online ? online.Result.Modem : null).RunAsync(_stop.Token);
        _ = judge.CallAsync("subscribe", TimeSpan.FromMinutes(30), ct => _client.SubscribeAsync(Workload.CommandTopic, MqttQualityOfServiceLevel.AtLeastOnce, ct));
        _timer = system.Time.CreateTimer(_ => EnqueueSome(), null, Period, Period);
    }

    public void StopPublishing() => _timer?.Dispose();

    public bool HasReceived(string command) => _commands.Contains(command);

    public async ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        await _stop.CancelAsync();
        if (_client is { } client)
        {
            await client.DisposeAsync();
        }

        await _listening;
        await _asking;
        _stop.Dispose();
    }

    /// <summary>Mostly one reading, sometimes a burst.</summary>
    private void EnqueueSome()
    {
        _client!.Retry(); // as the program's user would, once it has given up
        for (int count = _random.Next(5) == 0 ? _random.Next(1, 6) : 1; count > 0; count--)
        {
            _ = EnqueueAsync();
        }
    }

    private async Task EnqueueAsync()
    {
        int number = ++_number;
        byte[] payload = Workload.Payload(number, _random);
        judge.Publishing(number, Workload.Topic, payload);
        _enqueuing++;
        bool accepted = await judge.CallAsync(
            "enqueue", TimeSpan.FromSeconds(31), async ct => (await _client!.EnqueueAsync(Workload.Topic, payload, ct: ct)).IsAccepted, whenFailed: false);
        _enqueuing--;
        if (accepted)
        {
            judge.Accepted(number);
        }
    }

    private async Task ListenAsync()
    {
        await foreach (MqttMessage message in _client!.Messages.ReadAllAsync())
        {
            _commands.Add(Encoding.UTF8.GetString(message.Payload.Span));
        }
    }
}
