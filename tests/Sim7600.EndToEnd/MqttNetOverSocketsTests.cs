using System.Buffers;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Driver.Sockets;
using Sim7600.EndToEnd.Processes;
using Sim7600.Mqtt;

namespace Sim7600.EndToEnd;

/// <summary>MQTTnet's own client with MQTT 5 over the modem's TCP and TLS sockets, on mosquitto.</summary>
[Parallelizable(ParallelScope.All)]
[CancelAfter(120_000)]
public class MqttNetOverSocketsTests
{
    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [TestCase(false, SocketReceiveMode.Manual)]
    [TestCase(false, SocketReceiveMode.Push)]
    [TestCase(true, SocketReceiveMode.Manual)]
    [TestCase(true, SocketReceiveMode.Push)]
    public async Task A_client_connects_subscribes_publishes_receives_and_disconnects(bool tls, SocketReceiveMode mode, CancellationToken token)
    {
        using var folder = new TlsFolder();
        await using MosquittoBroker broker = tls ? await folder.StartMosquittoAsync() : await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using Sim7600Modem modem = await Sim7600Modem.OpenAsync(emulator.Port, ct: token);
        using IMqttClient client = Create(modem, tls ? folder : null, mode);
        Channel<MqttApplicationMessage> messages = Collect(client);

        MqttClientConnectResult connected = await client.ConnectAsync(Options(broker, tls), token);
        Assert.That(connected.ResultCode, Is.EqualTo(MqttClientConnectResultCode.Success));
        await client.SubscribeAsync("plant/#", MqttQualityOfServiceLevel.ExactlyOnce, token);

        // Text that looks like the modem's own lines, and every byte there is.
        byte[] tricky = [.. "\r\nOK\r\n\r\n+IPCLOSE: 0,1\r\n\r\n+CCH_PEER_CLOSED: 0\r\n>"u8, .. Enumerable.Range(0, 256).Select(value => (byte)value)];
        byte[] large = new byte[300_000];
        new Random(7).NextBytes(large);
        foreach (byte[] payload in new[] { tricky, [], large })
        {
            MqttApplicationMessage message = new MqttApplicationMessageBuilder()
                .WithTopic("plant/7").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithUserProperty("unit", "kPa"u8.ToArray()).Build();
            MqttClientPublishResult published = await client.PublishAsync(message, token);
            Assert.That(published.IsSuccess);
            MqttApplicationMessage received = await messages.Reader.ReadAsync(token);
            Assert.That(received.Payload.ToArray().AsSpan().SequenceEqual(payload));
            Assert.That(received.UserProperties.Single().Name, Is.EqualTo("unit"), "MQTT 5");
        }

        await client.UnsubscribeAsync("plant/#", token);
        var ended = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            ended.TrySetResult(args);
            return Task.CompletedTask;
        };
        await client.DisconnectAsync(cancellationToken: token);
        Assert.That((await ended.Task.WaitAsync(token)).Reason, Is.EqualTo(MqttClientDisconnectReason.NormalDisconnection));
        await broker.LogAsync("disconnected");

        connected = await client.ConnectAsync(Options(broker, tls), token);
        Assert.That(connected.ResultCode, Is.EqualTo(MqttClientConnectResultCode.Success), "the number was freed");
    }

    [TestCase(false, SocketReceiveMode.Manual)]
    [TestCase(true, SocketReceiveMode.Push)]
    public async Task A_broker_that_is_killed_is_seen_and_one_that_returns_is_reached(bool tls, SocketReceiveMode mode, CancellationToken token)
    {
        using var folder = new TlsFolder();
        await using MosquittoBroker broker = tls ? await folder.StartMosquittoAsync() : await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using Sim7600Modem modem = await Sim7600Modem.OpenAsync(emulator.Port, ct: token);
        using IMqttClient client = Create(modem, tls ? folder : null, mode);
        var ended = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            ended.TrySetResult(args);
            return Task.CompletedTask;
        };
        await client.ConnectAsync(Options(broker, tls), token);
        await broker.StopAsync("KILL");
        await ended.Task.WaitAsync(token);
        Assert.That(client.IsConnected, Is.False);
        await Assert.CatchAsync(async () => await client.ConnectAsync(Options(broker, tls), token), "nobody listens");
        await broker.RestartAsync();
        Assert.That((await client.ConnectAsync(Options(broker, tls), token)).ResultCode, Is.EqualTo(MqttClientConnectResultCode.Success));
    }

    [Test]
    public async Task A_broker_that_goes_silent_is_noticed_by_the_keep_alive(CancellationToken token)
    {
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using Sim7600Modem modem = await Sim7600Modem.OpenAsync(emulator.Port, ct: token);
        using IMqttClient client = modem.CreateMqttChannelFactory().CreateMqttClient();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += _ =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        MqttClientOptions options = Options(broker, tls: false);
        options.KeepAlivePeriod = TimeSpan.FromSeconds(1);
        options.Timeout = TimeSpan.FromSeconds(3);
        await client.ConnectAsync(options, token);
        await broker.LogAsync("PINGRESP");
        await broker.SignalAsync("STOP");
        try
        {
            await ended.Task.WaitAsync(token);
        }
        finally
        {
            await broker.SignalAsync("CONT");
        }
    }

    [Test]
    public async Task Another_CA_is_refused_with_the_modems_number(CancellationToken token)
    {
        using var folder = new TlsFolder();
        using var other = new TlsFolder();
        await using MosquittoBroker broker = await folder.StartMosquittoAsync();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using Sim7600Modem modem = await Sim7600Modem.OpenAsync(emulator.Port, ct: token);
        using IMqttClient client = Create(modem, other, SocketReceiveMode.Manual);
        Exception error = (await Assert.CatchAsync(async () => await client.ConnectAsync(Options(broker, tls: true), token)))!;
        Assert.That(error.ToString(), Does.Contain("15, the TLS handshake failed"));
        using IMqttClient trusting = Create(modem, folder, SocketReceiveMode.Manual);
        Assert.That((await trusting.ConnectAsync(Options(broker, tls: true), token)).ResultCode, Is.EqualTo(MqttClientConnectResultCode.Success), "the session was freed");
    }

    [Test]
    public async Task Two_plain_clients_and_a_TLS_client_share_the_modem(CancellationToken token)
    {
        using var folder = new TlsFolder();
        await using MosquittoBroker plain = await MosquittoBroker.StartAsync();
        await using MosquittoBroker secured = await folder.StartMosquittoAsync();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using Sim7600Modem modem = await Sim7600Modem.OpenAsync(emulator.Port, ct: token);
        using IMqttClient first = Create(modem, null, SocketReceiveMode.Push);
        using IMqttClient second = Create(modem, null, SocketReceiveMode.Push);
        using IMqttClient third = Create(modem, folder, SocketReceiveMode.Push);
        await first.ConnectAsync(Options(plain, tls: false), token);
        await second.ConnectAsync(Options(plain, tls: false), token);
        await third.ConnectAsync(Options(secured, tls: true), token);
        await Task.WhenAll(new[] { first, second, third }.Select(async (client, index) =>
        {
            Channel<MqttApplicationMessage> messages = Collect(client);
            await client.SubscribeAsync($"own/{index}", MqttQualityOfServiceLevel.AtLeastOnce, token);
            byte[] payload = new byte[20_000];
            Array.Fill(payload, (byte)index);
            for (int round = 0; round < 5; round++)
            {
                await client.PublishBinaryAsync($"own/{index}", payload, MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: token);
                Assert.That((await messages.Reader.ReadAsync(token)).Payload.ToArray().AsSpan().SequenceEqual(payload));
            }
        }));
    }

    private static IMqttClient Create(Sim7600Modem modem, TlsFolder? folder, SocketReceiveMode mode) => modem.CreateMqttChannelFactory(new()
    {
        Socket = new() { ReceiveMode = mode },
        Tls = folder is null ? null : new() { CaCertificate = File.ReadAllBytes(folder.CaFile) },
    }).CreateMqttClient();

    private static MqttClientOptions Options(MosquittoBroker broker, bool tls)
    {
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder()
            .WithTcpServer(tls ? "localhost" : "127.0.0.1", broker.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTimeout(TimeSpan.FromSeconds(60));
        return (tls ? options.WithTlsOptions(secured => secured.UseTls()) : options).Build();
    }

    private static Channel<MqttApplicationMessage> Collect(IMqttClient client)
    {
        var messages = Channel.CreateUnbounded<MqttApplicationMessage>();
        client.ApplicationMessageReceivedAsync += args =>
        {
            messages.Writer.TryWrite(args.ApplicationMessage);
            return Task.CompletedTask;
        };
        return messages;
    }
}
