using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Sim7600.Emulator.Broker;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Scenarios;

/// <summary>
/// The broker of a scenario: it does at once what the scenario says, without a network, so that the same input gives the same
/// output. Messages reach all sessions whose subscriptions match.
/// </summary>
internal sealed class GivenBrokerBridge(GivenBroker given) : IBrokerBridge
{
    private readonly List<Session> _sessions = [];
    private readonly Dictionary<string, byte[]> _retained = given.Retained.ToDictionary(message => message.Topic, message => message.Payload);

    public bool AnswersAtOnce => true;

    public IBrokerSession CreateSession(ISessionEvents events)
    {
        var session = new Session(given, this, events);
        _sessions.Add(session);
        return session;
    }

    private sealed class Session(GivenBroker given, GivenBrokerBridge broker, ISessionEvents events) : IBrokerSession
    {
        private readonly List<string> _filters = [];

        public Task<CmqttResultCode> ConnectAsync(ConnectRequest request, CancellationToken cancellationToken)
        {
            Send(new MqttConnectPacket { ClientId = request.ClientId, CleanSession = request.CleanSession, KeepAlivePeriod = (ushort)request.KeepAlive, WillTopic = request.WillTopic });
            if (given.Connect == CmqttResultCode.Unspecified)
            {
                return NeverAsync(cancellationToken);
            }

            if (given.Connect is CmqttResultCode.Success or (>= CmqttResultCode.RefusedProtocolVersion and <= CmqttResultCode.RefusedNotAuthorized))
            {
                int code = given.Connect == CmqttResultCode.Success ? 0 : given.Connect - CmqttResultCode.RefusedProtocolVersion + 1;
                Receive(new MqttConnAckPacket { ReturnCode = (MqttConnectReturnCode)code });
            }

            return Task.FromResult(given.Connect);
        }

        public Task<CmqttResultCode> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken) => Answer(
            new MqttPublishPacket
            {
                Topic = message.Topic,
                PayloadSegment = message.Payload,
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)message.Qos,
                Retain = message.Retain,
                Dup = message.Duplicate,
            },
            message.Qos == 0 && given.Publish == GivenBrokerAnswer.Silent ? GivenBrokerAnswer.Acknowledge : given.Publish,
            () =>
            {
                if (message.Qos > 0)
                {
                    Receive(message.Qos == 1 ? new MqttPubAckPacket() : new MqttPubCompPacket());
                }

                if (message.Retain)
                {
                    broker._retained[message.Topic] = message.Payload;
                }

                foreach (Session session in broker._sessions)
                {
                    if (session._filters.Any(filter => Matches(message.Topic, filter)))
                    {
                        session.Deliver(message.Topic, message.Payload);
                    }
                }
            },
            cancellationToken);

        public Task<CmqttResultCode> SubscribeAsync(IReadOnlyList<(string Filter, int Qos)> filters, CancellationToken cancellationToken) => Answer(
            new MqttSubscribePacket
            {
                TopicFilters = [.. filters.Select(each => new MqttTopicFilter { Topic = each.Filter, QualityOfServiceLevel = (MqttQualityOfServiceLevel)each.Qos })],
            },
            given.Subscribe,
            () =>
            {
                Receive(new MqttSubAckPacket { ReasonCodes = [.. filters.Select(each => (MqttSubscribeReasonCode)each.Qos)] });
                foreach ((string filter, _) in filters)
                {
                    _filters.Add(filter);
                    foreach ((string topic, byte[] payload) in broker._retained.Where(message => Matches(message.Key, filter)))
                    {
                        Deliver(topic, payload);
                    }
                }
            },
            cancellationToken);

        public Task<CmqttResultCode> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
        {
            Send(new MqttUnsubscribePacket { TopicFilters = [.. filters] });
            _filters.RemoveAll(filters.Contains);
            Receive(new MqttUnsubAckPacket());
            return Task.FromResult(CmqttResultCode.Success);
        }

        public Task<CmqttResultCode> PingAsync(CancellationToken cancellationToken)
        {
            Send(new MqttPingReqPacket());
            Receive(new MqttPingRespPacket());
            return Task.FromResult(CmqttResultCode.Success);
        }

        public Task<CmqttResultCode> DisconnectAsync(CancellationToken cancellationToken)
        {
            Send(new MqttDisconnectPacket());
            return Task.FromResult(CmqttResultCode.Success);
        }

        /// <summary>Nothing to close; what a closed session still tells is ignored by the modem.</summary>
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static bool Matches(string topic, string filter) => MqttTopicFilterComparer.Compare(topic, filter) == MqttTopicFilterCompareResult.IsMatch;

        private static async Task<CmqttResultCode> NeverAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            return CmqttResultCode.Timeout;
        }

        private void Send(MqttPacket packet) => events.PacketPassed(packet, toBroker: true);

        private void Receive(MqttPacket packet) => events.PacketPassed(packet, toBroker: false);

        private void Deliver(string topic, byte[] payload)
        {
            Receive(new MqttPublishPacket { Topic = topic, PayloadSegment = payload });
            events.MessageReceived(System.Text.Encoding.UTF8.GetBytes(topic), payload);
        }

        private Task<CmqttResultCode> Answer(MqttPacket packet, GivenBrokerAnswer answer, Action take, CancellationToken cancellationToken)
        {
            Send(packet);
            switch (answer)
            {
                case GivenBrokerAnswer.Acknowledge:
                    take();
                    return Task.FromResult(CmqttResultCode.Success);
                case GivenBrokerAnswer.Close:
                    events.ConnectionLost(cause: 1);
                    return NeverAsync(cancellationToken);
                default:
                    return NeverAsync(cancellationToken);
            }
        }
    }
}
