using Microsoft.Extensions.Logging;

namespace Sim7600.Emulator.Modem;

/// <summary>Hands entries to whoever keeps them, with the time on the one clock of all modems. A keeper that fails is not asked again.</summary>
internal sealed partial class TimelineRecorder(Action<TimelineEntry> keep, TimeProvider time, ILogger log)
{
    private readonly long _start = time.GetTimestamp();
    private int _hasFailed;

    /// <summary>Since the start.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    public void Add(TimelineEntry entry)
    {
        if (Volatile.Read(ref _hasFailed) != 0)
        {
            return;
        }

        try
        {
            keep(entry);
        }
        catch (Exception error)
        {
            // Who watches the modem must not be able to stop it.
            if (Interlocked.Exchange(ref _hasFailed, 1) == 0)
            {
                LogFailed(error);
            }
        }
    }

    [LoggerMessage(EventId = 2007, Level = LogLevel.Error, Message = "The timeline ends here: its taker failed. The modems go on")]
    private partial void LogFailed(Exception error);
}
