using Microsoft.Extensions.Logging;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>Log lines of the HTTP family.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(EventId = 2502, Level = LogLevel.Warning, Message = "HTTP: no answer from {Host}, the modem says {Code}: {Reason}")]
    public static partial void NoAnswer(ILogger log, string host, HttpResultCode code, string reason);
}
