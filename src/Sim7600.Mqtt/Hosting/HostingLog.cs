using Microsoft.Extensions.Logging;

namespace Sim7600.Mqtt.Hosting;

/// <summary>The log messages of a hosted client. Their ids are part of the contract.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(2201, LogLevel.Warning, "MQTT client {Client}: stopping with {Pending} messages that are not published; they are {Fate}")]
    public static partial void NotDrained(this ILogger logger, int client, long pending, string fate);

    [LoggerMessage(2202, LogLevel.Warning, "MQTT client {Client}: disconnecting did not end within the host's shutdown time-out")]
    public static partial void StoppingTooLong(this ILogger logger, int client);

    [LoggerMessage(2203, LogLevel.Error, "MQTT client {Client}: the outbox could not be closed: {Reason}")]
    public static partial void StoppingFailed(this ILogger logger, int client, string reason);
}
