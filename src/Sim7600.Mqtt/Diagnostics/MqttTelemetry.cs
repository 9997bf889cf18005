using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using MQTTnet.Protocol;
using Sim7600.Driver.Recovery;
using Sim7600.Mqtt.Session;

namespace Sim7600.Mqtt.Diagnostics;

/// <summary>
/// The MQTT side's metrics and traces, under the name <c>Sim7600.Mqtt</c>. Names and tags are part of the contract. While nobody listens
/// nothing is measured. Topics appear in traces only, payloads and credentials nowhere.
/// </summary>
internal static class MqttTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Sim7600.Mqtt";

    /// <summary>One connect, from START to CONNECT's result.</summary>
    public const string ConnectActivity = "sim7600.mqtt.connect";

    /// <summary>One publish.</summary>
    public const string PublishActivity = "sim7600.mqtt.publish";

    /// <summary>The pause after a failure, and the rung that follows it.</summary>
    public const string RecoverActivity = "sim7600.mqtt.recover";

    private const string Port = "sim7600.port";
    private const string Client = "sim7600.client";
    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Publishes = Meter.CreateCounter<long>("sim7600.mqtt.publishes", "{message}", "Publishes that ended, by outcome.");

    private static readonly Histogram<double> PublishDuration = Meter.CreateHistogram(
        "sim7600.mqtt.publish.duration",
        "s",
        "How long publishes took, waiting for the line and repeating while the modem is busy included.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 180] });

    private static readonly Counter<long> Received = Meter.CreateCounter<long>("sim7600.mqtt.messages.received", "{message}", "Whole messages that were received.");

    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("sim7600.mqtt.messages.dropped", "{message}", "Received messages that nobody got, by reason.");

    private static readonly Counter<long> Losses = Meter.CreateCounter<long>("sim7600.mqtt.connections.lost", "{connection}", "Connections that ended without being closed, by kind.");

    private static readonly Counter<long> RecoverySteps = Meter.CreateCounter<long>("sim7600.mqtt.recovery.steps", "{step}", "Rungs of the connection's recovery ladder that were begun.");

    private static readonly Counter<long> OutboxMessages = Meter.CreateCounter<long>("sim7600.mqtt.outbox.messages", "{message}", "What happened to messages of outboxes, by event.");

    private static readonly ConcurrentDictionary<ManagedMqttClient, byte> Clients = new();

    static MqttTelemetry()
    {
        Meter.CreateObservableGauge("sim7600.mqtt.state", ObserveStates, "{client}", "1 for the state in which a managed client is, 0 for the others.");
        Meter.CreateObservableGauge("sim7600.mqtt.outbox.pending", () => Observe(counters => counters.Pending), "{message}", "Messages that wait in an outbox.");
        Meter.CreateObservableGauge("sim7600.mqtt.outbox.pending.size", () => Observe(counters => counters.PendingBytes), "By", "Bytes of topics, payloads and tags that wait in an outbox.");
    }

    /// <summary>True while somebody measures or traces publishes.</summary>
    public static bool MeasuresPublishes => Publishes.Enabled || PublishDuration.Enabled || Source.HasListeners();

    /// <summary>Begins a connect's activity.</summary>
    /// <returns>The activity; null while nobody listens.</returns>
    public static Activity? BeginConnect(string port, MqttConnectOptions options)
    {
        Activity? activity = Source.StartActivity(ConnectActivity, ActivityKind.Client);
        activity?.SetTag(Port, port).SetTag(Client, options.ClientIndex).SetTag("messaging.system", "mqtt").SetTag("messaging.client.id", options.ClientId)
            .SetTag("server.address", options.Broker.IdnHost);
        return activity;
    }

    /// <summary>Begins a publish's activity.</summary>
    /// <returns>The activity; null while nobody listens.</returns>
    public static Activity? BeginPublish(string port, MqttConnectOptions options, string topic, int bytes, MqttQualityOfServiceLevel qos)
    {
        Activity? activity = Source.StartActivity(PublishActivity, ActivityKind.Producer);
        activity?.SetTag(Port, port).SetTag(Client, options.ClientIndex).SetTag("messaging.system", "mqtt").SetTag("messaging.destination.name", topic)
            .SetTag("messaging.message.body.size", bytes).SetTag("qos", (int)qos);
        return activity;
    }

    /// <summary>Notes a publish's end.</summary>
    public static void PublishEnded(Activity? activity, string port, int client, MqttQualityOfServiceLevel qos, TimeSpan elapsed, PublishOutcome? outcome, Exception? error)
    {
        string how = outcome switch
        {
            { Status: PublishStatus.Delivered } => "delivered",
            { Status: PublishStatus.Refused } => "refused",
            { } => "unknown",
            null => error is OperationCanceledException ? "cancelled" : "not_sent",
        };
        var tags = new TagList { { Port, port }, { Client, client }, { "outcome", how }, { "qos", (int)qos } };
        Publishes.Add(1, tags);
        PublishDuration.Record(elapsed.TotalSeconds, tags);
        activity?.SetTag("outcome", how);
        if (outcome is not { IsDelivered: true })
        {
            activity?.SetStatus(ActivityStatusCode.Error, outcome?.Reason ?? error?.Message);
        }
    }

    /// <summary>Notes a received message.</summary>
    public static void MessageReceived(string port, int client) => Received.Add(1, new(Port, port), new KeyValuePair<string, object?>(Client, client));

    /// <summary>Notes a received message that nobody got: <c>truncated</c>, <c>unrouted</c>, <c>subscriber_slow</c> or <c>reader_slow</c>.</summary>
    public static void MessageDropped(string port, int client, string reason) => Dropped.Add(1, new(Port, port), new(Client, client), new("reason", reason));

    /// <summary>Notes the end of a connection that this program did not end.</summary>
    public static void ConnectionEnded(string port, int client, MqttConnectionLossKind kind)
    {
        if (Losses.Enabled && kind != MqttConnectionLossKind.ClosedByHost)
        {
            Losses.Add(1, new(Port, port), new(Client, client), new("kind", kind.ToString()));
        }
    }

    /// <summary>Notes a rung, and begins its activity.</summary>
    /// <returns>The activity; null while nobody listens.</returns>
    public static Activity? Climb(string port, int client, RecoveryStep step)
    {
        if (RecoverySteps.Enabled)
        {
            RecoverySteps.Add(1, new(Port, port), new(Client, client), new("rung", step.Rung.ToString()));
        }

        Activity? activity = Source.StartActivity(RecoverActivity);
        activity?.SetTag(Port, port).SetTag(Client, client).SetTag("rung", step.Rung.ToString()).SetTag("attempt", step.Attempt);
        return activity;
    }

    /// <summary>Notes what happened to a message of an outbox.</summary>
    /// <param name="owner">The port of the client that owns the outbox; null for an outbox of its own.</param>
    /// <param name="happened">What happened.</param>
    public static void OutboxChanged(string? owner, OutboxEventKind happened)
    {
        if (!OutboxMessages.Enabled)
        {
            return;
        }

        var tags = new TagList { { "event", EventName(happened) } };
        if (owner is not null)
        {
            tags.Add(Port, owner);
        }

        OutboxMessages.Add(1, tags);
    }

    /// <summary>Shows a client's state and outbox until <see cref="Hide"/>.</summary>
    public static void Show(ManagedMqttClient client) => Clients.TryAdd(client, 0);

    /// <summary>Shows them no more.</summary>
    public static void Hide(ManagedMqttClient client) => Clients.TryRemove(client, out _);

    private static string EventName(OutboxEventKind kind) => kind switch
    {
        OutboxEventKind.Accepted => "accepted",
        OutboxEventKind.Delivered => "delivered",
        OutboxEventKind.Retrying => "retrying",
        OutboxEventKind.Refused => "refused",
        OutboxEventKind.Expired => "expired",
        _ => "dropped",
    };

    private static IEnumerable<Measurement<int>> ObserveStates() =>
        from client in Clients.Keys
        let present = client.State
        from state in Enum.GetValues<ManagedMqttState>()
        select new Measurement<int>(
            state == present ? 1 : 0,
            new(Port, client.Options.Modem.PortName), new(Client, client.Options.Connection.ClientIndex), new("state", state.ToString()));

    private static IEnumerable<Measurement<long>> Observe(Func<OutboxCounters, long> value) =>
        from client in Clients.Keys
        select new Measurement<long>(
            value(client.Outbox.Counters), new(Port, client.Options.Modem.PortName), new KeyValuePair<string, object?>(Client, client.Options.Connection.ClientIndex));
}
