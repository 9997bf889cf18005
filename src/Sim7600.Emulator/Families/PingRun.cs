using System.Globalization;
using System.Net;
using Sim7600.Emulator.Network;

namespace Sim7600.Emulator.Families;

/// <summary>One AT+CPING: requests one after the other, a line for each, and a summary. On the modem's loop.</summary>
internal sealed class PingRun(VirtualModem modem, SocketService service)
{
    private readonly List<int> _times = [];
    private IDisposable? _next;
    private IPAddress? _address;
    private int _sent;
    private bool _ended;

    public required string Host { get; init; }

    public required int Count { get; init; }

    public required int Size { get; init; }

    public required TimeSpan Interval { get; init; }

    public required TimeSpan Limit { get; init; }

    public required int TimeToLive { get; init; }

    public void Start()
    {
        if (!service.HasBearer)
        {
            Stop();
            return;
        }

        INetworkDialer dialer = modem.Dialer;
        modem.RunBeside(token => dialer.ResolveAsync(Host, token), (addresses, error) =>
        {
            _address = error is null ? addresses![0] : null;
            if (_address is null)
            {
                Stop();
            }
            else
            {
                Next();
            }
        });
    }

    /// <summary>Ends the run with its summary.</summary>
    public void Stop()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _next?.Dispose();
        int minimum = _times.Count == 0 ? 0 : _times.Min();
        int maximum = _times.Count == 0 ? 0 : _times.Max();
        int average = _times.Count == 0 ? 0 : (int)_times.Average();
        modem.WriteUrc($"+CPING: 3,{_sent},{_times.Count},{_sent - _times.Count},{minimum},{maximum},{average}");
    }

    private void Next()
    {
        if (_ended)
        {
            return;
        }

        if (_sent == Count || !service.HasBearer)
        {
            Stop();
            return;
        }

        _sent++;
        INetworkDialer dialer = modem.Dialer;
        modem.RunBeside(token => dialer.PingAsync(_address!, Size, TimeToLive, Limit, token), (time, error) =>
        {
            if (_ended)
            {
                return;
            }

            if (error is null && time is { } answered)
            {
                int milliseconds = (int)Math.Round(answered.TotalMilliseconds);
                _times.Add(milliseconds);
                modem.WriteUrc(string.Create(CultureInfo.InvariantCulture, $"+CPING: 1,{_address},{Size},{milliseconds},{TimeToLive}"));
            }
            else
            {
                modem.WriteUrc("+CPING: 2");
            }

            if (_sent == Count)
            {
                Stop();
            }
            else
            {
                _next = modem.After(Interval, Next);
            }
        });
    }
}
