using System.Globalization;

namespace Sim7600.Cli.LinkComparison;

/// <summary>A length of time with two or three digits and the unit that people use for it.</summary>
internal static class Duration
{
    private const double DaysOfYear = 365.25;

    /// <summary>Years after which a battery is at its end, used or not; longer times say nothing.</summary>
    private const int ShelfLife = 10;

    public static string Format(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 1 } => Number(time.TotalMilliseconds, "0.0", "ms"),
        { TotalSeconds: < 1 } => Number(time.TotalMilliseconds, "0", "ms"),
        { TotalMinutes: < 2 } => Number(time.TotalSeconds, time.TotalSeconds < 10 ? "0.0" : "0", "s"),
        { TotalHours: < 2 } => Number(time.TotalMinutes, "0", "min"),
        { TotalDays: < 2 } => Number(time.TotalHours, "0", "h"),
        { TotalDays: < 2 * DaysOfYear } => Number(time.TotalDays, "0", "d"),
        { TotalDays: < ShelfLife * DaysOfYear } => Number(time.TotalDays / DaysOfYear, "0.0", "y"),
        _ => $"> {ShelfLife} y",
    };

    private static string Number(double value, string format, string unit) => $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}";
}
