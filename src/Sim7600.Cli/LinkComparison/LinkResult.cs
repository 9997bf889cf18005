namespace Sim7600.Cli.LinkComparison;

/// <summary>How the node fares on one link.</summary>
/// <param name="Link">The link.</param>
/// <param name="Misfit">Why the workload does not fit, and what would; null when it fits.</param>
/// <param name="Frames">Frames of the link, or packets, that one reading takes without a loss, acknowledgements not counted.</param>
/// <param name="BytesOnAir">Mean of all bytes that a reading puts on the link in both directions: headers, acknowledgements, repetitions and its share of keep-alive.</param>
/// <param name="DeliveryMedian">From the end of the measurement until the broker has the reading.</param>
/// <param name="Delivery95">The same for 95 of 100 readings.</param>
/// <param name="ConfirmedMedian">Until the node knows that it was delivered.</param>
/// <param name="Delivered">Share of the readings that arrive.</param>
/// <param name="JoulesPerReading">Mean energy of a reading above idling, its share of keep-alive included.</param>
/// <param name="JoulesPerDay">All that the radio takes in a day, idling included.</param>
/// <param name="MostPerDay">The most readings that the link carries in a day.</param>
internal sealed record LinkResult(
    LinkProfile Link,
    string? Misfit,
    int Frames,
    double BytesOnAir,
    TimeSpan DeliveryMedian,
    TimeSpan Delivery95,
    TimeSpan ConfirmedMedian,
    double Delivered,
    double JoulesPerReading,
    double JoulesPerDay,
    double MostPerDay)
{
    private const double JoulesPerWattHour = 3600;
    private const double SecondsOfDay = 86400;

    /// <summary>Power over the day, idling included, in watts.</summary>
    public double MeanWatts => JoulesPerDay / SecondsOfDay;

    /// <summary>How long a battery feeds the radio alone.</summary>
    /// <param name="wattHours">What is in it.</param>
    public double DaysOn(double wattHours) => wattHours * JoulesPerWattHour / JoulesPerDay;
}
