using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Emulator;
using Sim7600.Mqtt;

namespace Sim7600.Cli.LinkComparison;

/// <summary>
/// The serial line between a node and its SIM7600. How many bytes a publish takes there is counted: the driver publishes once
/// over the emulator (topic, payload, their prompts and results, PUB and its result line).
/// </summary>
/// <param name="publishBytes">Bytes of that dialogue in both directions, its topic and payload not counted.</param>
internal sealed partial class ModemLine(int publishBytes)
{
    /// <summary>Most bytes of a payload (AT+CMQTTPAYLOAD).</summary>
    public const int MaximumPayload = 10240;

    /// <summary>Bits a second; ten a byte.</summary>
    public const int BaudRate = 115200;

    private const string Topic = "t";
    private static readonly byte[] Payload = "p"u8.ToArray();

    /// <summary>Bytes of a publish's dialogue in both directions, its topic and payload not counted.</summary>
    public int PublishBytes => publishBytes;

    /// <summary>Time that the dialogue of one publish takes on the line; what the modem takes to answer is not counted.</summary>
    public TimeSpan TimeOf(LinkWorkload workload) =>
        TimeSpan.FromSeconds((publishBytes + Encoding.UTF8.GetByteCount(workload.Topic) + workload.Payload) * 10.0 / BaudRate);

    /// <summary>Counts.</summary>
    /// <exception cref="CommandFailedException">Emulator and driver did not come to the end of a publish.</exception>
    public static async Task<ModemLine> MeasureAsync(CancellationToken ct)
    {
        int bytes = 0;
        void Count(TimelineEntry entry)
        {
            if (entry.Kind is TimelineKind.Rx or TimelineKind.Tx)
            {
                Interlocked.Add(ref bytes, Escape().Replace(entry.Text, ".").Length);
            }
        }

        var here = new IPEndPoint(IPAddress.Loopback, 0);
        await using Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(new() { Pty = false, Tcp = here, Boot = BootMode.None, Timeline = Count }, ct);
        await using Sim7600Modem modem = await Sim7600Modem.OpenAsync($"tcp://{emulator.TcpEndPoint}", ct: ct);
        await using Sim7600MqttClient client = await modem.ConnectMqttAsync(new() { Broker = new Uri("mqtt://broker.example"), ClientId = "links" }, ct);
        await PublishAsync(client, ct); // the first may carry what is set once
        int before = Volatile.Read(ref bytes);
        await PublishAsync(client, ct);
        return new ModemLine(Volatile.Read(ref bytes) - before - Topic.Length - Payload.Length);
    }

    private static async Task PublishAsync(Sim7600MqttClient client, CancellationToken ct)
    {
        PublishOutcome outcome = await client.PublishAsync(Topic, Payload, MqttQualityOfServiceLevel.AtLeastOnce, ct: ct);
        if (!outcome.IsDelivered)
        {
            throw new CommandFailedException($"The publish that was to be counted was not delivered: {outcome.Reason} Try again; a firewall may keep programs from 127.0.0.1.");
        }
    }

    [GeneratedRegex(@"\\(x[0-9A-Fa-f]{2}|.)")]
    private static partial Regex Escape();
}
