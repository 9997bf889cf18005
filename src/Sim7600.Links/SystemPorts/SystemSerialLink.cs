using System.IO.Pipelines;
using System.IO.Ports;

namespace Sim7600.Links;

/// <summary>
/// A serial port by System.IO.Ports, for Windows and macOS. A thread of its own reads with a finite time-out, because a
/// pending read cannot be cancelled everywhere; any failure is the end of the port, and closing never waits for the driver.
/// </summary>
public sealed class SystemSerialLink : ISerialLink
{
    private const int PollMilliseconds = 100;

    /// <summary>What is written at once. The time limit of a write counts for it alone: it passes in time at 9600 baud, where a long payload does not.</summary>
    private const int PieceLength = 1024;
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long one piece may wait for room: longer than a busy machine, or a modem that holds CTS back, ever makes it.</summary>
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);
    private readonly SerialPort _port;
    private readonly Stream _stream;
    private readonly Pipe _pipe = new(new PipeOptions(useSynchronizationContext: false));
    private readonly TaskCompletionSource<SerialLinkLoss> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly TaskCompletionSource _readerEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _ending;
    private int _disposed;

    private SystemSerialLink(string name, SerialPort port, SerialSettings settings)
    {
        Name = name;
        Settings = settings;
        _port = port;
        _stream = port.BaseStream; // after a failure the port gives it out no more
        ControlLines = SystemControlLines.Of(port);
        new Thread(Read) { IsBackground = true, Name = $"Sim7600 {name}" }.Start();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SerialSettings? Settings { get; }

    /// <inheritdoc/>
    public PipeReader Input => _pipe.Reader;

    /// <inheritdoc/>
    public IControlLines? ControlLines { get; }

    /// <inheritdoc/>
    public Task<SerialLinkLoss> Lost => _lost.Task;

    /// <summary>Opens a port.</summary>
    /// <param name="portName"><c>COM3</c>, or a device path.</param>
    /// <param name="settings">Speed and flow control; null is the factory setting.</param>
    /// <returns>The open link.</returns>
    /// <exception cref="SerialLinkException">It cannot be opened; the message says why and what to try.</exception>
    public static SystemSerialLink Open(string portName, SerialSettings? settings = null)
    {
        settings ??= SerialSettings.Default;
        SerialPort? port = null;
        try
        {
            port = new SerialPort(portName, settings.BaudRate)
            {
                Handshake = settings.HardwareFlowControl ? Handshake.RequestToSend : Handshake.None,
                ReadTimeout = PollMilliseconds,
                WriteTimeout = (int)WriteLimit.TotalMilliseconds,
            };
            port.Open();
            port.DiscardInBuffer();
            return new SystemSerialLink(portName, port, settings);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            port?.Dispose();
            bool missing = !OperatingSystem.IsWindows() && !string.IsNullOrEmpty(portName) && !File.Exists(portName);
            throw error switch
            {
                _ when missing => new SerialLinkException(SerialLinkError.NotFound, $"There is no port {portName}. Is the modem plugged in, or the emulator running?", error),
                UnauthorizedAccessException => new SerialLinkException(SerialLinkError.Busy, $"{portName} is in use or not permitted. Close the other program, or check your rights.", error),
                ArgumentException => new SerialLinkException(SerialLinkError.BadName, $"'{portName}' is not a serial port: {OneLine(error)}.", error),
                FileNotFoundException => new SerialLinkException(SerialLinkError.NotFound, $"There is no port {portName}. Is the modem plugged in?", error),
                _ => new SerialLinkException(SerialLinkError.Other, $"{portName} cannot be opened: {OneLine(error)}.", error),
            };
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        byte[] copy = bytes.ToArray();

        // A thread of its own: a few blocked writes on the pool would hold up those who read the other ends, until the time limit.
        Task written = Task.Factory.StartNew(
            () => Write(copy, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await written.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // The next writer waits for the bytes of this one even when its caller has given up.
            _ = written.ContinueWith(
                ended =>
                {
                    _ = ended.Exception; // seen by the caller, unless it has given up
                    _writing.Release();
                },
                TaskScheduler.Default);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _ending = true;
        _lost.TrySetResult(new SerialLinkLoss("the link was closed by this side", WasDisposed: true));
        await Task.WhenAny(_readerEnded.Task, Task.Delay(CloseLimit)).ConfigureAwait(false);

        // A driver may hang in close for ever (measured after a hang-up): the caller does not wait for it longer than this.
        Task closed = Task.Run(() =>
        {
            try
            {
                _stream.Dispose();
                _port.Dispose();
            }
            catch (Exception error) when (error is IOException or InvalidOperationException or UnauthorizedAccessException)
            {
                // it is gone either way
            }
        });
        await Task.WhenAny(closed, Task.Delay(CloseLimit)).ConfigureAwait(false);
    }

    private static string OneLine(Exception error) => error.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    private void Write(byte[] bytes, CancellationToken cancellationToken)
    {
        for (int sent = 0; sent < bytes.Length; sent += PieceLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_lost.Task.IsCompleted)
            {
                throw new SerialLinkException(SerialLinkError.Lost, $"The link {Name} is gone: {_lost.Task.Result.Reason}. Open it again.");
            }

            try
            {
                _stream.Write(bytes, sent, Math.Min(PieceLength, bytes.Length - sent));
            }
            catch (Exception error) when (error is IOException or TimeoutException or InvalidOperationException or UnauthorizedAccessException)
            {
                End(new SerialLinkLoss($"writing failed ({OneLine(error)})", Cause: error));
                throw new SerialLinkException(SerialLinkError.Lost, $"The link {Name} is gone: writing failed ({OneLine(error)}). Open it again.", error);
            }
        }
    }

    private void Read()
    {
        byte[] buffer = new byte[4096];
        var loss = new SerialLinkLoss("the device was unplugged or its other end was closed");
        try
        {
            while (!_ending && !_lost.Task.IsCompleted)
            {
                try
                {
                    int read = _stream.Read(buffer, 0, buffer.Length);
                    if (read == 0)
                    {
                        break;
                    }

                    _pipe.Writer.WriteAsync(buffer.AsMemory(0, read)).AsTask().GetAwaiter().GetResult();
                }
                catch (TimeoutException)
                {
                    // nothing came; look whether the link is closing
                }
            }
        }
        catch (Exception error)
        {
            loss = loss with { Cause = error };
        }

        End(loss);
        _pipe.Writer.Complete();
        _readerEnded.SetResult();
    }

    private void End(SerialLinkLoss loss) => _lost.TrySetResult(loss);
}
