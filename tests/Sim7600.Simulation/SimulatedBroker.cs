using System.Text;
using MQTTnet;
using Sim7600.Emulator.Broker;
using Sim7600.Protocol.Results;

namespace Sim7600.Simulation;

/// <summary>
/// A broker and the way to it, on virtual time: each packet takes its time, sessions with <c>clean session</c> off outlive their connection, a
/// second connection with the same client id ends the first. It writes down what arrived: that is the truth that outcomes are judged by.
/// </summary>
internal sealed class SimulatedBroker(VirtualTime time, Random random) : IBrokerBridge
{
    private readonly VirtualTime _time = time;
    private readonly Random _random = random;
    private readonly Dictionary<string, Session> _connected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, int>> _kept = new(StringComparer.Ordinal);

    public bool AnswersAtOnce => true;

    /// <summary>The longest way of a packet, there or back.</summary>
    public TimeSpan LongestWay { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Every PUBLISH that arrived, in order.</summary>
    public List<Arrival> Arrivals { get; } = [];

    public event Action<Arrival>? Arrived;

    public IBrokerSession CreateSession(ISessionEvents events) => new Session(this, events);

    /// <summary>Publishes to whoever is connected and has subscribed.</summary>
    /// <returns>How many that are.</returns>
    public int Publish(string topic, byte[] payload)
    {
        int receivers = 0;
        foreach (Session session in _connected.Values.Where(session => session.Wants(topic)).ToList())
        {
            receivers++;
            _ = session.DeliverAsync(topic, payload);
        }

        return receivers;
    }

    private void Take(Session from, OutgoingMessage message)
    {
        var arrival = new Arrival(_time.Now, from.ClientId, message.Topic, message.Payload, message.Qos);
        Arrivals.Add(arrival);
        Arrived?.Invoke(arrival);
        Publish(message.Topic, message.Payload);
    }

    internal sealed record Arrival(TimeSpan At, string ClientId, string Topic, byte[] Payload, int Qos);

    /// <summary>One direction of a connection: packets take their time and keep their order.</summary>
    private sealed class Way(SimulatedBroker broker)
    {
        private TimeSpan _free;

        public Task GoAsync()
        {
            TimeSpan arrival = broker._time.Now + TimeSpan.FromMilliseconds(broker._random.Next(5, (int)broker.LongestWay.TotalMilliseconds));
            _free = arrival > _free ? arrival : _free;
            return Task.Delay(_free - broker._time.Now, broker._time);
        }
    }

    private sealed class Session(SimulatedBroker broker, ISessionEvents events) : IBrokerSession
    {
        private readonly TaskCompletionSource<CmqttResultCode> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Way _toServer = new(broker);
        private readonly Way _toModem = new(broker);
        private Dictionary<string, int> _filters = new(StringComparer.Ordinal);

        public string ClientId { get; private set; } = "";

        public bool Wants(string topic) => _filters.Keys.Any(filter => MqttTopicFilterComparer.Compare(topic, filter) == MqttTopicFilterCompareResult.IsMatch);

        public async Task DeliverAsync(string topic, byte[] payload)
        {
            await _toModem.GoAsync();
            if (!_ended.Task.IsCompleted)
            {
                events.MessageReceived(Encoding.UTF8.GetBytes(topic), payload);
            }
        }

        public Task<CmqttResultCode> ConnectAsync(ConnectRequest request, CancellationToken cancellationToken) => ExchangeAsync(
            () =>
            {
                if (broker._connected.TryGetValue(request.ClientId, out Session? earlier))
                {
                    earlier.Close();
                }

                ClientId = request.ClientId;
                broker._connected[ClientId] = this;
                if (request.CleanSession)
                {
                    broker._kept.Remove(ClientId);
                }
                else
                {
                    broker._kept.TryAdd(ClientId, _filters);
                    _filters = broker._kept[ClientId];
                }
            },
            cancellationToken);

        public Task<CmqttResultCode> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            Task<CmqttResultCode> answer = ExchangeAsync(() => broker.Take(this, message), cancellationToken, mayOutliveConnection: true);
            return message.Qos == 0 ? Task.FromResult(CmqttResultCode.Success) : answer;
        }

        public Task<CmqttResultCode> SubscribeAsync(IReadOnlyList<(string Filter, int Qos)> filters, CancellationToken cancellationToken) => ExchangeAsync(
            () =>
            {
                foreach ((string filter, int qos) in filters)
                {
                    _filters[filter] = qos;
                }
            },
            cancellationToken);

        public Task<CmqttResultCode> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken) => ExchangeAsync(
            () =>
            {
                foreach (string filter in filters)
                {
                    _filters.Remove(filter);
                }
            },
            cancellationToken);

        public Task<CmqttResultCode> PingAsync(CancellationToken cancellationToken) => ExchangeAsync(() => { }, cancellationToken);

        public Task<CmqttResultCode> DisconnectAsync(CancellationToken cancellationToken)
        {
            Leave(CmqttResultCode.NoConnection);
            return Task.FromResult(CmqttResultCode.Success);
        }

        public ValueTask DisposeAsync()
        {
            Leave(CmqttResultCode.Timeout);
            return ValueTask.CompletedTask;
        }

        /// <summary>The server ends the connection.</summary>
        public void Close()
        {
            if (Leave(CmqttResultCode.ReceiveFailed))
            {
                events.ConnectionLost(cause: 1);
            }
        }

        private bool Leave(CmqttResultCode code)
        {
            if (broker._connected.GetValueOrDefault(ClientId) == this)
            {
                broker._connected.Remove(ClientId);
            }

            return _ended.TrySetResult(code);
        }

        /// <summary>One packet there, its effect, and the answer back. A message on its way when the connection ends may still arrive, or not.</summary>
        private async Task<CmqttResultCode> ExchangeAsync(Action effect, CancellationToken cancellationToken, bool mayOutliveConnection = false)
        {
            try
            {
                return await (await Task.WhenAny(GoAsync(), _ended.Task).WaitAsync(cancellationToken));
            }
            catch (OperationCanceledException)
            {
                return CmqttResultCode.Timeout;
            }

            async Task<CmqttResultCode> GoAsync()
            {
                await _toServer.GoAsync();
                if (!_ended.Task.IsCompleted || (mayOutliveConnection && broker._random.Next(2) == 0))
                {
                    effect();
                }

                await _toModem.GoAsync();
                return CmqttResultCode.Success;
            }
        }
    }
}
