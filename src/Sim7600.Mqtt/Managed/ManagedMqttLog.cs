using Microsoft.Extensions.Logging;
using Sim7600.Driver.Recovery;

namespace Sim7600.Mqtt;

/// <summary>The managed client's log messages. Their ids are part of the contract.</summary>
internal static partial class ManagedMqttLog
{
    [LoggerMessage(2101, LogLevel.Information, "MQTT client {Client}: {State}: {Reason}")]
    public static partial void Moved(this ILogger logger, int client, ManagedMqttState state, string reason);

    [LoggerMessage(2102, LogLevel.Warning, "MQTT client {Client}: recovering with {Step}: {Reason}")]
    public static partial void Climbing(this ILogger logger, int client, RecoveryStep step, string reason);

    [LoggerMessage(2103, LogLevel.Warning, "MQTT client {Client}: the connection cannot be had back by itself, so the modem is to be mended: {Reason}")]
    public static partial void Escalating(this ILogger logger, int client, string reason);

    [LoggerMessage(2104, LogLevel.Error, "MQTT client {Client}: giving up until told to retry: {Reason}")]
    public static partial void GaveUp(this ILogger logger, int client, string reason);

    [LoggerMessage(2105, LogLevel.Warning, "MQTT client {Client}: message {Id} on {Topic}: {Outcome}")]
    public static partial void NotDelivered(this ILogger logger, int client, long id, string topic, PublishOutcome outcome);

    [LoggerMessage(2106, LogLevel.Warning, "MQTT client {Client}: a received message was dropped because {Waiting} wait already ({Dropped} dropped so far)")]
    public static partial void ReceivedDropped(this ILogger logger, int client, int waiting, long dropped);

    [LoggerMessage(2107, LogLevel.Warning, "MQTT client {Client}: subscribing to {Filter} was refused: {Reason}")]
    public static partial void SubscribeRefused(this ILogger logger, int client, string filter, string reason);

    [LoggerMessage(2108, LogLevel.Warning, "MQTT client {Client}: the outbox fails, and is tried again in {Delay}: {Reason}")]
    public static partial void StoreFailed(this ILogger logger, int client, TimeSpan delay, string reason);
}
