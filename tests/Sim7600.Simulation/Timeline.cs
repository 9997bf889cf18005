using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Sim7600.Emulator;

namespace Sim7600.Simulation;

/// <summary>What happened, in order, on the virtual clock. Two runs of one seed have the same.</summary>
internal sealed class Timeline(VirtualTime time) : ILoggerFactory, ILogger
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Where the lines are shown; null to only count them.</summary>
    public TextWriter? Output { get; set; }

    public long Lines { get; private set; }

    /// <summary>A number for all lines so far.</summary>
    public string Hash => Convert.ToHexString(_hash.GetCurrentHash(), 0, 8);

    public void Note(string text)
    {
        string line = $"{time.Now.TotalSeconds:F3} {text}\n";
        Lines++;
        _hash.AppendData(Encoding.UTF8.GetBytes(line));
        Output?.Write(line);
    }

    public void Note(TimelineEntry entry) => Note($"modem {entry.Kind} {entry.Text} {entry.Result}{entry.Note}");

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Note(formatter(state, exception));

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose() => _hash.Dispose();
}
