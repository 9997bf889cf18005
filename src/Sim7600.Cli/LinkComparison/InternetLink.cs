using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Sim7600.Cli.LinkComparison;

/// <summary>
/// A link that carries IP: the node keeps an MQTT connection and publishes with QoS 1. The packets are encoded by the MQTT
/// library; around them go 40 bytes of IPv4 and TCP headers and the link's own. TCP repeats a lost packet after its
/// retransmission time, which doubles (RFC 6298).
/// </summary>
internal sealed class InternetLink(string name, string title) : LinkProfile(name, title)
{
    private const int TcpAndIpHeaders = 40;
    private const int MaximumSegment = 1460;
    private const int MostRepetitions = 15;
    private static readonly TimeSpan LeastRetransmissionTime = TimeSpan.FromSeconds(1);

    /// <summary>Line from the node to its modem; null when the node has the radio itself.</summary>
    public ModemLine? ModemLine { get; init; }

    /// <summary>Bits a second to the network.</summary>
    public required double UpRate { get; init; }

    /// <summary>Bits a second from the network.</summary>
    public required double DownRate { get; init; }

    /// <summary>To the broker and back, without the time that the bytes themselves take.</summary>
    public required TimeSpan RoundTrip { get; init; }

    /// <summary>Bytes of the link around each packet.</summary>
    public int FrameOverhead { get; init; }

    /// <summary>Time of the link around each packet: preamble, spacing, acknowledgement.</summary>
    public TimeSpan FrameTime { get; init; }

    /// <summary>From idling until data flows.</summary>
    public TimeSpan PromotionTime { get; init; }

    /// <summary>Energy of going from idling to sending, in joules.</summary>
    public double PromotionJoules { get; init; }

    /// <summary>Energy of a byte sent, above <see cref="ActiveWatts"/>, in joules.</summary>
    public double JoulesPerByteUp { get; init; }

    /// <summary>Energy of a byte received, above <see cref="ActiveWatts"/>, in joules.</summary>
    public double JoulesPerByteDown { get; init; }

    /// <summary>Power while a transfer lasts, in watts.</summary>
    public required double ActiveWatts { get; init; }

    /// <summary>How long the radio stays awake after the last packet.</summary>
    public TimeSpan TailTime { get; init; }

    /// <summary>Power in that time, in watts.</summary>
    public double TailWatts { get; init; }

    protected override string? FindMisfit(LinkWorkload workload)
    {
        if (ModemLine is { } line && workload.Payload > ModemLine.MaximumPayload)
        {
            return $"AT+CMQTTPAYLOAD takes {ModemLine.MaximumPayload} bytes: split the reading";
        }

        TimeSpan least = LeastPeriod(workload);
        return workload.Period < least ? $"a reading takes {Duration.Format(least)}: send more of them in one publish" : null;
    }

    protected override double MostPerDay(LinkWorkload workload) => TimeSpan.FromDays(1) / LeastPeriod(workload);

    protected override ReadingCost Send(LinkWorkload workload, double loss, Random random)
    {
        Exchange reading = Carry(workload, PublishBytes(workload), AcknowledgementBytes, loss, random);
        TimeSpan line = ModemLine?.TimeOf(workload) ?? TimeSpan.Zero;
        double pings = PingsPerReading(workload);
        Exchange ping = Carry(workload, PingBytes, PingBytes, loss: 0, random);
        return new ReadingCost(
            Packets(PublishBytes(workload)),
            reading.Bytes + (pings * ping.Bytes),
            line + reading.Delivered,
            line + reading.Confirmed,
            IsDelivered: true, // TCP repeats, and beyond TCP the outbox of the node
            reading.Joules + (pings * ping.Joules));
    }

    private static int PublishBytes(LinkWorkload workload) => Encoded(new MqttPublishPacket
    {
        Topic = workload.Topic,
        PacketIdentifier = 1,
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        PayloadSegment = new byte[workload.Payload],
    });

    private static int AcknowledgementBytes { get; } = Encoded(new MqttPubAckPacket { PacketIdentifier = 1 });

    private static int PingBytes { get; } = Encoded(MqttPingReqPacket.Instance);

    private static int Encoded(MqttPacket packet) =>
        new MqttPacketFormatterAdapter(MqttProtocolVersion.V311, new MqttBufferWriter(4096, 65535)).Encode(packet).Length;

    private static int Packets(int bytes) => (bytes + MaximumSegment - 1) / MaximumSegment;

    /// <summary>A client pings when it has sent nothing for the keep-alive.</summary>
    private static double PingsPerReading(LinkWorkload workload) =>
        workload.KeepAlive > TimeSpan.Zero ? Math.Max(Math.Ceiling(workload.Period / workload.KeepAlive) - 1, 0) : 0;

    private TimeSpan LeastPeriod(LinkWorkload workload)
    {
        Exchange lossless = Carry(workload, PublishBytes(workload), AcknowledgementBytes, loss: 0, new Random(0), isAwake: true);
        return (ModemLine?.TimeOf(workload) ?? TimeSpan.Zero) + lossless.Confirmed;
    }

    /// <summary>Bytes to the broker, the answer from it, and the acknowledgement of the answer.</summary>
    private Exchange Carry(LinkWorkload workload, int up, int down, double loss, Random random, bool isAwake = false)
    {
        // The gap before this exchange decides whether the radio still is awake: pings come as often as the keep-alive.
        TimeSpan gap = workload.KeepAlive > TimeSpan.Zero && workload.KeepAlive < workload.Period ? workload.KeepAlive : workload.Period;
        bool sleeps = !isAwake && gap > TailTime;
        int packets = Packets(up);
        double bytesUp = up + (packets * (TcpAndIpHeaders + FrameOverhead));
        double bytesDown = down + TcpAndIpHeaders + FrameOverhead;
        double acknowledgement = TcpAndIpHeaders + FrameOverhead;
        TimeSpan start = sleeps ? PromotionTime : TimeSpan.Zero;
        TimeSpan sending = TimeSpan.FromSeconds(bytesUp * 8 / UpRate) + (packets * FrameTime);
        TimeSpan answering = TimeSpan.FromSeconds(bytesDown * 8 / DownRate) + FrameTime;
        (TimeSpan lateUp, int repeatedUp) = Repeat(packets, loss, random);
        (TimeSpan lateDown, int repeatedDown) = Repeat(1, loss, random);
        bytesUp += (repeatedUp * bytesUp / packets) + acknowledgement;
        bytesDown += repeatedDown * bytesDown;
        TimeSpan delivered = start + lateUp + sending + (RoundTrip / 2);
        TimeSpan confirmed = delivered + lateDown + answering + (RoundTrip / 2);
        TimeSpan tail = TailTime < gap ? TailTime : gap;
        double joules = (sleeps ? PromotionJoules : 0)
            + (bytesUp * JoulesPerByteUp)
            + (bytesDown * JoulesPerByteDown)
            + ((ActiveWatts - IdleWatts) * (confirmed - start).TotalSeconds)
            + (tail > TimeSpan.Zero ? (TailWatts - IdleWatts) * tail.TotalSeconds : 0);
        return new Exchange(bytesUp + bytesDown, delivered, confirmed, joules);
    }

    /// <summary>What losses add: the time until the last repetition, and how many there are.</summary>
    private (TimeSpan Late, int Repetitions) Repeat(int packets, double loss, Random random)
    {
        TimeSpan late = TimeSpan.Zero;
        int repetitions = 0;
        for (int i = 0; i < packets; i++)
        {
            TimeSpan wait = RoundTrip * 3 > LeastRetransmissionTime ? RoundTrip * 3 : LeastRetransmissionTime;
            for (int tries = 0; tries <= MostRepetitions && random.NextDouble() < loss; tries++)
            {
                late += wait;
                wait *= 2;
                repetitions++;
            }
        }

        return (late, repetitions);
    }

    private readonly record struct Exchange(double Bytes, TimeSpan Delivered, TimeSpan Confirmed, double Joules);
}
