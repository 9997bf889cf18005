using Microsoft.Extensions.Logging;
using Sim7600.Mqtt.Session;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt;

/// <summary>The MQTT side's log messages. Their ids are part of the contract; topics appear, payloads and passwords do not.</summary>
internal static partial class MqttLog
{
    [LoggerMessage(2001, LogLevel.Information, "MQTT client {Client}: connected as {Options}")]
    public static partial void Connected(this ILogger logger, int client, MqttConnectOptions options);

    [LoggerMessage(2002, LogLevel.Information, "MQTT client {Client}: connection ended: {Reason}")]
    public static partial void Ended(this ILogger logger, int client, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "MQTT client {Client}: a received message was dropped: {Reason}")]
    public static partial void MessageDropped(this ILogger logger, int client, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "MQTT client {Client}: a message on {Topic} was dropped because its subscriber is too slow ({Dropped} so far)")]
    public static partial void SubscriberTooSlow(this ILogger logger, int client, string topic, long dropped);

    [LoggerMessage(2005, LogLevel.Debug, "MQTT client {Client}: {Operation} answered {Result}; trying again in {Delay}")]
    public static partial void Retrying(this ILogger logger, int client, string operation, CmqttResult result, TimeSpan delay);

    [LoggerMessage(2006, LogLevel.Information, "MQTT client {Client}: it was still acquired, by an earlier run or another program; taking it over")]
    public static partial void TakingOver(this ILogger logger, int client);

    [LoggerMessage(2007, LogLevel.Warning, "MQTT client {Client}: cleaning up did not finish: {Reason}")]
    public static partial void CleanupFailed(this ILogger logger, int client, string reason);

    [LoggerMessage(2008, LogLevel.Debug, "MQTT client {Client}: {From} -> {To} ({Trigger})")]
    public static partial void Moved(this ILogger logger, int client, MqttSessionState from, MqttSessionState to, MqttSessionTrigger trigger);

    [LoggerMessage(2009, LogLevel.Information, "MQTT client {Client}: it is still connected, as this program would connect it; going on with that connection")]
    public static partial void Adopting(this ILogger logger, int client);
}
