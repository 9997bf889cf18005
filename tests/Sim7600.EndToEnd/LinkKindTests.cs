using System.Text;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Emulator;
using Sim7600.EndToEnd.Processes;
using Sim7600.Links;
using Sim7600.Mqtt;

namespace Sim7600.EndToEnd;

/// <summary>The driver against the emulator over links that the tool does not choose by itself, in one process as a user's test would.</summary>
[Parallelizable(ParallelScope.All)]
public class LinkKindTests
{
    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [Test]
    [CancelAfter(60_000)]
    public async Task Over_System_IO_Ports_on_the_PTY(CancellationToken cancellationToken)
    {
        await using Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(cancellationToken: cancellationToken);
        await RoundTripAsync(emulator, await Sim7600Modem.OpenAsync(SystemSerialLink.Open(emulator.PortName), ct: cancellationToken), cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Over_the_PTY(CancellationToken cancellationToken)
    {
        await using Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(cancellationToken: cancellationToken);
        await RoundTripAsync(emulator, await Sim7600Modem.OpenAsync(emulator.PortName, ct: cancellationToken), cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_slow_boot_is_waited_for(CancellationToken cancellationToken)
    {
        await using Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(new EmulatorOptions { Boot = BootMode.Fast }, cancellationToken);
        await using Sim7600Modem modem = await Sim7600Modem.OpenAsync(emulator.PortName, ct: cancellationToken);
        Assert.That((await modem.Network.WaitForRegistrationAsync(cancellationToken)).IsRegistered, Is.True);
    }

    private static async Task RoundTripAsync(Sim7600Emulator emulator, Sim7600Modem opened, CancellationToken cancellationToken)
    {
        await using Sim7600Modem modem = opened;
        await using Sim7600MqttClient first = await modem.ConnectMqttAsync(new MqttConnectOptions { Broker = new Uri("mqtt://broker.example"), ClientId = "one" }, cancellationToken);
        await using Sim7600MqttClient second = await modem.ConnectMqttAsync(
            new MqttConnectOptions { Broker = new Uri("mqtt://broker.example"), ClientId = "two", ClientIndex = 1 }, cancellationToken);
        await using MqttSubscription subscription = await second.OpenSubscriptionAsync(["plant/+/temp"], MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken);
        byte[] payload = Payloads.Nasty(10240);
        PublishOutcome outcome = await first.PublishAsync("plant/7/temp", payload, MqttQualityOfServiceLevel.ExactlyOnce, ct: cancellationToken);
        Assert.That(outcome.IsDelivered, Is.True, outcome.ToString());
        BrokerMessage published = await emulator.Broker.ExpectPublishAsync("plant/7/temp", cancellationToken);
        Assert.That(published.Payload, Is.EqualTo(payload));
        await foreach (MqttMessage message in subscription.ReadAllAsync(cancellationToken))
        {
            Assert.That(message.Payload.ToArray(), Is.EqualTo(payload));
            break;
        }

        await emulator.Broker.PublishAsync("plant/8/temp", Encoding.UTF8.GetBytes("last"), cancellationToken: cancellationToken);
        await foreach (MqttMessage message in subscription.ReadAllAsync(cancellationToken))
        {
            Assert.That(message.PayloadAsText(), Is.EqualTo("last"));
            break;
        }
    }
}
