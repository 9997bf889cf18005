using Microsoft.Extensions.Logging;
using Sim7600.Links;

namespace Sim7600.Emulator.Ports;

/// <summary>
/// Accepts connections on one listener. Each connection gets a modem to itself: the first that no other line uses, or a
/// new one. A modem keeps its state between connections, as a real one does while its host reboots.
/// </summary>
internal sealed partial class SocketSeats : IAsyncDisposable
{
    /// <summary>A line whose host has hung up ends at once; nobody else waits longer for it than this.</summary>
    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(1);

    private readonly SerialLinkListener _listener;
    private readonly Func<bool, VirtualModem?> _takeModem;
    private readonly Action<VirtualModem> _giveBack;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<Task, ISerialLink> _serving = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;

    public SocketSeats(SerialLinkListener listener, Func<bool, VirtualModem?> takeModem, Action<VirtualModem> giveBack, ILogger log)
    {
        _listener = listener;
        _takeModem = takeModem;
        _giveBack = giveBack;
        _log = log;
        _accepting = Task.Run(AcceptAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        Task[] serving;
        lock (_gate)
        {
            serving = [.. _serving.Keys];
        }

        await Task.WhenAll(serving).ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                ISerialLink link = await _listener.AcceptAsync(_ending.Token).ConfigureAwait(false);
                VirtualModem? modem = await TakeModemAsync().ConfigureAwait(false);
                if (modem is null)
                {
                    LogNoModem(link.Name);
                    await link.DisposeAsync().ConfigureAwait(false);
                    continue;
                }

                LogConnected(link.Name, modem.Number);
                Task serving = ServeAsync(modem, link);
                lock (_gate)
                {
                    _serving.Add(serving, link);
                }

                _ = serving.ContinueWith(
                    done =>
                    {
                        lock (_gate)
                        {
                            _serving.Remove(done);
                        }
                    },
                    TaskScheduler.Default);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SerialLinkException or ObjectDisposedException)
        {
            // the emulator is closing
        }
    }

    /// <summary>A free modem; else one whose host has hung up, so that who reconnects finds its modem again; else a new one.</summary>
    private async Task<VirtualModem?> TakeModemAsync()
    {
        if (_takeModem(false) is { } free)
        {
            return free;
        }

        Task[] leaving;
        lock (_gate)
        {
            leaving = [.. _serving.Where(each => SerialLinkListener.HasHungUp(each.Value)).Select(each => each.Key)];
        }

        try
        {
            await Task.WhenAll(leaving).WaitAsync(LeavingTime, _ending.Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // a new modem is better than no answer
        }

        return _takeModem(true);
    }

    private async Task ServeAsync(VirtualModem modem, ISerialLink link)
    {
        var port = new ModemPort(modem, link, _log);
        var unplugged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        modem.WatchCable(plugged =>
        {
            if (!plugged)
            {
                unplugged.TrySetResult();
            }
        });
        try
        {
            await Task.WhenAny(port.Ended, unplugged.Task).WaitAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // the emulator is closing
        }

        modem.WatchCable(null);
        await port.DisposeAsync().ConfigureAwait(false);
        _giveBack(modem);
        LogGone(link.Name, modem.Number);
    }

    [LoggerMessage(EventId = 2402, Level = LogLevel.Information, Message = "{Link} is connected to modem {Number}")]
    private partial void LogConnected(string link, int number);

    [LoggerMessage(EventId = 2403, Level = LogLevel.Information, Message = "{Link} has left modem {Number}")]
    private partial void LogGone(string link, int number);

    [LoggerMessage(EventId = 2404, Level = LogLevel.Warning, Message = "{Link} was closed: no more modems can be made")]
    private partial void LogNoModem(string link);
}
