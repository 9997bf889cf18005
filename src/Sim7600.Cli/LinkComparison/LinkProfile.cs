namespace Sim7600.Cli.LinkComparison;

/// <summary>
/// A link between a node and its broker. It answers for one reading at a time: what goes on the air, how long it takes and
/// what it costs. The sensor and its microcontroller are not counted, nor what the radio takes to join the network.
/// </summary>
/// <param name="name">Word for the command line.</param>
/// <param name="title">Words for people.</param>
internal abstract class LinkProfile(string name, string title)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public string Name { get; } = name;

    public string Title { get; } = title;

    /// <summary>How far it reaches.</summary>
    public required string Range { get; init; }

    /// <summary>What it costs besides the radio.</summary>
    public required string Cost { get; init; }

    /// <summary>Share of frames or packets that are lost.</summary>
    public required double Loss { get; init; }

    /// <summary>What the radio takes while nothing is sent, in watts.</summary>
    public required double IdleWatts { get; init; }

    /// <summary>Every figure with its source.</summary>
    public required IReadOnlyList<LinkFigure> Figures { get; init; }

    /// <summary>Draws the readings of a workload.</summary>
    public LinkResult Try(LinkWorkload workload)
    {
        var random = new Random(workload.Seed);
        double loss = workload.Loss ?? Loss;
        double most = MostPerDay(workload);
        string? misfit = FindMisfit(workload);
        ReadingCost[] costs = [.. Enumerable.Range(0, workload.Readings).Select(_ => Send(workload, loss, random))];
        ReadingCost[] delivered = [.. costs.Where(cost => cost.IsDelivered).OrderBy(cost => cost.Delivery)];
        ReadingCost[] confirmed = [.. delivered.OrderBy(cost => cost.Confirmed)];
        double perReading = costs.Average(cost => cost.Joules);
        return new LinkResult(
            this,
            misfit,
            costs[0].Frames,
            costs.Average(cost => cost.Bytes),
            At(delivered, 50, cost => cost.Delivery),
            At(delivered, 95, cost => cost.Delivery),
            At(confirmed, 50, cost => cost.Confirmed),
            (double)delivered.Length / costs.Length,
            perReading,
            (perReading * Math.Min(Day / workload.Period, most)) + (IdleWatts * Day.TotalSeconds),
            most);
    }

    /// <summary>Why the workload does not fit, and what would; null when it fits.</summary>
    protected abstract string? FindMisfit(LinkWorkload workload);

    /// <summary>One reading, from the end of the measurement.</summary>
    protected abstract ReadingCost Send(LinkWorkload workload, double loss, Random random);

    /// <summary>The most readings in a day, none lost.</summary>
    protected abstract double MostPerDay(LinkWorkload workload);

    private static TimeSpan At(ReadingCost[] sorted, int percent, Func<ReadingCost, TimeSpan> value) =>
        sorted.Length == 0 ? TimeSpan.Zero : value(sorted[Math.Min(sorted.Length * percent / 100, sorted.Length - 1)]);

    /// <summary>What one reading came to.</summary>
    protected readonly record struct ReadingCost(int Frames, double Bytes, TimeSpan Delivery, TimeSpan Confirmed, bool IsDelivered, double Joules);
}
