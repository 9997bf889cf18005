using Microsoft.Extensions.Logging;
using Sim7600.Driver.Recovery;

namespace Sim7600.Driver.Lifecycle;

/// <summary>The log messages of a supervised modem. Their ids are part of the contract.</summary>
internal static partial class ModemLog
{
    [LoggerMessage(1101, LogLevel.Information, "{Port}: {From} -> {To} ({Trigger}): {Reason}")]
    public static partial void Moved(this ILogger logger, string port, ModemState from, ModemState to, ModemTrigger trigger, string reason);

    [LoggerMessage(1102, LogLevel.Warning, "{Port}: recovering with {Step}: {Reason}")]
    public static partial void Climbing(this ILogger logger, string port, RecoveryStep step, string reason);

    [LoggerMessage(1103, LogLevel.Error, "{Port}: every rung of the recovery ladder was tried as often as allowed; starting over")]
    public static partial void LadderExhausted(this ILogger logger, string port);

    [LoggerMessage(1104, LogLevel.Error, "{Port}: giving up: {Reason}")]
    public static partial void GaveUp(this ILogger logger, string port, string reason);

    [LoggerMessage(1105, LogLevel.Information, "{Port}: the modem is found again at {Path}")]
    public static partial void FoundAgain(this ILogger logger, string port, string path);

    [LoggerMessage(1106, LogLevel.Warning, "{Port}: {Command} was refused: {Reason}")]
    public static partial void SettingRefused(this ILogger logger, string port, string command, string reason);
}
