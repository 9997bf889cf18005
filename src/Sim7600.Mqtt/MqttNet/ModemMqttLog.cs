using Microsoft.Extensions.Logging;

namespace Sim7600.Mqtt;

/// <summary>The log messages of <see cref="ModemMqttClient"/>. Their ids are part of the contract.</summary>
internal static partial class ModemMqttLog
{
    [LoggerMessage(2101, LogLevel.Error, "MQTT client {Client}: a handler of {Event} failed")]
    public static partial void HandlerFailed(this ILogger logger, Exception exception, string client, string @event);
}
