using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.EndToEnd.Processes;
using Sim7600.Mqtt;

namespace Sim7600.EndToEnd;

/// <summary>
/// How programs use MQTTnet, against a real mosquitto: once with MQTTnet's own client, which shows that the test expects what MQTTnet does, and once
/// with the client over the modem.
/// </summary>
[TestFixture("tcp")]
[TestFixture("modem")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(90_000)]
public sealed class MqttNetUsageTests(string route)
{
    private static readonly MqttClientFactory Factory = new();
    private readonly List<IAsyncDisposable> _opened = [];
    private Func<IMqttClient> _create = Factory.CreateMqttClient;

    [SetUp]
    public async Task OpenAsync()
    {
        Tools.RequirePosix();
        if (route == "modem")
        {
            EmulatorProcess emulator = await EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker", "direct", "--boot", "none");
            _opened.Add(emulator);
            Sim7600Modem modem = await Sim7600Modem.OpenAsync($"tcp://{emulator.Tcp}");
            _opened.Add(modem);
            _create = modem.CreateMqttClient;
        }
    }

    [TearDown]
    public async Task CloseAsync()
    {
        _opened.Reverse();
        foreach (IAsyncDisposable one in _opened)
        {
            await one.DisposeAsync();
        }
    }

    [Test]
    public async Task Publishing_at_each_QoS_succeeds_and_arrives([Values] MqttQualityOfServiceLevel qos, CancellationToken ct)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        IMqttClient client = Create();
        Assert.That((await client.ConnectAsync(To(broker).Build(), ct)).ResultCode, Is.EqualTo(MqttClientConnectResultCode.Success));
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(broker.Address, "plant/7/temp");
        MqttApplicationMessage message = new MqttApplicationMessageBuilder().WithTopic("plant/7/temp").WithPayload("21.5").WithQualityOfServiceLevel(qos).Build();
        MqttClientPublishResult result = await client.PublishAsync(message, ct);
        Assert.That((result.IsSuccess, result.ReasonCode), Is.EqualTo((true, MqttClientPublishReasonCode.Success)));
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo("21.5"u8.ToArray()));
        await client.DisconnectAsync(cancellationToken: ct);
        Assert.That(client.IsConnected, Is.False);
    }

    [Test]
    public async Task Messages_of_several_filters_come_one_at_a_time_and_in_order_until_unsubscribed(CancellationToken ct)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        IMqttClient client = Create();
        Channel<MqttApplicationMessage> received = Received(client, async () => await Task.Yield());
        await client.ConnectAsync(To(broker).Build(), ct);
        MqttClientSubscribeResult subscribed = await client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter("a/+", MqttQualityOfServiceLevel.AtLeastOnce).WithTopicFilter("b/#", MqttQualityOfServiceLevel.ExactlyOnce).Build(), ct);
        Assert.That(
            subscribed.Items.Select(item => (item.TopicFilter.Topic, item.ResultCode)),
            Is.EqualTo(new[] { ("a/+", MqttClientSubscribeResultCode.GrantedQoS1), ("b/#", MqttClientSubscribeResultCode.GrantedQoS2) }));
        IMqttClient peer = await PeerAsync(broker, ct);
        for (int number = 0; number < 20; number++)
        {
            await peer.PublishStringAsync(number % 2 == 0 ? "a/1" : "b/1/2", $"{number}", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: ct);
        }

        for (int number = 0; number < 20; number++)
        {
            MqttApplicationMessage message = await received.Reader.ReadAsync(ct);
            Assert.That((message.Topic, message.ConvertPayloadToString()), Is.EqualTo((number % 2 == 0 ? "a/1" : "b/1/2", $"{number}")));
        }

        MqttClientUnsubscribeResult left = await client.UnsubscribeAsync("a/+", ct);
        Assert.That(left.Items.Single().ResultCode, Is.EqualTo(MqttClientUnsubscribeResultCode.Success));
        await peer.PublishStringAsync("a/1", "to nobody", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: ct);
        await peer.PublishStringAsync("b/1", "last", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: ct);
        Assert.That((await received.Reader.ReadAsync(ct)).ConvertPayloadToString(), Is.EqualTo("last"));
    }

    [Test]
    public async Task A_handler_that_throws_does_not_stop_the_next_message_and_may_publish(CancellationToken ct)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        IMqttClient client = Create();
        await client.ConnectAsync(To(broker).Build(), ct);
        client.ApplicationMessageReceivedAsync += async arguments =>
        {
            if (arguments.ApplicationMessage.ConvertPayloadToString() == "bad")
            {
                throw new InvalidOperationException("as handlers do");
            }

            await client.PublishStringAsync("answer", "pong", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: ct);
        };
        await client.SubscribeAsync("question", MqttQualityOfServiceLevel.AtLeastOnce, ct);
        IMqttClient peer = await PeerAsync(broker, ct);
        Channel<MqttApplicationMessage> answers = Received(peer);
        await peer.SubscribeAsync("answer", MqttQualityOfServiceLevel.AtLeastOnce, ct);
        await peer.PublishStringAsync("question", "bad", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: ct);
        await peer.PublishStringAsync("question", "ping", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: ct);
        Assert.That((await answers.Reader.ReadAsync(ct)).ConvertPayloadToString(), Is.EqualTo("pong"));
    }

    [Test]
    public async Task A_session_that_is_kept_brings_what_came_meanwhile(CancellationToken ct)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        IMqttClient client = Create();
        Channel<MqttApplicationMessage> received = Received(client);
        MqttClientOptions options = To(broker).WithCleanSession(false).Build();
        await client.ConnectAsync(options, ct);
        await client.SubscribeAsync("cmd", MqttQualityOfServiceLevel.AtLeastOnce, ct);
        await client.DisconnectAsync(cancellationToken: ct);
        IMqttClient peer = await PeerAsync(broker, ct);
        await peer.PublishStringAsync("cmd", "while away", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: ct);
        await client.ConnectAsync(options, ct);
        Assert.That((await received.Reader.ReadAsync(ct)).ConvertPayloadToString(), Is.EqualTo("while away"));
    }

    [Test]
    public async Task A_refused_CONNECT_is_a_result(CancellationToken ct)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync("allow_anonymous false");
        IMqttClient client = Create();
        Channel<MqttClientDisconnectedEventArgs> ends = Ends(client);
        MqttClientConnectResult result = await client.ConnectAsync(To(broker).WithCredentials("node", "wrong").Build(), ct);
        Assert.That(result.ResultCode, Is.EqualTo(MqttClientConnectResultCode.NotAuthorized));
        MqttClientDisconnectedEventArgs end = await ends.Reader.ReadAsync(ct);
        Assert.That((end.ClientWasConnected, end.ConnectResult?.ResultCode, client.IsConnected), Is.EqualTo((false, (MqttClientConnectResultCode?)MqttClientConnectResultCode.NotAuthorized, false)));
    }

    [Test]
    public async Task An_unreachable_broker_is_an_exception_and_an_event(CancellationToken ct)
    {
        IMqttClient client = Create();
        Channel<MqttClientDisconnectedEventArgs> ends = Ends(client);
        MqttClientOptions options = Factory.CreateClientOptionsBuilder().WithTcpServer("127.0.0.1", MosquittoBroker.FreePort()).Build();
        MqttCommunicationException? error = await Assert.CatchAsync<MqttCommunicationException>(() => client.ConnectAsync(options, ct));
        Assert.That(error!.Message, Is.Not.Empty);
        MqttClientDisconnectedEventArgs end = await ends.Reader.ReadAsync(ct);
        Assert.That((end.ClientWasConnected, end.Exception is MqttCommunicationException), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_lost_connection_is_told_and_a_handler_may_connect_again(CancellationToken ct)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        IMqttClient client = Create();
        var events = Channel.CreateUnbounded<string>();
        var restarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ConnectingAsync += _ => Note("connecting");
        client.ConnectedAsync += _ => Note("connected");
        client.DisconnectedAsync += async arguments =>
        {
            await Note($"disconnected {arguments.ClientWasConnected}");
            if (!restarted.Task.IsCompleted)
            {
                await restarted.Task;
                await client.ConnectAsync(client.Options, ct);
            }
        };
        await client.ConnectAsync(To(broker).Build(), ct);
        await broker.StopAsync("KILL");
        await ExpectAsync("connecting", "connected", "disconnected True");
        Assert.That(client.IsConnected, Is.False);
        await Assert.ThrowsAsync<MqttClientNotConnectedException>(() => client.PublishStringAsync("a", "b", cancellationToken: ct));
        await broker.RestartAsync();
        restarted.SetResult();
        await ExpectAsync("connecting", "connected");
        Assert.That((await client.PublishStringAsync("a", "b", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: ct)).IsSuccess);
        await client.DisconnectAsync(cancellationToken: ct);
        await ExpectAsync("disconnected True");

        Task Note(string what) => events.Writer.WriteAsync(what, CancellationToken.None).AsTask();

        async Task ExpectAsync(params string[] expected)
        {
            foreach (string one in expected)
            {
                Assert.That(await events.Reader.ReadAsync(ct), Is.EqualTo(one));
            }
        }
    }

    [Test]
    public async Task The_will_is_published_when_another_takes_the_session_over(CancellationToken ct)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        IMqttClient peer = await PeerAsync(broker, ct);
        Channel<MqttApplicationMessage> received = Received(peer);
        await peer.SubscribeAsync("state/#", MqttQualityOfServiceLevel.AtLeastOnce, ct);
        IMqttClient client = Create();
        Channel<MqttClientDisconnectedEventArgs> ends = Ends(client);
        await client.ConnectAsync(
            To(broker).WithClientId("node-7").WithWillTopic("state/7").WithWillPayload("offline").WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), ct);
        IMqttClient other = Factory.CreateMqttClient();
        await other.ConnectAsync(To(broker).WithClientId("node-7").Build(), ct);
        Assert.That((await ends.Reader.ReadAsync(ct)).ClientWasConnected);
        Assert.That((await received.Reader.ReadAsync(ct)).ConvertPayloadToString(), Is.EqualTo("offline"));
        await other.DisconnectAsync(cancellationToken: ct);
    }

    [Test]
    public async Task What_cannot_be_done_now_throws_as_MQTTnet_does(CancellationToken ct)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        IMqttClient client = Create();
        await Assert.ThrowsAsync<MqttClientNotConnectedException>(() => client.PublishStringAsync("a", "b", cancellationToken: ct));
        await Assert.ThrowsAsync<MqttClientNotConnectedException>(() => client.SubscribeAsync("a", cancellationToken: ct));
        await Assert.ThrowsAsync<MqttClientNotConnectedException>(() => client.UnsubscribeAsync("a", ct));
        await Assert.ThrowsAsync<MqttClientNotConnectedException>(() => client.PingAsync(ct));
        await client.DisconnectAsync(cancellationToken: ct);
        await client.ConnectAsync(To(broker).Build(), ct);
        await client.PingAsync(ct);
        Assert.That(await client.TryPingAsync(ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ConnectAsync(To(broker).Build(), ct));
        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => client.PublishStringAsync("a/#", "b", cancellationToken: ct));
        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => client.SubscribeAsync("a/#/b", cancellationToken: ct));
        await Assert.CatchAsync<OperationCanceledException>(() => client.PublishStringAsync("a", "b", cancellationToken: new CancellationToken(true)));
        Assert.That(client.IsConnected);
        await client.DisconnectAsync(cancellationToken: ct);
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ConnectAsync(To(broker).Build(), ct));
    }

    [Test]
    public async Task Two_clients_are_connected_at_a_time(CancellationToken ct)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        IMqttClient first = Create();
        IMqttClient second = Create();
        Channel<MqttApplicationMessage> received = Received(second);
        await Task.WhenAll(first.ConnectAsync(To(broker).Build(), ct), second.ConnectAsync(To(broker).Build(), ct));
        await second.SubscribeAsync("a", MqttQualityOfServiceLevel.ExactlyOnce, ct);
        byte[] payload = Payloads.Nasty(10240);
        await first.PublishBinaryAsync("a", payload, MqttQualityOfServiceLevel.ExactlyOnce, cancellationToken: ct);
        MqttApplicationMessage message = await received.Reader.ReadAsync(ct);
        Assert.That(message.Payload.First.ToArray(), Is.EqualTo(payload));
    }

    [Test]
    public async Task Over_TLS_with_the_authority_and_a_certificate_of_the_device(CancellationToken ct)
    {
        using var tls = new TlsFolder();
        await using MosquittoBroker broker = await tls.StartMosquittoAsync("require_certificate true");
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(tls.Authority.Pem);
        using X509Certificate2 issued = tls.Authority.Issue("node-7");
        using X509Certificate2 device = X509CertificateLoader.LoadPkcs12(issued.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        IMqttClient client = Create();
        MqttClientOptions options = Factory.CreateClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V311)
            .WithTcpServer("localhost", broker.Port)
            .WithTlsOptions(builder => builder.UseTls()
                .WithTrustChain([authority])
                .WithClientCertificates([device])
                .WithRevocationMode(X509RevocationMode.NoCheck))
            .Build();
        Assert.That((await client.ConnectAsync(options, ct)).ResultCode, Is.EqualTo(MqttClientConnectResultCode.Success));
        Assert.That((await client.PublishStringAsync("a", "b", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: ct)).IsSuccess);
    }

    // With 3.1.1 for both, because the codes of MQTT 5 are others.
    private static MqttClientOptionsBuilder To(MosquittoBroker broker) =>
        Factory.CreateClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).WithProtocolVersion(MqttProtocolVersion.V311);

    private static Channel<MqttApplicationMessage> Received(IMqttClient client, Func<Task>? work = null)
    {
        var queue = Channel.CreateUnbounded<MqttApplicationMessage>();
        int inside = 0;
        client.ApplicationMessageReceivedAsync += async arguments =>
        {
            // Two at a time would be seen as nothing received.
            bool alone = Interlocked.Increment(ref inside) == 1;
            await (work?.Invoke() ?? Task.CompletedTask);
            Interlocked.Decrement(ref inside);
            if (alone)
            {
                MqttApplicationMessage message = arguments.ApplicationMessage;
                queue.Writer.TryWrite(new MqttApplicationMessage { Topic = message.Topic, PayloadSegment = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(message.Payload)) });
            }
        };
        return queue;
    }

    private static Channel<MqttClientDisconnectedEventArgs> Ends(IMqttClient client)
    {
        var queue = Channel.CreateUnbounded<MqttClientDisconnectedEventArgs>();
        client.DisconnectedAsync += arguments => queue.Writer.WriteAsync(arguments).AsTask();
        return queue;
    }

    private async Task<IMqttClient> PeerAsync(MosquittoBroker broker, CancellationToken ct)
    {
        IMqttClient peer = Keep(Factory.CreateMqttClient());
        await peer.ConnectAsync(To(broker).Build(), ct);
        return peer;
    }

    private IMqttClient Create() => Keep(_create());

    private IMqttClient Keep(IMqttClient client)
    {
        _opened.Add(client as IAsyncDisposable ?? new Disposal(client));
        return client;
    }

    private sealed class Disposal(IDisposable one) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            one.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
