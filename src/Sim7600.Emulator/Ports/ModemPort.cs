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

    /// <summary>Writes that may wait for a slow reader; a UART would have lost the bytes long before.</summary>
    private const int MaximumWaitingWrites = 4096;

    private readonly VirtualModem _modem;
    private readonly ISerialLink _link;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaximumWaitingWrites)
    {
        SingleReader = true,
        FullMode = BoundedChannelFullMode.Wait,
    });

    private readonly Task _reading;
    private readonly Task _writing;
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

    public int? BaudRate => (_link as PtyPort)?.ReadClientSettings().BaudRate;

    public int? Unread => (_link as PtyPort)?.CountUnread();

    public void Apply(int baudRate, bool hardwareFlowControl)
    {
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
        _losesOutput &= _outgoing.Reader.Count > 0; // one warning until the host has read everything
        if (!_outgoing.Writer.TryWrite(bytes) && !_ending.IsCancellationRequested && !_losesOutput)
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
            await foreach (byte[] bytes in _outgoing.Reader.ReadAllAsync(_ending.Token).ConfigureAwait(false))
            {
                await _link.WriteAsync(bytes, _ending.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SerialLinkException or ObjectDisposedException)
        {
            // the port is closing, or the host has hung up: what is printed now goes nowhere, as on a real line
            _outgoing.Writer.TryComplete();
        }
    }

    [LoggerMessage(EventId = 2401, Level = LogLevel.Warning, Message = "{Link}: bytes are being lost, the host does not read")]
    private partial void LogOverrun(string link);
}
