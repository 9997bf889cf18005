using System.Text;
using MQTTnet.Protocol;
using Sim7600.Emulator;
using Sim7600.EndToEnd.Processes;
using Sim7600.Links;
using Sim7600.Mqtt;

namespace Sim7600.EndToEnd.Managed;

/// <summary>
/// Broker, network, modem and port each fail in the middle of each step of a publish. Whatever happens, every message that the outbox accepted is at
/// an independent subscriber in the end, and none of them has become a part of the AT dialogue.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class FaultInMidPublishTests
{
    private const int Messages = 8;
    private const int TripAt = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(100);

    public enum Fault
    {
        BrokerRestarts,
        NetworkDrops,
        ModemResets,
        PortUnplugged,
    }

    public enum Step
    {
        Topic,
        TopicData,
        Payload,
        PayloadData,
        Publish,
    }

    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [Test]
    [CancelAfter(120_000)]
    public async Task Every_accepted_message_arrives([Values] Fault fault, [Values] Step step, CancellationToken testEnds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(testEnds);
        limit.CancelAfter(Deadline);
        CancellationToken ct = limit.Token;
        string folder = Directory.CreateTempSubdirectory("sim7600-fault-").FullName;
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync(
            "user root", "persistence true", $"persistence_location {folder}/", "max_queued_messages 0");
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(broker.Address, "t/#", 100_000, "-c", "-i", "watcher");
        await using Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(
            new() { Broker = BrokerRoute.To(new($"mqtt://{broker.Address}")), Boot = BootMode.Fast, BrokerTlsPort = null }, ct);

        int publishes = 0;
        var tripped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string wanted = $"m{TripAt}";
        async Task TripAsync(TrippedLink link)
        {
            if (tripped.Task.IsCompleted)
            {
                return;
            }

            switch (fault)
            {
                case Fault.BrokerRestarts:
                    await broker.StopAsync("TERM");
                    break;
                case Fault.NetworkDrops:
                    await emulator.Modem.SetNetworkAsync(NetworkState.None);
                    break;
                case Fault.ModemResets:
                    await emulator.Modem.ResetAsync();
                    break;
                default:
                    await link.UnplugAsync();
                    break;
            }

            tripped.TrySetResult();
        }

        bool Fits(string written)
        {
            if (written.StartsWith("AT+CMQTTTOPIC", StringComparison.Ordinal))
            {
                publishes++;
            }

            return publishes == TripAt && step switch
            {
                Step.Topic => written.StartsWith("AT+CMQTTTOPIC", StringComparison.Ordinal),
                Step.TopicData => written == $"t/{TripAt}",
                Step.Payload => written.StartsWith("AT+CMQTTPAYLOAD", StringComparison.Ordinal),
                Step.PayloadData => written == wanted,
                _ => written.StartsWith("AT+CMQTTPUB", StringComparison.Ordinal),
            };
        }

        await using ManagedMqttClient client = await ManagedMqttClient.StartAsync(
            new()
            {
                Modem = new()
                {
                    PortName = emulator.PortName,
                    OpenLink = async token => new TrippedLink(await SerialLink.OpenAsync(emulator.PortName, SerialSettings.Default, token), Fits, TripAsync),
                    Recovery = new() { FirstDelay = TimeSpan.FromMilliseconds(50), LongestDelay = TimeSpan.FromSeconds(1) },
                },
                Connection = new() { Broker = new("mqtt://broker.example:1883"), ClientId = "node-7", KeepAlive = TimeSpan.FromSeconds(60) },
                Outbox = new() { RetryDelay = TimeSpan.FromMilliseconds(50) },
            },
            ct);
        await client.WaitConnectedAsync(ct);
        IAsyncEnumerable<ManagedMqttTransition> steps = client.WatchAsync(ct);
        for (int number = 1; number <= Messages; number++)
        {
            await client.EnqueueAsync($"t/{number}", Encoding.ASCII.GetBytes($"m{number}"), MqttQualityOfServiceLevel.AtLeastOnce, ct: ct);
        }

        await tripped.Task.WaitAsync(ct);
        if (fault is Fault.BrokerRestarts or Fault.NetworkDrops)
        {
            // What is gone comes back once the client has noticed that it is gone.
            await steps.FirstAsync(seen => seen.State != ManagedMqttState.Connected, ct);
            await (fault == Fault.BrokerRestarts ? broker.RestartAsync() : emulator.Modem.SetNetworkAsync(NetworkState.Home));
        }

        while (client.Outbox.Counters.Pending > 0)
        {
            using OutboxWatch watch = client.Outbox.Watch();
            if (client.Outbox.Counters.Pending > 0)
            {
                await watch.ReadAllAsync(ct).FirstAsync(ct);
            }
        }

        HashSet<string> missing = [.. Enumerable.Range(1, Messages).Select(number => $"m{number}")];
        int received = 0;
        while (missing.Count > 0)
        {
            string payload = Encoding.ASCII.GetString(await MosquittoBroker.PayloadAsync(subscriber));
            Assert.That(payload, Does.Match("^m[1-8]$"));
            received++;
            missing.Remove(payload);
        }

        await TestContext.Out.WriteLineAsync($"{fault} in {step}: {Messages} accepted, {received} received before the last was complete, {received - Messages} duplicates");
        Directory.Delete(folder, recursive: true);
    }
}
