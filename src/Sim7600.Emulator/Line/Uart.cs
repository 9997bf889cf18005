using Microsoft.Extensions.Logging;

namespace Sim7600.Emulator.Line;

/// <summary>
/// The speeds of both ends of the serial line. A line that is not modelled carries bytes at once, whatever the ends are set to.
/// On the modem's loop, but for <see cref="ModemRate"/>.
/// </summary>
internal sealed partial class Uart
{
    /// <summary>The factory setting, and what the modem talks at before an automatic speed has heard its host.</summary>
    public const int DefaultRate = 115200;

    /// <summary>Start bit, eight data bits, stop bit.</summary>
    private const int FrameBits = 10;

    /// <summary>Beyond this the last bits of a frame are sampled in their neighbours: half a bit in nine and a half.</summary>
    private const double Tolerance = 0.05;

    private readonly int _modem;
    private readonly ILogger _log;
    private int _modemRate;
    private bool _follows;
    private (int Host, int Modem)? _told;

    /// <summary>Creates the two ends.</summary>
    /// <param name="modem">The modem's number.</param>
    /// <param name="isModelled">True when bytes take their time, and a wrong speed makes garbage of them.</param>
    /// <param name="baudRate">The modem's speed; 0 follows the host.</param>
    /// <param name="log">Where different speeds are told.</param>
    public Uart(int modem, bool isModelled, int baudRate, ILogger log)
    {
        _modem = modem;
        _log = log;
        IsModelled = isModelled;
        Set(baudRate);
    }

    public bool IsModelled { get; }

    /// <summary>The modem's speed in baud.</summary>
    public int ModemRate => Volatile.Read(ref _modemRate);

    /// <summary>The host's speed in baud: the modem's where it cannot be seen. B0, by which a terminal hangs up, is no speed.</summary>
    public int HostRate => IsModelled && Host?.BaudRate is > 0 and int rate ? rate : ModemRate;

    /// <summary>The host's port, or null while there is none.</summary>
    public IHostEnd? Host { get; set; }

    /// <summary>Sets the modem's speed as <c>AT+IPR</c> does.</summary>
    /// <param name="baudRate">The speed in baud; 0 takes the host's with the next byte from it.</param>
    public void Set(int baudRate)
    {
        _follows = baudRate == 0;
        int rate = !_follows ? baudRate : _modemRate == 0 ? DefaultRate : _modemRate;
        Volatile.Write(ref _modemRate, rate);
    }

    /// <summary>The host begins to send: a modem that follows takes its speed.</summary>
    public void Hear()
    {
        if (_follows)
        {
            Volatile.Write(ref _modemRate, HostRate);
        }
    }

    /// <summary>How long a byte is on the line, in ticks.</summary>
    /// <param name="rate">The sender's speed.</param>
    public double FrameTicks(int rate) => IsModelled ? (double)FrameBits * TimeSpan.TicksPerSecond / rate : 0;

    /// <summary>How long a byte of the modem takes, also where the line is not modelled.</summary>
    public TimeSpan ByteTime => FrameBits * TimeSpan.FromSeconds(1) / ModemRate;

    /// <summary>Says, once for each pair of speeds, that bytes have met ends that differ, and that they differ no more.</summary>
    public void Compare(int host, int modem)
    {
        bool differs = Math.Abs(host - modem) > Tolerance * modem;
        if (!differs && _told is not null)
        {
            _told = null;
            LogSame(_log, _modem, host, modem);
        }
        else if (differs && _told != (host, modem))
        {
            _told = (host, modem);
            LogDifferent(_log, _modem, host, modem);
        }
    }

    [LoggerMessage(EventId = 2411, Level = LogLevel.Warning, Message = "Modem {Number}: the host's port is set to {Host} baud, the modem to {Modem} baud: both sides read garbage. Set the host's port to {Modem}, or let the host change the modem with AT+IPR first")]
    private static partial void LogDifferent(ILogger log, int number, int host, int modem);

    [LoggerMessage(EventId = 2412, Level = LogLevel.Information, Message = "Modem {Number}: the host's port is set to {Host} baud, the modem to {Modem} baud: they understand each other again")]
    private static partial void LogSame(ILogger log, int number, int host, int modem);
}
