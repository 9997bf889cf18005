using System.Text;

namespace Sim7600.Mqtt.Tests;

/// <summary>Mistakes of other CMQTT clients that no other test here repeats.</summary>
[CancelAfter(60_000)]
public sealed class ForeignMistakesTests
{
    [Test]
    public async Task Nothing_waits_for_a_fixed_time()
    {
        await using Talk talk = await Talk.Opened();
        long started = talk.Time.GetTimestamp();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("t", "21.5"u8.ToArray());
        await talk.TakesTopic("t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", "\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n");
        Assert.That((await publishing).IsDelivered);
        Task leaving = client.DisconnectAsync();
        await talk.Disconnects();
        await leaving;

        // The clock stands still: only answers move the session on.
        Assert.That(talk.Time.GetTimestamp(), Is.EqualTo(started));
    }

    [Test]
    public async Task The_length_of_a_filter_counts_bytes()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<MqttSubscription> opening = client.OpenSubscriptionAsync(["größe/€"]);
        string bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("größe/€"));
        await talk.Subscribes(bytes);
        MqttSubscription subscription = await opening;

        Assert.That(bytes, Has.Length.EqualTo(11));
        Task leaving = subscription.DisposeAsync().AsTask();
        await talk.Unsubscribes(bytes);
        await leaving;
    }

    [Test]
    public async Task A_client_that_an_earlier_program_left_is_not_taken_as_it_is_because_a_payload_may_stand_in_it()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = Sim7600MqttClient.ResumeAsync(talk.Modem, Talk.Plain, _ => { }, CancellationToken.None);
        await talk.FindsClientInUse("0,\"node-7\",0,3", "0,1");
        await talk.Peer.Answers("AT+CMQTTREL=0\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        await using Sim7600MqttClient client = await connecting;

        // What may have stood there is gone with the old client: an empty message is one.
        Task<PublishOutcome> publishing = client.PublishAsync("t", ReadOnlyMemory<byte>.Empty, retain: true);
        await talk.TakesTopic("t");
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60,1\r", "\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n");
        Assert.That((await publishing).IsDelivered);
        Task leaving = client.DisconnectAsync();
        await talk.Disconnects(stops: false);
        await leaving;
    }
}
