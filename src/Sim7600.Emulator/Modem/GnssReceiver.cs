using System.Globalization;

namespace Sim7600.Emulator.Modem;

/// <summary>The satellite receiver of the module. All members are called on the modem's loop.</summary>
internal sealed class GnssReceiver(VirtualModem modem) : INetworkService
{
    private readonly Dictionary<string, IDisposable> _reports = [];
    private IDisposable? _search;

    /// <summary>True while the receiver runs; a start state may set it, and then a fix is there at once.</summary>
    public bool IsOn { get; set; }

    /// <summary>Mode of AT+CGPS: 1 on its own, 2 and 3 with the help of the network.</summary>
    public int Mode { get; set; } = 1;

    /// <summary>What the sky offers; null is no fix, ever.</summary>
    public GnssFix? Fix { get; set; }

    /// <summary>How long the receiver searches after it was started.</summary>
    public TimeSpan TimeToFirstFix { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it searches after AT+CGPSHOT.</summary>
    public TimeSpan TimeToHotFix { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>True when the receiver starts with the module (AT+CGPSAUTO); kept over a reset.</summary>
    public bool StartsWithModem { get; set; }

    /// <summary>Starts the receiver.</summary>
    public void Start(int mode, TimeSpan search)
    {
        IsOn = true;
        Mode = mode;
        _search = modem.After(search, () => _search = null);
    }

    /// <summary>Stops the receiver.</summary>
    public void Stop()
    {
        IsOn = false;
        _search?.Dispose();
        _search = null;
    }

    /// <summary>What <c>AT+CGPSINFO</c> shows; without a fix eight commas.</summary>
    public string Position() => Found is { } fix ? $"+CGPSINFO: {fix.PositionText()},{fix.MotionText(Now)}" : $"+CGPSINFO: {new string(',', 8)}";

    /// <summary>What <c>AT+CGNSSINFO</c> shows; without a fix fifteen commas.</summary>
    public string Detail()
    {
        if (Found is not { } fix)
        {
            return $"+CGNSSINFO: {new string(',', 15)}";
        }

        (int gps, int glonass, int beiDou) = fix.Satellites;
        (decimal position, decimal horizontal, decimal vertical) = fix.Dilution;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"+CGNSSINFO: {fix.Dimensions},{gps:D2},{glonass:D2},{beiDou:D2},{fix.PositionText()},{fix.MotionText(Now)},{position:0.0},{horizontal:0.0},{vertical:0.0}");
    }

    /// <summary>Prints a line again and again.</summary>
    /// <param name="name">Which report; it replaces an earlier one of the same name.</param>
    /// <param name="every">The period; zero ends the report.</param>
    /// <param name="line">Makes the line.</param>
    public void Report(string name, TimeSpan every, Func<string> line)
    {
        if (_reports.Remove(name, out IDisposable? before))
        {
            before.Dispose();
        }

        if (every > TimeSpan.Zero)
        {
            _reports[name] = modem.After(every, () =>
            {
                modem.WriteUrc(line());
                Report(name, every, line);
            });
        }
    }

    /// <summary>Satellites need no network.</summary>
    public void NetworkLost()
    {
    }

    /// <inheritdoc/>
    public void Abort()
    {
        Stop();
        _reports.Clear(); // the modem's timers are gone
    }

    private DateTimeOffset Now => modem.Options.TimeProvider.GetUtcNow();

    private GnssFix? Found => IsOn && _search is null ? Fix : null;
}
