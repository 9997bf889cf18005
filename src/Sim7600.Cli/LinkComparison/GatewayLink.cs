namespace Sim7600.Cli.LinkComparison;

/// <summary>
/// A radio without IP: the node sends confirmed frames to a gateway, which publishes them to the broker over Ethernet. A
/// frame without an answer is repeated; after the last try the reading is lost, and the node knows it. A reading that is
/// longer than a frame is cut, with two bytes more in each part; a byte tells the gateway the topic.
/// </summary>
internal sealed class GatewayLink(string name, string title) : LinkProfile(name, title)
{
    private const int TopicByte = 1;
    private const int PartHeader = 2;

    /// <summary>Most bytes of the node in a frame.</summary>
    public required int MaximumPayload { get; init; }

    /// <summary>Bytes of the link around them, as sent.</summary>
    public required int FrameOverhead { get; init; }

    /// <summary>Bytes of an acknowledgement.</summary>
    public required int AcknowledgementBytes { get; init; }

    /// <summary>Time on air of a frame of so many bytes, overhead included.</summary>
    public required Func<int, TimeSpan> AirTime { get; init; }

    /// <summary>Mean wait for a free channel before a frame.</summary>
    public TimeSpan ChannelAccess { get; init; }

    /// <summary>From the end of a frame to the start of its acknowledgement.</summary>
    public required TimeSpan AcknowledgementDelay { get; init; }

    /// <summary>How long the receiver listens for an acknowledgement that does not come.</summary>
    public required TimeSpan ListenTime { get; init; }

    /// <summary>From the end of a frame without an answer to its repetition: least.</summary>
    public required TimeSpan LeastRepetitionDelay { get; init; }

    /// <summary>The same: most.</summary>
    public required TimeSpan MostRepetitionDelay { get; init; }

    /// <summary>How often a frame is sent at most.</summary>
    public required int Tries { get; init; }

    /// <summary>Share of the time that the node may be on the air, 0 to 1.</summary>
    public double DutyCycle { get; init; } = 1;

    /// <summary>Gateway to broker and back.</summary>
    public required TimeSpan GatewayRoundTrip { get; init; }

    /// <summary>Power while sending, in watts.</summary>
    public required double TransmitWatts { get; init; }

    /// <summary>Power while receiving, in watts.</summary>
    public required double ReceiveWatts { get; init; }

    protected override string? FindMisfit(LinkWorkload workload)
    {
        int parts = Parts(workload).Length;
        TimeSpan least = LeastPeriod(workload);
        string cut = parts > 1 ? $"cut into {parts} frames of {MaximumPayload} bytes" : "";
        return workload.Period >= least ? (parts > 1 ? $"{cut}: pack the reading" : null)
            : $"{(parts > 1 ? $"{cut}, " : "")}one reading each {Duration.Format(least)} at most{(DutyCycle < 1 ? $" ({DutyCycle:P0} duty cycle)" : "")}";
    }

    protected override double MostPerDay(LinkWorkload workload) => TimeSpan.FromDays(1) / LeastPeriod(workload);

    protected override ReadingCost Send(LinkWorkload workload, double loss, Random random)
    {
        int[] parts = Parts(workload);
        double bytes = 0;
        double joules = 0;
        TimeSpan now = TimeSpan.Zero;
        TimeSpan delivered = TimeSpan.Zero;
        bool arrives = true;
        TimeSpan acknowledgement = AirTime(AcknowledgementBytes);
        for (int part = 0; part < parts.Length && arrives; part++)
        {
            bool reached = false;
            for (int tries = 1; ; tries++)
            {
                TimeSpan air = AirTime(parts[part]);
                now += ChannelAccess + air;
                bytes += parts[part];
                joules += (ReceiveWatts * ChannelAccess.TotalSeconds) + (TransmitWatts * air.TotalSeconds);
                bool isHeard = random.NextDouble() >= loss;
                if (isHeard && !reached)
                {
                    reached = true;
                    delivered = now + (GatewayRoundTrip / 2);
                }

                if (isHeard && random.NextDouble() >= loss)
                {
                    now += AcknowledgementDelay + acknowledgement;
                    bytes += AcknowledgementBytes;
                    joules += ReceiveWatts * acknowledgement.TotalSeconds;
                    now += part + 1 < parts.Length ? Silence(air) : TimeSpan.Zero;
                    break;
                }

                joules += ReceiveWatts * ListenTime.TotalSeconds;
                if (tries == Tries)
                {
                    arrives = reached;
                    break;
                }

                TimeSpan repetition = LeastRepetitionDelay + ((MostRepetitionDelay - LeastRepetitionDelay) * random.NextDouble());
                now += repetition > Silence(air) ? repetition : Silence(air);
            }
        }

        return new ReadingCost(parts.Length, bytes, delivered, now, arrives, joules);
    }

    /// <summary>How long the node must be silent after a frame.</summary>
    private TimeSpan Silence(TimeSpan air) => air * ((1 / DutyCycle) - 1);

    /// <summary>Bytes of each frame as sent.</summary>
    private int[] Parts(LinkWorkload workload)
    {
        int bytes = TopicByte + workload.Payload;
        if (bytes <= MaximumPayload)
        {
            return [bytes + FrameOverhead];
        }

        int room = MaximumPayload - PartHeader;
        int full = bytes / room;
        int rest = bytes % room;
        IEnumerable<int> parts = Enumerable.Repeat(MaximumPayload + FrameOverhead, full);
        return rest == 0 ? [.. parts] : [.. parts, rest + PartHeader + FrameOverhead];
    }

    /// <summary>What one reading takes without a loss, the silence that it obliges to included.</summary>
    private TimeSpan LeastPeriod(LinkWorkload workload) => Parts(workload)
        .Select(bytes => AirTime(bytes))
        .Aggregate(TimeSpan.Zero, (sum, air) =>
        {
            TimeSpan exchange = ChannelAccess + air + AcknowledgementDelay + AirTime(AcknowledgementBytes);
            TimeSpan allowed = air / DutyCycle;
            return sum + (exchange > allowed ? exchange : allowed);
        });
}
