using Microsoft.Extensions.Logging;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>Log lines of the CCH family.</summary>
internal static partial class CchLog
{
    [LoggerMessage(EventId = 2501, Level = LogLevel.Warning, Message = "CCH session {Session}: no connection to {Host}:{Port}, the modem says {Code}: {Reason}")]
    public static partial void NotOpened(ILogger log, int session, string host, int port, CchResultCode code, string reason);
}
