using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Sim7600.Mqtt.Tests;

/// <summary>What MQTTnet's types ask for, as bytes on the line, and what the modem cannot do by name.</summary>
[CancelAfter(60_000)]
public sealed class ModemMqttClientTests
{
    private static readonly MqttClientFactory Factory = new();

    [Test]
    public async Task MQTTnets_default_of_MQTT_5_is_taken_as_not_chosen()
    {
        await using Talk talk = await Talk.Opened();
        IMqttClient client = talk.Modem.CreateMqttClient();
        Task<MqttClientConnectResult> connecting = client.ConnectAsync(Plain().WithCredentials("u", "p").WithKeepAlivePeriod(TimeSpan.FromSeconds(14.5)).Build());
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",15,1,\"u\",\"p\"\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        Assert.That((await connecting).ResultCode, Is.EqualTo(MqttClientConnectResultCode.Success));
        Assert.That(client.IsConnected);
    }

    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n", null)]
    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,17\r\n", typeof(MqttCommunicationTimedOutException))]
    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,6\r\n", typeof(MqttCommunicationException))]
    [TestCase("\r\n+CMQTTPUB: 0,11\r\n\r\nERROR\r\n", typeof(MqttCommunicationException))]
    public async Task Only_a_delivered_message_is_a_success(string answer, Type? error)
    {
        await using Talk talk = await Talk.Opened();
        IMqttClient client = await ConnectedAsync(talk);
        Task<MqttClientPublishResult> publishing = PublishAsync(client);
        await talk.TakesTopic("t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,1,60,1\r", answer);
        if (error is null)
        {
            Assert.That((await publishing).IsSuccess);
        }
        else
        {
            Exception? thrown = await Assert.CatchAsync(() => publishing);
            Assert.That(thrown, Is.TypeOf(error));
        }
    }

    [Test]
    public async Task A_message_that_the_modem_refuses_is_a_result_with_its_number()
    {
        await using Talk talk = await Talk.Opened();
        IMqttClient client = await ConnectedAsync(talk);
        Task<MqttClientPublishResult> publishing = PublishAsync(client);
        await talk.TakesTopic("t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,1,60,1\r", "\r\n+CMQTTPUB: 0,12\r\n\r\nERROR\r\n");
        MqttClientPublishResult result = await publishing;
        Assert.That((result.IsSuccess, result.ReasonCode), Is.EqualTo((false, MqttClientPublishReasonCode.ImplementationSpecificError)));
        Assert.That(result.ReasonString, Does.Contain("12"));
    }

    [Test]
    public async Task Disposing_while_it_connects_leaves_no_connection_behind(CancellationToken ct)
    {
        await using Talk talk = await Talk.Opened();
        IMqttClient client = talk.Modem.CreateMqttClient();
        Task<MqttClientConnectResult> connecting = client.ConnectAsync(Plain().Build(), ct);
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Expects("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r");
        client.Dispose();
        while (!talk.Log.Text.Contains("gave up AT+CMQTTCONNECT", StringComparison.Ordinal))
        {
            ct.ThrowIfCancellationRequested(); // an answer before that would end the command
            await Task.Yield();
        }

        await talk.Peer.Says("\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");

        await talk.GetsInStep();
        await talk.Peer.Answers("AT+CMQTTDISC=0,60\r", "\r\nOK\r\n\r\n+CMQTTDISC: 0,0\r\n");
        await talk.Peer.Answers("AT+CMQTTREL=0\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTSTOP\r", "\r\n+CMQTTSTOP: 0\r\n\r\nOK\r\n");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting);
        Assert.That(client.IsConnected, Is.False);
    }

    [Test]
    public async Task Each_filter_has_its_own_result()
    {
        await using Talk talk = await Talk.Opened();
        IMqttClient client = await ConnectedAsync(talk);
        Task<MqttClientSubscribeResult> subscribing = client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter("a").WithTopicFilter("b").WithTopicFilter("c").Build());
        await talk.Subscribes("a");
        await talk.Subscribes("b", "\r\nOK\r\n\r\n+CMQTTSUB: 0,1\r\n");
        await talk.Subscribes("c");
        Assert.That((await subscribing).Items.Select(item => (int)item.ResultCode), Is.EqualTo(new[] { 0, 128, 0 }));
    }

    [Test]
    public async Task Messages_of_whatever_filter_reach_the_handler()
    {
        await using Talk talk = await Talk.Opened();
        IMqttClient client = await ConnectedAsync(talk);
        var received = new TaskCompletionSource<MqttApplicationMessageReceivedEventArgs>();
        client.ApplicationMessageReceivedAsync += arguments =>
        {
            received.SetResult(arguments);
            return Task.CompletedTask;
        };
        await talk.Receives("not/subscribed", "x");
        MqttApplicationMessageReceivedEventArgs one = await received.Task;
        Assert.That((one.ApplicationMessage.Topic, one.ApplicationMessage.ConvertPayloadToString(), one.ClientId), Is.EqualTo(("not/subscribed", "x", "node-7")));
        await one.AcknowledgeAsync(CancellationToken.None);
    }

    [Test]
    public async Task What_the_modem_cannot_do_is_named_with_the_way_that_can()
    {
        await using Talk talk = await Talk.Opened();
        IMqttClient client = await ConnectedAsync(talk);
        await RefusedAsync("Payload", () => client.PublishBinaryAsync("t", new byte[10241]));
        await RefusedAsync("UserProperties", () => client.PublishAsync(Message(builder => builder.WithUserProperty("a", "b"u8.ToArray()))));
        await RefusedAsync("TopicAlias", () => client.PublishAsync(Message(builder => builder.WithTopicAlias(1))));
        await RefusedAsync("ResponseTopic", () => client.PublishAsync(Message(builder => builder.WithResponseTopic("r"))));
        await RefusedAsync("CorrelationData", () => client.PublishAsync(Message(builder => builder.WithCorrelationData([1]))));
        await RefusedAsync("ContentType", () => client.PublishAsync(Message(builder => builder.WithContentType("c"))));
        await RefusedAsync("MessageExpiryInterval", () => client.PublishAsync(Message(builder => builder.WithMessageExpiryInterval(1))));
        await RefusedAsync("PayloadFormatIndicator", () => client.PublishAsync(Message(builder => builder.WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData))));
        await RefusedAsync("NoLocal", () => client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [new MqttTopicFilter { Topic = "t", NoLocal = true }] }));
        await RefusedAsync("RetainAsPublished", () => client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [new MqttTopicFilter { Topic = "t", RetainAsPublished = true }] }));
        await RefusedAsync("SubscriptionIdentifier", () => client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("t").WithSubscriptionIdentifier(1).Build()));
        await RefusedAsync("ReasonString", () => client.DisconnectAsync(new MqttClientDisconnectOptions { ReasonString = "r" }));
        await RefusedAsync("SendEnhancedAuthenticationExchangeDataAsync", () => client.SendEnhancedAuthenticationExchangeDataAsync(new MqttEnhancedAuthenticationExchangeData()));
        Assert.Throws<NotSupportedException>(() => client.InspectPacketAsync += _ => Task.CompletedTask);
    }

    private static IEnumerable<TestCaseData> Impossible()
    {
        yield return new("SessionExpiryInterval", Plain().WithSessionExpiryInterval(1));
        yield return new("UserProperties", Plain().WithUserProperty("a", "b"u8.ToArray()));
        yield return new("TopicAliasMaximum", Plain().WithTopicAliasMaximum(1));
        yield return new("ReceiveMaximum", Plain().WithReceiveMaximum(1));
        yield return new("MaximumPacketSize", Plain().WithMaximumPacketSize(100));
        yield return new("AuthenticationMethod", Plain().WithEnhancedAuthentication("m", [1]));
        yield return new("WillDelayInterval", Plain().WithWillTopic("w").WithWillPayload("x").WithWillDelayInterval(1));
        yield return new("WillRetain", Plain().WithWillTopic("w").WithWillPayload("x").WithWillRetain());
        yield return new("WillPayload", Plain().WithWillTopic("w"));
        yield return new("KeepAlivePeriod", Plain().WithNoKeepAlive());
        yield return new("ProtocolVersion", Plain().WithProtocolVersion(MqttProtocolVersion.V310));
        yield return new("ChannelOptions", Factory.CreateClientOptionsBuilder().WithWebSocketServer(options => options.WithUri("ws://b.example")));
        yield return new("TrustChain", Plain().WithTlsOptions(options => options.UseTls()));
        yield return new("CertificateValidationHandler", Plain().WithTlsOptions(options => options.UseTls().WithCertificateValidationHandler(_ => true)));
        yield return new("Credentials", Plain().WithCredentials("u", [0xFF]));
    }

    [TestCaseSource(nameof(Impossible))]
    public async Task An_option_that_the_modem_cannot_do_is_named_and_nothing_is_sent(string property, MqttClientOptionsBuilder options)
    {
        await using Talk talk = await Talk.Opened();
        IMqttClient client = talk.Modem.CreateMqttClient();
        await RefusedAsync(property, () => client.ConnectAsync(options.Build()));
        Assert.That(talk.Peer.HasHeardSomething, Is.False);
    }

    [Test]
    public async Task A_third_client_is_told_that_both_are_in_use()
    {
        await using Talk talk = await Talk.Opened();
        await ConnectedAsync(talk);
        await talk.Connected(Talk.Plain with { ClientIndex = 1 });
        InvalidOperationException? error = await Assert.ThrowsAsync<InvalidOperationException>(() => talk.Modem.CreateMqttClient().ConnectAsync(Plain().Build()));
        Assert.That(error!.Message, Does.StartWith("Both MQTT clients"));
    }

    private static MqttApplicationMessage Message(Action<MqttApplicationMessageBuilder> change)
    {
        MqttApplicationMessageBuilder builder = new MqttApplicationMessageBuilder().WithTopic("t");
        change(builder);
        return builder.Build();
    }

    private static MqttClientOptionsBuilder Plain() =>
        Factory.CreateClientOptionsBuilder().WithTcpServer("b.example").WithClientId("node-7").WithKeepAlivePeriod(TimeSpan.FromSeconds(60));

    private static async Task RefusedAsync(string property, Func<Task> call)
    {
        NotSupportedException? error = await Assert.ThrowsAsync<NotSupportedException>(() => call());
        Assert.That(error!.Message, Does.StartWith(property + ":").And.Contain("CreateMqttChannelFactory"));
    }

    private static Task<MqttClientPublishResult> PublishAsync(IMqttClient client) =>
        client.PublishStringAsync("t", "21.5", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);

    private static async Task<IMqttClient> ConnectedAsync(Talk talk)
    {
        IMqttClient client = talk.Modem.CreateMqttClient();
        Task<MqttClientConnectResult> connecting = client.ConnectAsync(Plain().Build());
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        await connecting;
        return client;
    }
}
