using MQTTnet.Protocol;
using Sim7600.Mqtt;

namespace Sim7600.Simulation.Interleaving;

/// <summary>One exchange between driver and modem: what comes before it, and what it is.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Prepare">Brings the bench to where it begins, on an untouched line.</param>
/// <param name="Act">The exchange; the answer tells whether it did what it is for.</param>
/// <param name="EndsConnected">True when the client is connected afterwards.</param>
internal sealed record Exchange(string Name, Func<ExchangeBench, Task> Prepare, Func<ExchangeBench, Task<bool>> Act, bool EndsConnected)
{
    private static readonly MqttWill Will = new("bench/will", "gone"u8.ToArray());

    public static IReadOnlyList<Exchange> All { get; } =
    [
        new("open", _ => Task.CompletedTask, async bench =>
        {
            await bench.OpenAsync();
            return bench.Modem is not null;
        }, EndsConnected: false),
        new("operator", bench => bench.OpenAsync(), bench => bench.IsInStepAsync(), EndsConnected: false),
        new("connect", bench => bench.OpenAsync(), async bench =>
        {
            await bench.ConnectAsync();
            return bench.Client is not null;
        }, EndsConnected: true),
        new("connect with will", bench => bench.OpenAsync(), async bench =>
        {
            await bench.ConnectAsync(Will);
            return bench.Client is not null;
        }, EndsConnected: true),
        new("adopt", async bench =>
        {
            await bench.OpenAsync();
            await bench.ConnectAsync();
            bench.Reopen();
            await bench.OpenAsync();
        }, async bench =>
        {
            await bench.ConnectAsync();
            return bench.Client is not null;
        }, EndsConnected: true),
        new("subscribe", ConnectedAsync, async bench =>
        {
            await bench.SubscribeAsync();
            return bench.Subscription is not null;
        }, EndsConnected: true),
        new("receive", SubscribedAsync, bench => bench.ReceiveAsync("sent in one piece\r\nOK\r\n"), EndsConnected: true),
        new("publish at QoS 0", ConnectedAsync, bench => PublishAsync(bench, MqttQualityOfServiceLevel.AtMostOnce), EndsConnected: true),
        new("publish at QoS 1", ConnectedAsync, bench => PublishAsync(bench, MqttQualityOfServiceLevel.AtLeastOnce), EndsConnected: true),
        new("publish at QoS 2", ConnectedAsync, bench => PublishAsync(bench, MqttQualityOfServiceLevel.ExactlyOnce), EndsConnected: true),
        new("unsubscribe", SubscribedAsync, async bench =>
        {
            await bench.UnsubscribeAsync();
            return true;
        }, EndsConnected: true),
        new("disconnect", ConnectedAsync, async bench =>
        {
            await bench.DisconnectAsync();
            return !bench.Client!.IsConnected;
        }, EndsConnected: false),
    ];

    private static async Task ConnectedAsync(ExchangeBench bench)
    {
        await bench.OpenAsync();
        await bench.ConnectAsync();
    }

    private static async Task SubscribedAsync(ExchangeBench bench)
    {
        await ConnectedAsync(bench);
        await bench.SubscribeAsync();
    }

    private static async Task<bool> PublishAsync(ExchangeBench bench, MqttQualityOfServiceLevel qos) =>
        await bench.PublishAsync(qos, "21.5;\r\nOK\r\nAT+CMQTTDISC=0,60\r") is { IsDelivered: true };
}
