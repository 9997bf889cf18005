using Microsoft.Extensions.Logging;
using Sim7600.Links;

namespace Sim7600.Emulator.Ports;

/// <summary>
/// One modem on a real serial device, such as a USB-UART that is wired to a board. When the device goes, the modem lives on and
/// is served again once it is back.
/// </summary>
internal sealed partial class DeviceSeat : IAsyncDisposable
{
    /// <summary>How often to look for a device that is away.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);

    private readonly VirtualModem _modem;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;
    private TaskCompletionSource _cableMoved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isPlugged = true;

    private DeviceSeat(VirtualModem modem, ISerialLink link, TimeProvider time, ILogger log)
    {
        _modem = modem;
        _time = time;
        _log = log;
        Name = link.Name;
        modem.WatchCable(Move);
        _serving = Task.Run(() => ServeAsync(link));
    }

    /// <summary>The device's path.</summary>
    public string Name { get; }

    /// <summary>Opens the device.</summary>
    /// <exception cref="EmulatorException">There is no such device, or it is none.</exception>
    /// <exception cref="SerialLinkException">It cannot be opened.</exception>
    public static async Task<DeviceSeat> OpenAsync(VirtualModem modem, string device, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            ISerialLink link = await SerialLink.OpenAsync(device, SettingsOf(modem), cancellationToken).ConfigureAwait(false);
            if (link.Settings is null)
            {
                await link.DisposeAsync().ConfigureAwait(false);
                throw new EmulatorException($"{device} is a socket, not a serial device. The emulator accepts connections itself: ask for a TCP address or a UNIX socket.");
            }

            return new DeviceSeat(modem, link, time, log);
        }
        catch (SerialLinkException error) when (error.Error == SerialLinkError.NotFound)
        {
            throw new EmulatorException($"There is no serial device {device}. Is the USB-UART adapter plugged in? 'ls -l /dev/serial/by-id' shows which are.", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _modem.WatchCable(null);
        await _ending.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(false);
        _ending.Dispose();
    }

    private static SerialSettings SettingsOf(VirtualModem modem) => new() { BaudRate = modem.Uart.ModemRate };

    private async Task ServeAsync(ISerialLink first)
    {
        ISerialLink? link = first;
        try
        {
            while (true)
            {
                var port = new ModemPort(_modem, link, _log);
                link = null;
                try
                {
                    await ServeAsync(port).ConfigureAwait(false);
                }
                finally
                {
                    await port.DisposeAsync().ConfigureAwait(false);
                }

                link = await ReopenAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // the emulator is closing
        }
    }

    /// <summary>Serves until the device or its cable is gone.</summary>
    private async Task ServeAsync(ModemPort port)
    {
        while (true)
        {
            Task moved = Volatile.Read(ref _cableMoved).Task;
            if (!Volatile.Read(ref _isPlugged))
            {
                return;
            }

            await Task.WhenAny(port.Ended, moved).WaitAsync(_ending.Token).ConfigureAwait(false);
            if (port.Ended.IsCompleted)
            {
                LogGone(Name, _modem.Number);
                return;
            }
        }
    }

    /// <summary>Waits until the cable is plugged in and the device can be opened.</summary>
    private async Task<ISerialLink> ReopenAsync()
    {
        SerialLinkError? told = SerialLinkError.NotFound;
        while (true)
        {
            Task moved = Volatile.Read(ref _cableMoved).Task;
            if (!Volatile.Read(ref _isPlugged))
            {
                await moved.WaitAsync(_ending.Token).ConfigureAwait(false);
                continue;
            }

            try
            {
                ISerialLink link = await SerialLink.OpenAsync(Name, SettingsOf(_modem), _ending.Token).ConfigureAwait(false);
                LogBack(Name, _modem.Number);
                return link;
            }
            catch (SerialLinkException error)
            {
                if (error.Error != told)
                {
                    told = error.Error;
                    LogWaiting(_modem.Number, error.Message);
                }
            }

            await Task.Delay(LookPeriod, _time, _ending.Token).ConfigureAwait(false);
        }
    }

    private void Move(bool plugged)
    {
        Volatile.Write(ref _isPlugged, plugged);
        Interlocked.Exchange(ref _cableMoved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    [LoggerMessage(EventId = 2406, Level = LogLevel.Warning, Message = "{Device} is gone; modem {Number} waits for its return")]
    private partial void LogGone(string device, int number);

    [LoggerMessage(EventId = 2407, Level = LogLevel.Information, Message = "{Device} is there again, with modem {Number} on it")]
    private partial void LogBack(string device, int number);

    [LoggerMessage(EventId = 2408, Level = LogLevel.Warning, Message = "Modem {Number} still waits for its serial device: {Reason}")]
    private partial void LogWaiting(int number, string reason);
}
