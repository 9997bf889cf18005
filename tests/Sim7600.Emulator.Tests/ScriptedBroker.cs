using System.Collections.Concurrent;
using Sim7600.Emulator.Broker;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Tests;

/// <summary>A broker that does what the test says, when the test says it.</summary>
internal sealed class ScriptedBroker : IBrokerBridge
{
    /// <summary>Sessions in the order of their creation.</summary>
    public ConcurrentQueue<Session> Sessions { get; } = new();

    /// <summary>What happens to an operation; null leaves it unanswered.</summary>
    public Func<string, CmqttResultCode?> Answer { get; set; } = _ => CmqttResultCode.Success;

    /// <summary>A script has its answer ready: without this a turn of the clock could overtake an answer on its way through the thread pool.</summary>
    public bool AnswersAtOnce => true;

    /// <summary>What the modem asked for, in order.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    public IBrokerSession CreateSession(ISessionEvents events)
    {
        var session = new Session(this, events);
        Sessions.Enqueue(session);
        return session;
    }

    internal sealed class Session(ScriptedBroker broker, ISessionEvents events) : IBrokerSession
    {
        public ConnectRequest? Request { get; private set; }

        public ConcurrentQueue<OutgoingMessage> Published { get; } = new();

        public ISessionEvents Events => events;

        public Task<CmqttResultCode> ConnectAsync(ConnectRequest request, CancellationToken cancellationToken)
        {
            Request = request;
            return AnswerAsync("connect", cancellationToken);
        }

        public Task<CmqttResultCode> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            Published.Enqueue(message);
            return AnswerAsync("publish", cancellationToken);
        }

        public Task<CmqttResultCode> SubscribeAsync(IReadOnlyList<(string Filter, int Qos)> filters, CancellationToken cancellationToken) =>
            AnswerAsync($"subscribe {string.Join(' ', filters.Select(filter => $"{filter.Filter}:{filter.Qos}"))}", cancellationToken);

        public Task<CmqttResultCode> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken) =>
            AnswerAsync($"unsubscribe {string.Join(' ', filters)}", cancellationToken);

        public Task<CmqttResultCode> PingAsync(CancellationToken cancellationToken) => AnswerAsync("ping", cancellationToken);

        public Task<CmqttResultCode> DisconnectAsync(CancellationToken cancellationToken) => AnswerAsync("disconnect", cancellationToken);

        public ValueTask DisposeAsync()
        {
            broker.Log.Enqueue("closed");
            return ValueTask.CompletedTask;
        }

        private async Task<CmqttResultCode> AnswerAsync(string operation, CancellationToken cancellationToken)
        {
            broker.Log.Enqueue(operation);
            if (broker.Answer(operation) is { } code)
            {
                return code;
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
            return CmqttResultCode.Timeout;
        }
    }
}
