using Microsoft.Extensions.Logging;

namespace Sim7600.Driver.Channel;

/// <summary>The channel's log messages. Their ids are part of the contract; commands and lines come in redacted.</summary>
internal static partial class AtChannelLog
{
    [LoggerMessage(1001, LogLevel.Debug, "{Link} > {Command}")]
    public static partial void CommandSent(this ILogger logger, string link, AtCommand command);

    [LoggerMessage(1002, LogLevel.Trace, "{Link} < {Line}")]
    public static partial void LineReceived(this ILogger logger, string link, string line);

    [LoggerMessage(1003, LogLevel.Debug, "{Link}: {Bytes} data bytes sent after the prompt")]
    public static partial void DataSent(this ILogger logger, string link, int bytes);

    [LoggerMessage(1004, LogLevel.Warning, "{Link}: dropped a line that belongs to no running command: {Line}")]
    public static partial void LineQuarantined(this ILogger logger, string link, string line);

    [LoggerMessage(1005, LogLevel.Warning, "{Link}: gave up {Command} ({State})")]
    public static partial void CommandGivenUp(this ILogger logger, string link, AtCommand command, string state);

    [LoggerMessage(1006, LogLevel.Information, "{Link}: getting back in step")]
    public static partial void Synchronising(this ILogger logger, string link);

    [LoggerMessage(1007, LogLevel.Information, "{Link}: back in step, {Dropped} late lines dropped")]
    public static partial void Synchronised(this ILogger logger, string link, int dropped);

    [LoggerMessage(1008, LogLevel.Warning, "{Link}: the modem still waits for {Count} promised bytes; sending them ({How})")]
    public static partial void PromiseFulfilled(this ILogger logger, string link, int count, string how);

    [LoggerMessage(1009, LogLevel.Warning, "{Link}: an unsolicited line was dropped because its listener is too slow ({Dropped} so far)")]
    public static partial void UrcDropped(this ILogger logger, string link, long dropped);

    [LoggerMessage(1010, LogLevel.Warning, "{Link}: a line longer than {Limit} bytes was cut")]
    public static partial void LineCut(this ILogger logger, string link, int limit);

    [LoggerMessage(1011, LogLevel.Warning, "{Link}: counted bytes stopped short or were too many; reading on in lines")]
    public static partial void CountAbandoned(this ILogger logger, string link);

    [LoggerMessage(1012, LogLevel.Warning, "{Link}: the modem (re)started")]
    public static partial void ModemStarted(this ILogger logger, string link);

    [LoggerMessage(1013, LogLevel.Information, "{Link}: closed: {Reason}")]
    public static partial void Closed(this ILogger logger, string link, string reason);

    [LoggerMessage(1014, LogLevel.Warning, "{Link}: the modem prompts for data that nobody promised")]
    public static partial void UnexpectedPrompt(this ILogger logger, string link);
}
