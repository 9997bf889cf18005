using System.Text;
using Sim7600.Driver.Channel;
using Sim7600.Mqtt.Diagnostics;
using Sim7600.Mqtt.Session;
using Sim7600.Mqtt.Subscribing;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Mqtt;

/// <content>What comes unasked: messages and the end of the connection.</content>
public sealed partial class Sim7600MqttClient
{
    // Ten lines a message of the largest size.
    private const int UrcCapacity = 4096;
    private const int BacklogCapacity = 256;

    private readonly Lock _gate = new();
    private readonly AtUrcSubscription _urcs;
    private readonly MessageAssembler _assembler;
    private readonly Task _listening;
    private readonly List<MqttSubscription> _subscriptions = [];
    private readonly Queue<MqttMessage> _backlog = new();
    private long? _connectedSince;
    private (MqttConnectionLoss Loss, long Sequence)? _earlyLoss;
    private long _unrouted;

    /// <summary>
    /// How many received messages were dropped because no subscription took them. With <see cref="MqttConnectOptions.CleanSession"/> false the
    /// broker sends at once what it has kept; the last 256 such messages wait for the subscription that takes them.
    /// </summary>
    public long UnroutedMessages => Interlocked.Read(ref _unrouted);

    /// <summary>How many received messages were dropped because their block was cut short.</summary>
    public long TruncatedMessages => _assembler.Truncated;

    private async Task ListenAsync()
    {
        await foreach (AtUrc urc in _urcs.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (Assemble(urc) is { } message)
            {
                MqttTelemetry.MessageReceived(_channel.Name, Options.ClientIndex);
                Route(message);
            }
            else if (LossOf(urc) is { } loss)
            {
                Lose(loss, urc.Sequence);
            }
        }

        // The queue ends when the channel closes, or when we stop listening ourselves and the connection has ended already.
        if (_channel.Closed.IsCompletedSuccessfully)
        {
            string reason = (await _channel.Closed.ConfigureAwait(false)).Reason;
            End(new MqttConnectionLoss(MqttConnectionLossKind.LinkLost, null, $"the line to the modem is closed ({reason})"));
        }
    }

    private MqttMessage? Assemble(AtUrc urc)
    {
        long truncated = _assembler.Truncated;
        MqttMessage? message = _assembler.Take(urc);
        if (_assembler.Truncated > truncated)
        {
            MqttTelemetry.MessageDropped(_channel.Name, Options.ClientIndex, "truncated");
        }

        return message;
    }

    private async Task StopListeningAsync()
    {
        _urcs.Dispose();
        await _listening.ConfigureAwait(false);
    }

    private MqttConnectionLoss? LossOf(AtUrc urc)
    {
        var reader = new AtParameterReader(Encoding.UTF8.GetBytes(urc.Parameters));
        switch (urc.Kind.Prefix)
        {
            case "+CMQTTCONNLOST:" when reader.TryReadNumber(out long index) && index == Options.ClientIndex:
                int? cause = reader.TryReadNumber(out long number) ? (int)number : null;
                string how = cause switch
                {
                    1 => "the broker closed it",
                    2 => "it was reset",
                    3 => "the network closed it",
                    _ => "no cause given",
                };
                return new MqttConnectionLoss(MqttConnectionLossKind.ConnectionLost, cause, $"{how} (+CMQTTCONNLOST {cause})");
            case "+CMQTTPING:" when reader.TryReadNumber(out long index) && index == Options.ClientIndex && reader.TryReadNumber(out long error) && error != 0:
                return new MqttConnectionLoss(MqttConnectionLossKind.KeepAliveFailed, (int)error, $"the broker did not answer the keep-alive (+CMQTTPING {error})");
            case "+CMQTTNONET":
                return new MqttConnectionLoss(MqttConnectionLossKind.NetworkLost, null, "the mobile network is gone (+CMQTTNONET)");
            case "RDY":
                return new MqttConnectionLoss(MqttConnectionLossKind.ModemRestarted, null, "the modem restarted (RDY)");
            default:
                return null;
        }
    }

    // What came before our own CONNECT's result is about an older connection.
    private void Begin(long connectedSince)
    {
        (MqttConnectionLoss Loss, long Sequence)? early;
        lock (_gate)
        {
            _connectedSince = connectedSince;
            early = _earlyLoss;
        }

        if (early is { } loss)
        {
            Lose(loss.Loss, loss.Sequence);
        }
    }

    private void Lose(MqttConnectionLoss loss, long sequence)
    {
        lock (_gate)
        {
            if (_connectedSince is not { } since)
            {
                _earlyLoss = (loss, sequence);
                return;
            }

            if (sequence < since)
            {
                return;
            }
        }

        End(loss);
    }

    /// <summary>Ends the use of a connection that cannot be relied on; the modem may have it still, for the next one to resume.</summary>
    internal void Distrust(string why) => End(new MqttConnectionLoss(MqttConnectionLossKind.ClosedByHost, null, why));

    private void End(MqttConnectionLoss loss)
    {
        MqttSubscription[] subscriptions;
        lock (_gate)
        {
            if (!_lost.TrySetResult(loss))
            {
                return;
            }

            subscriptions = [.. _subscriptions];
        }

        if (loss.Kind is MqttConnectionLossKind.ModemRestarted or MqttConnectionLossKind.LinkLost)
        {
            _service.Stopped();
        }

        Move(loss.Kind switch
        {
            MqttConnectionLossKind.ConnectionLost => MqttSessionTrigger.ConnectionLost,
            MqttConnectionLossKind.KeepAliveFailed => MqttSessionTrigger.KeepAliveFailed,
            MqttConnectionLossKind.NetworkLost => MqttSessionTrigger.NetworkLost,
            MqttConnectionLossKind.ModemRestarted => MqttSessionTrigger.ModemRestarted,
            MqttConnectionLossKind.LinkLost => MqttSessionTrigger.LineLost,
            _ => MqttSessionTrigger.Close,
        });
        _logger.Ended(Options.ClientIndex, loss.Description);
        MqttTelemetry.ConnectionEnded(_channel.Name, Options.ClientIndex, loss.Kind);
        var error = new MqttConnectionLostException(loss);
        foreach (MqttSubscription subscription in subscriptions)
        {
            subscription.End(error);
        }

        _lostLater.CancelAfter(LossGrace);
    }

    private void Route(MqttMessage message)
    {
        if (_sink is { } sink)
        {
            sink(message);
            return;
        }

        lock (_gate)
        {
            bool taken = false;
            foreach (MqttSubscription subscription in _subscriptions)
            {
                if (subscription.Matches(message.Topic))
                {
                    taken = true;
                    Offer(subscription, message);
                }
            }

            if (!taken)
            {
                if (_backlog.Count == BacklogCapacity)
                {
                    _backlog.Dequeue();
                    Interlocked.Increment(ref _unrouted);
                    _logger.MessageDropped(Options.ClientIndex, "no subscription takes it");
                    MqttTelemetry.MessageDropped(_channel.Name, Options.ClientIndex, "unrouted");
                }

                _backlog.Enqueue(message);
            }
        }
    }

    private void Offer(MqttSubscription subscription, MqttMessage message)
    {
        if (!subscription.Offer(message))
        {
            _logger.SubscriberTooSlow(Options.ClientIndex, message.Topic, subscription.Dropped);
            MqttTelemetry.MessageDropped(_channel.Name, Options.ClientIndex, "subscriber_slow");
        }
    }

    private void Register(MqttSubscription subscription)
    {
        lock (_gate)
        {
            ThrowIfLost();
            _subscriptions.Add(subscription);
            for (int waiting = _backlog.Count; waiting > 0; waiting--)
            {
                MqttMessage message = _backlog.Dequeue();
                if (subscription.Matches(message.Topic))
                {
                    Offer(subscription, message);
                }
                else
                {
                    _backlog.Enqueue(message);
                }
            }
        }
    }

    // Gives the filters that no other subscription needs.
    private List<string> Unregister(MqttSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
            return [.. subscription.Filters.Distinct().Where(filter => !_subscriptions.Any(other => other.Filters.Contains(filter)))];
        }
    }
}
