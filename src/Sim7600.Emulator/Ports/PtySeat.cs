using Microsoft.Extensions.Logging;
using Sim7600.Links;

namespace Sim7600.Emulator.Ports;

/// <summary>One modem on a virtual COM port that can be pulled and plugged in again under the same link, as a USB device.</summary>
internal sealed partial class PtySeat : IAsyncDisposable
{
    private readonly VirtualModem _modem;
    private readonly string? _link;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private ModemPort? _port;
    private Task _moving = Task.CompletedTask;
    private bool _closing;

    /// <summary>Opens the port.</summary>
    /// <exception cref="SerialLinkException">It cannot be opened.</exception>
    public PtySeat(VirtualModem modem, string? link, ILogger log)
    {
        _modem = modem;
        _link = link;
        _log = log;
        _port = Open();
        modem.WatchCable(Move);
    }

    /// <summary>The name to open: the link, or the PTY's own, which is another one after the cable was pulled.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Completes when the cable is where it was last moved to.</summary>
    public Task AtRest
    {
        get
        {
            lock (_gate)
            {
                return _moving;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _modem.WatchCable(null);
        lock (_gate)
        {
            _closing = true;
        }

        await AtRest.ConfigureAwait(false);
        if (_port is not null)
        {
            await _port.DisposeAsync().ConfigureAwait(false);
        }
    }

    private ModemPort Open()
    {
        PtyPort pty = _modem.Uart.IsModelled ? PtyPort.Create(_link, ModemPort.PieceSize) : PtyPort.Create(_link);
        Name = pty.Name;
        return new ModemPort(_modem, pty, _log);
    }

    private void Move(bool plugged)
    {
        lock (_gate)
        {
            if (!_closing)
            {
                Task before = _moving;
                _moving = Task.Run(() => MoveAsync(before, plugged));
            }
        }
    }

    private async Task MoveAsync(Task before, bool plugged)
    {
        await before.ConfigureAwait(false);
        try
        {
            if (_port is not null)
            {
                await _port.DisposeAsync().ConfigureAwait(false);
                _port = null;
            }

            if (plugged)
            {
                _port = Open();
            }
        }
        catch (SerialLinkException error)
        {
            LogNotPlugged(error, _modem.Number);
        }
    }

    [LoggerMessage(EventId = 2405, Level = LogLevel.Error, Message = "Modem {Number}: its virtual COM port cannot be opened again")]
    private partial void LogNotPlugged(Exception error, int number);
}
