using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sim7600.Emulator.Line;
using Sim7600.Links;

namespace Sim7600.Emulator.Ports;

/// <summary>Joins one modem to one link: bytes in both directions, nothing else. What nobody reads is bounded.</summary>
internal sealed partial class ModemPort : IAsyncDisposable, IHostEnd
{
    /// <summary>Bytes of the host that are handed at once to a line that takes its time.</summary>
    public const int PieceSize = 256;

    /// <summary>Bytes that may wait for a slow reader; a UART would have lost them long before.</summary>
    private const int MaximumWaitingBytes = 1024 * 1024;

    private readonly VirtualModem _modem;
    private readonly ISerialLink _link;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly Channel<(byte[] Bytes, SerialSettings? Settings)> _outgoing = Channel.CreateUnbounded<(byte[] Bytes, SerialSettings? Settings)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _reading;
    private readonly Task _writing;
    private int _waitingBytes;
    private bool _losesOutput;

    public ModemPort(VirtualModem modem, ISerialLink link, ILogger log)
    {
        _modem = modem;
        _link = link;
        _log = log;
        _modem.Attach(Print, this);
        _reading = Task.Run(ReadAsync);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Completes when the link is gone.</summary>
    public Task Ended => _reading;

    public ISerialLink Link => _link;

    public int? BaudRate => _link is PtyPort { IsClientConnected: true } pty ? pty.ReadClientSettings().BaudRate : null;

    public int? Unread => (_link as PtyPort)?.CountUnread();

    public void Apply(int baudRate, bool hardwareFlowControl)
    {
        if (_link.Settings is not null)
        {
            _outgoing.Writer.TryWrite(([], new SerialSettings { BaudRate = baudRate, HardwareFlowControl = hardwareFlowControl }));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _modem.Attach(null);
        await _ending.CancelAsync().ConfigureAwait(false);
        _outgoing.Writer.TryComplete();
        await _link.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_reading, _writing).ConfigureAwait(false);
        _ending.Dispose();
    }

    private void Print(byte[] bytes)
    {
        _losesOutput &= Volatile.Read(ref _waitingBytes) > 0; // one warning until the host has read everything
        if (Interlocked.Add(ref _waitingBytes, bytes.Length) <= MaximumWaitingBytes && _outgoing.Writer.TryWrite((bytes, null)))
        {
            return;
        }

        Interlocked.Add(ref _waitingBytes, -bytes.Length);
        if (!_ending.IsCancellationRequested && !_losesOutput)
        {
            _losesOutput = true;
            LogOverrun(_link.Name);
        }
    }

    private async Task ReadAsync()
    {
        PipeReader input = _link.Input;
        try
        {
            while (true)
            {
                ReadResult result = await input.ReadAsync(_ending.Token).ConfigureAwait(false);
                if (!result.Buffer.IsEmpty)
                {
                    long length = _modem.Uart.IsModelled ? Math.Min(result.Buffer.Length, PieceSize) : result.Buffer.Length;
                    SequencePosition end = result.Buffer.GetPosition(length);
                    await _modem.ReceiveAsync(result.Buffer.Slice(0, end).ToArray()).WaitAsync(_ending.Token).ConfigureAwait(false);
                    input.AdvanceTo(end);
                    continue;
                }

                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the port is closing
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach ((byte[] bytes, SerialSettings? settings) in _outgoing.Reader.ReadAllAsync(_ending.Token).ConfigureAwait(false))
            {
                if (settings is not null)
                {
                    await ChangeAsync(settings).ConfigureAwait(false);
                    continue;
                }

                await _link.WriteAsync(bytes, _ending.Token).ConfigureAwait(false);
                Interlocked.Add(ref _waitingBytes, -bytes.Length);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SerialLinkException or ObjectDisposedException)
        {
            // the port is closing, or the host has hung up: what is printed now goes nowhere, as on a real line
            _outgoing.Writer.TryComplete();
        }
    }

    private async Task ChangeAsync(SerialSettings settings)
    {
        if (_link.Settings is { } now && now.BaudRate == settings.BaudRate && now.HardwareFlowControl == settings.HardwareFlowControl)
        {
            return;
        }

        try
        {
            if (await _link.ChangeSettingsAsync(settings, _ending.Token).ConfigureAwait(false))
            {
                LogChanged(_link.Name, settings);
            }
            else
            {
                LogNotChanged(_link.Name, settings, $"It stays at {_link.Settings}");
            }
        }
        catch (SerialLinkException error) when (error.Error == SerialLinkError.BadSetting)
        {
            LogNotChanged(_link.Name, settings, error.Message);
        }
    }

    [LoggerMessage(EventId = 2401, Level = LogLevel.Warning, Message = "{Link}: bytes are being lost, the host does not read")]
    private partial void LogOverrun(string link);

    [LoggerMessage(EventId = 2409, Level = LogLevel.Information, Message = "{Link} is now at {Settings}")]
    private partial void LogChanged(string link, SerialSettings settings);

    [LoggerMessage(EventId = 2410, Level = LogLevel.Warning, Message = "{Link} cannot be set to {Settings}, as the modem was. {Reason}")]
    private partial void LogNotChanged(string link, SerialSettings settings, string reason);
}
