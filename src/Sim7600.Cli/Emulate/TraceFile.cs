using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sim7600.Cli.Output;
using Sim7600.Emulator;

namespace Sim7600.Cli.Emulate;

/// <summary>
/// The timeline in a file, one JSON object a line, behind what the file holds already. A reader sees each entry as soon as it is
/// there. When the file takes no more, the trace ends with one line in the log; the modems never wait for it.
/// </summary>
internal sealed partial class TraceFile : IAsyncDisposable
{
    /// <summary>Entries that may wait for a slow disk, some seconds of a busy modem.</summary>
    private const int MaximumWaiting = 100_000;

    /// <summary>How long the end waits for whoever reads a pipe.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<TimelineEntry> _entries = Channel.CreateBounded<TimelineEntry>(new BoundedChannelOptions(MaximumWaiting) { SingleReader = true });
    private readonly FileStream _file;
    private readonly ILogger _log;
    private readonly Task _writing;

    private TraceFile(FileStream file, ILogger log)
    {
        _file = file;
        _log = log;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Opens the file, or makes it; a pipe without a reader lets it wait.</summary>
    /// <exception cref="CommandFailedException">It cannot be written.</exception>
    public static TraceFile Open(string path, ILogger log)
    {
        try
        {
            return new TraceFile(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), log);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string reason = error switch
            {
                DirectoryNotFoundException => "its folder does not exist",
                UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder" : "you may not write there",
                _ => OneLine.Of(error.Message).TrimEnd('.'),
            };
            throw new CommandFailedException($"The trace file '{path}' cannot be written: {reason}. Name another with --trace, or leave it out.");
        }
    }

    /// <summary>Takes an entry; never waits.</summary>
    public void Add(TimelineEntry entry)
    {
        if (!_entries.Writer.TryWrite(entry) && _entries.Writer.TryComplete())
        {
            LogEnded(_file.Name, $"it is too slow, {MaximumWaiting} entries wait");
        }
    }

    /// <summary>Writes what is left and closes the file, unless it is a pipe that nobody reads from.</summary>
    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        try
        {
            await _writing.WaitAsync(EndLimit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogEnded(_file.Name, "nobody takes what was written before");
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await using (_file.ConfigureAwait(false))
            {
                while (await _entries.Reader.WaitToReadAsync().ConfigureAwait(false))
                {
                    // What is there goes out in one write: at least every thousand entries, at the latest when nothing more is there.
                    var text = new StringBuilder();
                    for (int i = 0; i < 1000 && _entries.Reader.TryRead(out TimelineEntry? entry); i++)
                    {
                        text.Append(JsonLines.Text(TimelineJson.Of(entry))).Append('\n');
                    }

                    await _file.WriteAsync(Encoding.UTF8.GetBytes(text.ToString())).ConfigureAwait(false);
                    await _file.FlushAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _entries.Writer.TryComplete();
            while (_entries.Reader.TryRead(out _))
            {
                // Nobody will write it.
            }

            LogEnded(_file.Name, OneLine.Of(error.Message).TrimEnd('.'));
        }
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "The trace ends here: {File} cannot be written ({Reason}). The modems go on")]
    private partial void LogEnded(string file, string reason);
}
