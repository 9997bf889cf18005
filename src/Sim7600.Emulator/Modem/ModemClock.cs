using System.Globalization;

namespace Sim7600.Emulator.Modem;

/// <summary>
/// The real-time clock of <c>AT+CCLK</c>. It starts where Qualcomm's clock does, on 6 January 1980, without a time zone, until
/// the host, the network or a time server sets it; a reset leaves it running (both inferred).
/// </summary>
internal sealed class ModemClock
{
    private readonly TimeProvider _time;
    private DateTime _set = new(1980, 1, 6, 0, 0, 0, DateTimeKind.Unspecified);
    private long _setAt;

    /// <summary>Creates the clock.</summary>
    /// <param name="time">What makes it run.</param>
    public ModemClock(TimeProvider time)
    {
        _time = time;
        _setAt = time.GetTimestamp();
    }

    /// <summary>Quarters of an hour between local time and UTC, or null while nobody has said.</summary>
    public int? Zone { get; private set; }

    /// <summary>Local time.</summary>
    public DateTime Now => _set + _time.GetElapsedTime(_setAt);

    /// <summary>The same moment in UTC; without a zone, local time is taken for it.</summary>
    public DateTimeOffset Utc => new(Now.AddMinutes(-15 * (Zone ?? 0)), TimeSpan.Zero);

    /// <summary>Local time in the form of <c>AT+CCLK?</c>.</summary>
    public string Text => Now.ToString("yy/MM/dd,HH:mm:ss", CultureInfo.InvariantCulture)
        + (Zone is { } zone ? string.Create(CultureInfo.InvariantCulture, $"{(zone < 0 ? '-' : '+')}{Math.Abs(zone):D2}") : "");

    /// <summary>Sets local time and, when it is known, the zone.</summary>
    public void Set(DateTime local, int? zone)
    {
        _set = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        _setAt = _time.GetTimestamp();
        Zone = zone ?? Zone;
    }

    /// <summary>Sets the clock to true time in a zone.</summary>
    public void SetTrue(int zone) => Set(_time.GetUtcNow().UtcDateTime.AddMinutes(15 * zone), zone);

    /// <summary>Sets the clock from <c>yy/MM/dd,hh:mm:ss[±zz]</c>.</summary>
    /// <returns>False when the text is no such time.</returns>
    public bool TrySet(string text)
    {
        int? zone = null;
        if (text.Length == 20)
        {
            if (text[17] is not ('+' or '-') || !int.TryParse(text.AsSpan(18), NumberStyles.None, CultureInfo.InvariantCulture, out int quarters) || quarters > 96)
            {
                return false;
            }

            zone = text[17] == '-' ? -quarters : quarters;
            text = text[..17];
        }

        // A two-digit year is 1980 to 2079 here, so that the clock's own start can be set again.
        if (text.Length != 17
            || !int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int year)
            || !DateTime.TryParseExact(
                $"{(year >= 80 ? 19 : 20)}{text}", "yyyy/MM/dd,HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
        {
            return false;
        }

        Set(local, zone);
        return true;
    }
}
