using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Sim7600.Cli.Output;

/// <summary>Log entries as one line each. What a host or an MQTT client put into them (control characters) cannot make two lines of one.</summary>
internal sealed class LineFormatter : ConsoleFormatter
{
    /// <summary>The formatter's name in the console logger's options.</summary>
    public const string Id = "line";

    public LineFormatter()
        : base(Id)
    {
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string level = logEntry.LogLevel switch
        {
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            LogLevel.Critical => "crit",
            _ => "dbug",
        };
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string exception = logEntry.Exception is null ? "" : $" {logEntry.Exception}";
        string time = DateTimeOffset.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        textWriter.WriteLine(OneLine.Of($"{time} {level}: {logEntry.Category}[{logEntry.EventId.Id}] {message}{exception}"));
    }
}
