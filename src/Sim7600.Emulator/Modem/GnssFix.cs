using System.Globalization;

namespace Sim7600.Emulator.Modem;

/// <summary>What the satellites tell.</summary>
internal sealed record GnssFix
{
    /// <summary>Degrees, north positive.</summary>
    public decimal Latitude { get; init; } = 51.508625m;

    /// <summary>Degrees, east positive.</summary>
    public decimal Longitude { get; init; } = -0.03154727m;

    /// <summary>UTC of the fix; null follows the modem's clock.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Metres above the sea.</summary>
    public decimal Altitude { get; init; } = 20.7m;

    /// <summary>Knots.</summary>
    public decimal Speed { get; init; }

    /// <summary>Degrees from north; null where there is none, as real units print it at standstill.</summary>
    public decimal? Course { get; init; }

    /// <summary>2 or 3 dimensions.</summary>
    public int Dimensions { get; init; } = 3;

    /// <summary>Satellites of GPS, GLONASS and BeiDou.</summary>
    public (int Gps, int Glonass, int BeiDou) Satellites { get; init; } = (6, 2, 0);

    /// <summary>Dilution of precision: position, horizontal, vertical.</summary>
    public (decimal Position, decimal Horizontal, decimal Vertical) Dilution { get; init; } = (1.5m, 1.2m, 0.9m);

    /// <summary><c>ddmm.mmmmmm,N,dddmm.mmmmmm,E</c>.</summary>
    public string PositionText() => $"{Angle(Latitude, "00")},{(Latitude < 0 ? "S" : "N")},{Angle(Longitude, "000")},{(Longitude < 0 ? "W" : "E")}";

    /// <summary><c>ddMMyy,hhmmss.s,altitude,speed,course</c>.</summary>
    public string MotionText(DateTimeOffset now)
    {
        DateTimeOffset time = (Time ?? now).ToUniversalTime();
        return string.Create(
            CultureInfo.InvariantCulture, $"{time:ddMMyy},{time:HHmmss.f},{Altitude:0.0},{Speed:0.0},{(Course is { } course ? course.ToString("0.0", CultureInfo.InvariantCulture) : "")}");
    }

    private static string Angle(decimal degrees, string whole)
    {
        // Rounded first, so that 59.9999999 minutes become the next degree and not 60 minutes.
        decimal minutes = Math.Round(Math.Abs(degrees) * 60, 6);
        decimal full = Math.Floor(minutes / 60);
        return full.ToString(whole, CultureInfo.InvariantCulture) + (minutes - (full * 60)).ToString("00.000000", CultureInfo.InvariantCulture);
    }
}
