using System.Text;
using MQTTnet.Protocol;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt.Tests;

/// <summary>Subscribing, and messages exactly as they were sent.</summary>
[CancelAfter(60_000)]
public sealed class SubscribeTests
{
    [Test]
    public async Task An_enumeration_subscribes_gives_messages_and_unsubscribes(CancellationToken ct)
    {
        await using Talk talk = await Talk.Opened(byteByByte: true);
        Sim7600MqttClient client = await talk.Connected();
        IAsyncEnumerator<MqttMessage> messages = client.SubscribeAsync("plant/7/cmd/#", ct).GetAsyncEnumerator(ct);
        ValueTask<bool> first = messages.MoveNextAsync();
        await talk.Subscribes("plant/7/cmd/#");
        await talk.Receives("plant/7/cmd/on", "1");
        Assert.That(await first);
        Assert.That(messages.Current.Topic, Is.EqualTo("plant/7/cmd/on"));
        Assert.That(messages.Current.PayloadAsText(), Is.EqualTo("1"));

        Task leaving = messages.DisposeAsync().AsTask();
        await talk.Unsubscribes("plant/7/cmd/#");
        await leaving;
        talk.Peer.ExpectsNothingMore();
    }

    [TestCase("\r\nOK\r\n", "\r\n+CMQTTSUB: 0,0\r\n")]
    [TestCase("\r\nOK\r\n\r\n+CMQTTSUB: 0,0\r\n", "")]
    [TestCase("", "\r\n+CMQTTSUB: 0,0\r\n\r\nOK\r\n")]
    public async Task A_retained_message_around_the_result_is_not_missed(string before, string after)
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<MqttSubscription> opening = client.OpenSubscriptionAsync(["a"], MqttQualityOfServiceLevel.AtLeastOnce);
        await talk.Subscribes("a", before + Talk.Message("a", "kept") + after, qos: 1);
        MqttSubscription subscription = await opening;

        Assert.That((await First(subscription)).PayloadAsText(), Is.EqualTo("kept"));
    }

    [Test]
    public async Task Payload_is_taken_by_count_whatever_it_is()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        MqttSubscription subscription = await Open(talk, client, "a");
        string all = Encoding.Latin1.GetString([.. Enumerable.Range(0, 256).Select(value => (byte)value)]);
        string[] payloads = ["\r\nOK\r\n", ">", "+CMQTTRXEND: 0", "\r\n+CMQTTRXEND: 0\r\n", "\n", "\r", "\0", "\r\nRDY\r\n", "\r\n+CMQTTCONNLOST: 0,1\r\n", "", all];
        foreach (string payload in payloads)
        {
            await talk.Receives("a", payload);
            Assert.That(Encoding.Latin1.GetString((await First(subscription)).Payload.Span), Is.EqualTo(payload));
        }

        Assert.That(client.IsConnected);
    }

    [Test]
    public async Task Long_messages_come_in_pieces()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        MqttSubscription subscription = await Open(talk, client, "#");
        string payload = string.Concat(Enumerable.Range(0, 10_240).Select(index => (char)(index % 251)));
        var block = new StringBuilder("\r\n+CMQTTRXSTART: 0,7,10240\r\n\r\n+CMQTTRXTOPIC: 0,4\r\nlong\r\n+CMQTTRXTOPIC: 0,3\r\n/er\r\n");
        foreach (char[] piece in payload.Chunk(1500))
        {
            block.Append(System.Globalization.CultureInfo.InvariantCulture, $"+CMQTTRXPAYLOAD: 0,{piece.Length}\r\n").Append(piece).Append("\r\n");
        }

        await talk.Peer.Says(block.Append("+CMQTTRXEND: 0\r\n").ToString());
        MqttMessage message = await First(subscription);
        Assert.That(message.Topic, Is.EqualTo("long/er"));
        Assert.That(Encoding.Latin1.GetString(message.Payload.Span), Is.EqualTo(payload));
    }

    [Test]
    public async Task A_topic_is_utf8()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        MqttSubscription subscription = await Open(talk, client, "#");
        await talk.Receives("gr\xC3\xB6\xC3\x9F" + "e", "1");

        Assert.That((await First(subscription)).Topic, Is.EqualTo("größe"));
    }

    [Test]
    public async Task Blocks_of_the_two_clients_may_interleave()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient zero = await talk.Connected();
        Sim7600MqttClient one = await talk.Connected(Talk.Plain with { ClientIndex = 1, ClientId = "node-8" });
        MqttSubscription ofZero = await Open(talk, zero, "#");
        Task<MqttSubscription> opening = one.OpenSubscriptionAsync(["#"]);
        await talk.Peer.Answers("AT+CMQTTSUB=1,1,0\r", "\r\n>");
        await talk.Peer.Answers("#", "\r\nOK\r\n\r\n+CMQTTSUB: 1,0\r\n");
        MqttSubscription ofOne = await opening;
        await talk.Peer.Says("\r\n+CMQTTRXSTART: 0,1,2\r\n\r\n+CMQTTRXSTART: 1,1,2\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXTOPIC: 1,1\r\nb\r\n"
            + "+CMQTTRXPAYLOAD: 1,2\r\nB!\r\n+CMQTTRXPAYLOAD: 0,2\r\nA!\r\n+CMQTTRXEND: 1\r\n+CMQTTRXEND: 0\r\n");

        Assert.That((await First(ofZero)).PayloadAsText(), Is.EqualTo("A!"));
        Assert.That((await First(ofOne)).PayloadAsText(), Is.EqualTo("B!"));
    }

    [TestCase("\r\n+CMQTTRXSTART: 0,1,4\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n", TestName = "The next message begins too early")]
    [TestCase("\r\n+CMQTTRXSTART: 0,1,4\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXPAYLOAD: 0,2\r\nxx\r\n+CMQTTRXEND: 0\r\n", TestName = "A piece is missing")]
    [TestCase("\r\n+CMQTTRXSTART: 0,1,2\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXPAYLOAD: 0,4\r\nxxxx\r\n+CMQTTRXEND: 0\r\n", TestName = "A piece is too long")]
    [TestCase("\r\n+CMQTTRXSTART: 0,9999,2\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXEND: 0\r\n", TestName = "An impossible topic")]
    [TestCase("\r\n+CMQTTRXSTART: 0,1,4\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXPAYLOAD: 0,4\r\nxxx\r\n+CMQTTRXEND: 0\r\n", TestName = "A byte of the payload is lost")]
    [TestCase("\r\n+CMQTTRXSTART: 0,1,4\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXPAYLOAD: 0,4\r\nxx\r\n+CMQTTRXEND: 0\r\n", TestName = "Two bytes of the payload are lost")]
    [TestCase("\r\n+CMQTTRXSTART: 0,1,4\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXPAYLOAD: 0,4\r\nxxyyy\r\n+CMQTTRXEND: 0\r\n", TestName = "A byte of the payload is doubled")]
    [TestCase("\r\n+CMQTTRXSTART: 0,3,2\r\n+CMQTTRXTOPIC: 0,3\r\na/\r\n+CMQTTRXPAYLOAD: 0,2\r\nxx\r\n+CMQTTRXEND: 0\r\n", TestName = "A byte of the topic is lost")]
    public async Task A_block_that_is_not_whole_is_dropped_and_the_next_message_arrives(string broken)
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        MqttSubscription subscription = await Open(talk, client, "#");
        await talk.Peer.Says(broken + Talk.Message("a", "whole"));

        Assert.That((await First(subscription)).PayloadAsText(), Is.EqualTo("whole"));
        Assert.That(client.TruncatedMessages, Is.EqualTo(1));
        Assert.That(talk.Log.Count(2003), Is.EqualTo(1));
    }

    [Test]
    public async Task Messages_go_to_the_subscriptions_that_match()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        MqttSubscription commands = await Open(talk, client, "dev/+/cmd");
        MqttSubscription all = await Open(talk, client, "dev/#");
        await talk.Receives("dev/1/state", "s");
        await talk.Receives("dev/1/cmd", "c");

        Assert.That((await First(commands)).PayloadAsText(), Is.EqualTo("c"));
        Assert.That((await First(all)).PayloadAsText(), Is.EqualTo("s"));
        Assert.That((await First(all)).PayloadAsText(), Is.EqualTo("c"));
    }

    [Test]
    public async Task Several_filters_make_one_subscription_and_a_refused_one_leaves_none()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<MqttSubscription> opening = client.OpenSubscriptionAsync(["a", "b"]);
        await talk.Subscribes("a");
        await talk.Subscribes("b", "\r\n+CMQTTSUB: 0,1\r\n\r\nERROR\r\n");
        await talk.Unsubscribes("a");
        await talk.Unsubscribes("b");

        MqttSubscribeException error = (await Assert.ThrowsAsync<MqttSubscribeException>(() => opening))!;
        Assert.That(error.Filter, Is.EqualTo("b"));
        Assert.That(error.Result!.Code, Is.EqualTo(CmqttResultCode.Failure));
    }

    [Test]
    public async Task Busy_and_a_single_12_are_tried_again()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<MqttSubscription> opening = client.OpenSubscriptionAsync(["a"]);
        await talk.Peer.Answers("AT+CMQTTSUB=0,1,0\r", "\r\n+CMQTTSUB: 0,14\r\n\r\nERROR\r\n");
        await talk.Time.Passes(TimeSpan.FromMilliseconds(250));
        await talk.Peer.Answers("AT+CMQTTSUB=0,1,0\r", "\r\n+CMQTTSUB: 0,12\r\n\r\nERROR\r\n");
        await talk.Time.Passes(TimeSpan.FromMilliseconds(500));
        await talk.Subscribes("a");

        await opening;
    }

    [Test]
    public async Task A_byte_of_the_command_that_the_line_lost_costs_a_second_try_and_no_subscription()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<MqttSubscription> opening = client.OpenSubscriptionAsync(["a"]);
        await talk.Peer.Answers("AT+CMQTTSUB=0,1,0\r", "\r\nERROR\r\n");
        await talk.Time.Passes(talk.Options.ResultLineGrace);
        await talk.Time.Passes(TimeSpan.FromMilliseconds(250));
        await talk.Subscribes("a");

        await opening;
    }

    [Test]
    public async Task After_code_6_the_channel_gets_in_step_so_that_a_stray_ok_answers_nothing()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<MqttSubscription> opening = client.OpenSubscriptionAsync(["a"]);
        await talk.Subscribes("a", "\r\nOK\r\n\r\n+CMQTTCONNLOST: 0,1\r\n");
        await client.ConnectionLost;
        await talk.Peer.Says("\r\n+CMQTTSUB: 0,6\r\n\r\nOK\r\n");
        await Assert.CatchAsync<MqttException>(() => opening);

        Task<Driver.Features.SignalQuality> signal = talk.Modem.Network.SignalAsync();
        await talk.GetsInStep();
        await talk.Peer.Answers("AT+CSQ\r", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
        Assert.That((await signal).Rssi, Is.EqualTo(20));
    }

    [Test]
    public async Task A_filter_used_twice_is_left_with_its_last_subscription()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        MqttSubscription first = await Open(talk, client, "a");
        MqttSubscription second = await Open(talk, client, "a");
        await first.DisposeAsync();
        talk.Peer.ExpectsNothingMore();

        Task leaving = second.UnsubscribeAsync();
        await talk.Unsubscribes("a");
        await leaving;
    }

    [Test]
    public async Task When_the_connection_ends_enumerations_end_with_its_cause_after_the_last_message()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        MqttSubscription subscription = await Open(talk, client, "a");
        await talk.Peer.Says(Talk.Message("a", "last") + "\r\n+CMQTTCONNLOST: 0,1\r\n");
        List<string> seen = [];

        MqttConnectionLostException error = (await Assert.ThrowsAsync<MqttConnectionLostException>(async () =>
        {
            await foreach (MqttMessage message in subscription.ReadAllAsync())
            {
                seen.Add(message.PayloadAsText());
            }
        }))!;

        Assert.That(seen, Is.EqualTo(new[] { "last" }));
        Assert.That(error.Loss.Code, Is.EqualTo(1));
        await subscription.DisposeAsync();
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task A_slow_reader_loses_messages_that_are_counted()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected(Talk.Plain with { SubscriptionCapacity = 2 });
        MqttSubscription slow = await Open(talk, client, "a");
        for (int index = 0; index < 5; index++)
        {
            await talk.Receives("a", $"{index}");
        }

        await talk.Peer.Says("\r\n+CMQTTCONNLOST: 0,1\r\n");
        await client.ConnectionLost;
        Assert.That(slow.Dropped, Is.EqualTo(3));
        Assert.That((await First(slow)).PayloadAsText(), Is.EqualTo("0"));
    }

    [Test]
    public async Task What_the_broker_kept_for_a_session_waits_for_its_subscription()
    {
        await using Talk talk = await Talk.Opened();
        MqttConnectOptions options = Talk.Plain with { CleanSession = false };
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(options);
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,0\r", "\r\nOK\r\n" + Talk.Message("a", "kept") + "\r\n+CMQTTCONNECT: 0,0\r\n");
        Sim7600MqttClient client = await connecting;
        MqttSubscription subscription = await Open(talk, client, "a");

        Assert.That((await First(subscription)).PayloadAsText(), Is.EqualTo("kept"));
        Assert.That(client.UnroutedMessages, Is.Zero);
    }

    [TestCase("", "1 to 1024")]
    [TestCase("a/#/b", "#")]
    [TestCase("a#", "#")]
    [TestCase("a+/b", "+")]
    [TestCase("a\0b", "NUL")]
    public async Task A_filter_that_cannot_be_is_refused_at_once_and_nothing_is_sent(string filter, string named)
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();

        Assert.That(Assert.Catch<ArgumentException>(() => client.SubscribeAsync(filter))!.Message, Does.Contain(named));
        Assert.That(Assert.Catch<ArgumentException>(() => client.SubscribeAsync([], MqttQualityOfServiceLevel.AtMostOnce)), Is.Not.Null);
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Cancelling_an_enumeration_unsubscribes()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        using var cancel = new CancellationTokenSource();
        IAsyncEnumerator<MqttMessage> messages = client.SubscribeAsync("a", cancel.Token).GetAsyncEnumerator(CancellationToken.None);
        Task<bool> waiting = messages.MoveNextAsync().AsTask();
        await talk.Subscribes("a");
        await talk.Receives("a", "1");
        Assert.That(await waiting);
        waiting = messages.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        await talk.Unsubscribes("a");
        await Assert.CatchAsync<OperationCanceledException>(() => waiting);
    }

    private static async Task<MqttSubscription> Open(Talk talk, Sim7600MqttClient client, string filter)
    {
        Task<MqttSubscription> opening = client.OpenSubscriptionAsync([filter]);
        await talk.Subscribes(filter);
        return await opening;
    }

    private static async Task<MqttMessage> First(MqttSubscription subscription)
    {
        await foreach (MqttMessage message in subscription.ReadAllAsync())
        {
            return message;
        }

        throw new AssertionException("The subscription ended without a message.");
    }
}
