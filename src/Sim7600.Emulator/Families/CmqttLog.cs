using Microsoft.Extensions.Logging;

namespace Sim7600.Emulator.Families;

/// <summary>Log lines of the CMQTT family.</summary>
internal static partial class CmqttLog
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "CMQTT client {Index}: a message with {Topic} topic bytes and {Payload} payload bytes is larger than the modem takes (1024 and 10240); it is dropped")]
    public static partial void TooLarge(ILogger log, int index, int topic, int payload);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Error, Message = "{Name} of client {Index} failed in the emulator")]
    public static partial void OperationFault(ILogger log, Exception error, string name, int index);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "CMQTT client {Index}: {Reason}")]
    public static partial void Refused(ILogger log, int index, string reason);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Debug, Message = "A broker session did not close cleanly")]
    public static partial void CloseFault(ILogger log, Exception error);
}
