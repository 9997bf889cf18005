using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Sim7600.EndToEnd.Processes;
using Sim7600.Mqtt;

namespace Sim7600.EndToEnd;

/// <summary>A host with AddSim7600 over an emulator's PTY, with mosquitto beyond it.</summary>
[Parallelizable(ParallelScope.All)]
public class HostingTests
{
    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [Test]
    [CancelAfter(120_000)]
    public async Task A_host_delivers_receives_and_leaves_the_broker_orderly(CancellationToken ct)
    {
        byte[] payload = Payloads.Nasty(10240);
        byte[] order = Payloads.Nasty(500);
        using TemporaryFile file = Payloads.InFile(order);
        string outbox = Path.Combine(Path.GetTempPath(), $"sim7600-host-{Guid.NewGuid():N}");
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--broker", $"mqtt://{broker.Address}");
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(broker.Address, "plant/7/temp");
        await using ToolProcess mourner = await MosquittoBroker.SubscribeAsync(broker.Address, "plant/7/state");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sim7600:PortName"] = emulator.Port,
            ["Sim7600:Broker"] = "mqtt://broker.example",
            ["Sim7600:ClientId"] = "node-7",
            ["Sim7600:OutboxPath"] = outbox,
            ["Sim7600:Subscriptions:0:Filter"] = "plant/7/cmd/#",
            ["Sim7600:Will:Topic"] = "plant/7/state",
            ["Sim7600:Will:Payload"] = "gone",
        });
        builder.Services.AddSim7600(builder.Configuration.GetSection("Sim7600"));
        builder.Services.AddHealthChecks().AddSim7600();
        try
        {
            using (IHost host = builder.Build())
            {
                ISim7600Mqtt mqtt = host.Services.GetRequiredService<ISim7600Mqtt>();
                Task<OutboxReceipt> early = mqtt.EnqueueAsync("plant/7/temp", payload, ct: ct);
                await host.StartAsync(ct);
                Assert.That((await early).IsAccepted, "what is enqueued before the start is accepted after it");
                Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo(payload));
                HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(ct);
                Assert.That(report.Status, Is.EqualTo(HealthStatus.Healthy));

                await MosquittoBroker.PublishFileAsync(broker.Address, "plant/7/cmd/on", file.Path);
                await foreach (MqttMessage message in mqtt.ReceiveAsync(ct))
                {
                    Assert.That(message.Topic, Is.EqualTo("plant/7/cmd/on"));
                    Assert.That(message.Payload.ToArray(), Is.EqualTo(order));
                    break;
                }

                await mqtt.EnqueueAsync("plant/7/state", "bye"u8.ToArray(), ct: ct);
                await host.StopAsync(ct);
            }

            await broker.LogAsync("Received DISCONNECT from node-7");
            Assert.That(await MosquittoBroker.PayloadAsync(mourner), Is.EqualTo("bye"u8.ToArray()), "the last word is published, and no will");
        }
        finally
        {
            foreach (string left in (string[])[outbox, outbox + "-wal", outbox + "-shm"])
            {
                File.Delete(left);
            }
        }
    }
}
