using Sim7600.Conversations;
using Sim7600.Mqtt.Tests.Hosting;

namespace Sim7600.Mqtt.Tests.Managed;

/// <summary>What a client that stays does about a modem that answers wrongly, too late or never.</summary>
[CancelAfter(60_000)]
public sealed class ManagedMqttClientTests
{
    private const string NotConnected = "\r\n+CMQTTDISC: 0,1\r\n+CMQTTDISC: 1,1\r\n\r\nOK\r\n";
    private const string Connected = "\r\n+CMQTTDISC: 0,0\r\n+CMQTTDISC: 1,1\r\n\r\nOK\r\n";
    private readonly ScriptedTime _time = new();

    [Test]
    public async Task A_modem_that_says_ERROR_to_everything_empties_no_outbox(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("sick");
        await using Life life = await Life.BeginsAsync(modem, _time, ct);
        ManagedMqttClient client = life.Client;
        await client.WaitConnectedAsync(ct);
        modem.Answers("AT+CMQTTTOPIC", "\r\nERROR\r\n");
        modem.Answers("AT+CMQTTDISC?", NotConnected);
        await client.EnqueueAsync("t", "21.5"u8.ToArray(), ct: ct);
        for (int tried = 0; tried < client.Outbox.Options.MaximumRefusals + 1; tried++)
        {
            await life.HearsAsync("AT+CMQTTTOPIC", ct);
        }

        modem.Answers("AT+CMQTTDISC?", Connected);
        modem.AnswersAsUsual("AT+CMQTTTOPIC");
        Task<string> published = modem.Published.ReadAsync(ct).AsTask();
        await life.PassesUntilAsync(published);
        Assert.That(await published, Is.EqualTo("t=21.5"));
        Assert.That(client.Outbox.Counters.Refused, Is.Zero);
    }

    [Test]
    public async Task A_subscription_that_was_not_answered_is_made_on_a_new_connection(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("slow");
        await using Life life = await Life.BeginsAsync(modem, _time, ct);
        ManagedMqttClient client = life.Client;
        await client.WaitConnectedAsync(ct);
        modem.Answers("+CMQTTSUB", "\r\nOK\r\n");
        Task subscribing = client.SubscribeAsync("a/#", ct: ct);
        await life.HearsAsync("AT+CMQTTSUB", ct);
        modem.AnswersAsUsual("+CMQTTSUB");
        await _time.PassesUntil(Commands.Cmqtt.NetworkTimeout, () => subscribing.IsCompleted);
        await subscribing;

        await life.HearsAsync("AT+CMQTTSUB", ct);
        await client.WaitConnectedAsync(ct);
    }

    [Test]
    public async Task Who_gives_up_waiting_for_a_subscription_has_it_all_the_same(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("slow");
        await using Life life = await Life.BeginsAsync(modem, _time, ct);
        ManagedMqttClient client = life.Client;
        await client.WaitConnectedAsync(ct);
        modem.Answers("+CMQTTSUB", "\r\nOK\r\n");
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task subscribing = client.SubscribeAsync("a/#", ct: impatience.Token);
        await life.HearsAsync("AT+CMQTTSUB", ct);
        await impatience.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => subscribing);

        await modem.Says("\r\n+CMQTTSUB: 0,0\r\n");
        await client.EnqueueAsync("t", "21.5"u8.ToArray(), ct: ct);
        Assert.That(await modem.Published.ReadAsync(ct), Is.EqualTo("t=21.5"));
        Assert.That(modem.Heard.Count(line => line == "AT+CMEE?"), Is.EqualTo(2), "the line was never out of step");
    }

    [Test]
    public async Task A_connection_whose_keep_alive_failed_is_not_gone_on_with(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("half-open");
        await using Life life = await Life.BeginsAsync(modem, _time, ct);
        await life.Client.WaitConnectedAsync(ct);
        modem.Answers("AT+CMQTTSTART", "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n");
        modem.Answers("AT+CMQTTACCQ", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n");
        modem.Answers("AT+CMQTTACCQ?", "\r\n+CMQTTACCQ: 0,\"node-7\",0,3\r\n+CMQTTACCQ: 1,\"\",0,3\r\n\r\nOK\r\n");
        modem.Answers("AT+CMQTTCONNECT?", "\r\n+CMQTTCONNECT: 0,\"tcp://b.example:1883\",60,1\r\n\r\nOK\r\n");
        await modem.Says("\r\n+CMQTTPING: 0,17\r\n");
        await life.HearsAsync("AT+CMQTTDISC", ct);
        await life.HearsAsync("AT+CMQTTREL", ct);
    }

    [Test]
    public async Task A_subscription_that_stays_busy_is_made_on_a_new_connection(CancellationToken ct)
    {
        bool busy = false;
        await using var modem = new AnsweringModem("busy") { IsBusy = () => busy };
        await using Life life = await Life.BeginsAsync(modem, _time, ct);
        ManagedMqttClient client = life.Client;
        await client.WaitConnectedAsync(ct);
        Task subscribing = client.SubscribeAsync("a/#", ct: ct);
        await life.PassesUntilAsync(subscribing);
        busy = true;
        await modem.Says("\r\n+CMQTTCONNLOST: 0,1\r\n");
        await life.HearsAsync("AT+CMQTTCONNECT", ct);
        await life.HearsAsync("AT+CMQTTCONNECT", ct);
        Assert.That(client.State, Is.Not.EqualTo(ManagedMqttState.Connected), "without what it is subscribed to");
        busy = false;
        await life.PassesUntilAsync(client.WaitConnectedAsync(ct));
        Assert.That(modem.Heard[^2..], Is.EqualTo((string[])["AT+CMQTTSUB=0,3,0", "a/#"]));
    }

    [Test]
    public async Task Disposing_while_it_connects_leaves_no_connection_behind(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("connecting");
        modem.Answers("AT+CMQTTCONNECT", "\r\nOK\r\n");
        Life life = await Life.BeginsAsync(modem, _time, ct);
        await life.DisposeAsync();
        Assert.That(modem.Heard.TakeLast(3), Is.EqualTo((string[])["AT+CMQTTDISC=0,60", "AT+CMQTTREL=0", "AT+CMQTTSTOP"]));
    }

    [Test]
    public async Task A_store_that_fails_is_tried_again_by_itself_and_nothing_is_published_twice(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("full");
        var store = new StubbornStore();
        await using Life life = await Life.BeginsAsync(modem, _time, ct, store);
        ManagedMqttClient client = life.Client;
        await client.WaitConnectedAsync(ct);
        using OutboxWatch watch = client.Outbox.Watch();
        await using IAsyncEnumerator<ManagedMqttTransition> steps = client.WatchAsync(ct).GetAsyncEnumerator(ct);
        store.IsBroken = true;
        await client.EnqueueAsync("t", "1"u8.ToArray(), ct: ct);
        await client.EnqueueAsync("t", "2"u8.ToArray(), ct: ct);
        Assert.That(await modem.Published.ReadAsync(ct), Is.EqualTo("t=1"));
        foreach (string pause in (string[])["1 s", "2 s", "4 s"])
        {
            await life.PassesUntilAsync(steps.MoveNextAsync().AsTask());
            Assert.That((steps.Current.State, steps.Current.Reason), Is.EqualTo((ManagedMqttState.Recovering, $"broken The connection stays; the outbox is tried again in {pause}.")));
            await life.PassesUntilAsync(steps.MoveNextAsync().AsTask());
            Assert.That(steps.Current.State, Is.EqualTo(ManagedMqttState.Connected));
        }

        await modem.Says("\r\n+CMQTTRXSTART: 0,1,1\r\n+CMQTTRXTOPIC: 0,1\r\nr\r\n+CMQTTRXPAYLOAD: 0,1\r\nx\r\n+CMQTTRXEND: 0\r\n");
        Assert.That((await client.Messages.ReadAsync(ct)).Topic, Is.EqualTo("r"), "it receives meanwhile");
        store.IsBroken = false;
        Task<string> published = modem.Published.ReadAsync(ct).AsTask();
        await life.PassesUntilAsync(published);
        Assert.That(await published, Is.EqualTo("t=2"), "1 was published once");
        await foreach (OutboxEvent happened in watch.ReadAllAsync(ct))
        {
            if (happened is { Kind: OutboxEventKind.Delivered, Id: 2 })
            {
                break;
            }
        }

        Assert.That(client.State, Is.EqualTo(ManagedMqttState.Connected));
        Assert.That(client.Outbox.Counters.Delivered, Is.EqualTo(2));
    }

    [Test]
    public async Task A_stored_message_that_the_modem_cannot_take_is_given_up_and_the_next_one_goes(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("old");
        var store = new MemoryOutboxStore();
        await store.AddAsync(OutboxStoreTests.Message("a/#"), ct);
        await store.AddAsync(OutboxStoreTests.Message("t") with { Payload = new byte[10_241] }, ct);
        await store.AddAsync(OutboxStoreTests.Message("t") with { Payload = "21.5"u8.ToArray() }, ct);
        await using Life life = await Life.BeginsAsync(modem, _time, ct, store);
        Task<string> published = modem.Published.ReadAsync(ct).AsTask();
        await life.PassesUntilAsync(published);
        Assert.That(await published, Is.EqualTo("t=21.5"));
        Assert.That(life.Client.Outbox.Counters.Refused, Is.EqualTo(2));
    }

    [Test]
    public async Task A_disposed_client_takes_no_subscription(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("gone");
        Life life = await Life.BeginsAsync(modem, _time, ct);
        await life.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => life.Client.SubscribeAsync("a", ct: ct));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => life.Client.UnsubscribeAsync("a", ct));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => life.Client.EnqueueAsync("a", default, ct: ct));
    }

    private sealed class Life(ManagedMqttClient client, AnsweringModem modem, ScriptedTime time) : IAsyncDisposable
    {
        public ManagedMqttClient Client => client;

        public static async Task<Life> BeginsAsync(AnsweringModem modem, ScriptedTime time, CancellationToken ct, IOutboxStore? store = null)
        {
            ManagedMqttClient client = await ManagedMqttClient.StartAsync(
                new()
                {
                    Modem = new()
                    {
                        PortName = modem.Name,
                        OpenLink = modem.OpenAsync,
                        Recovery = new() { Jitter = 0 },
                        Modem = new() { Channel = new() { TimeProvider = time } },
                    },
                    Connection = Talk.Plain,
                },
                store ?? new MemoryOutboxStore(),
                ct);
            var life = new Life(client, modem, time);
            await life.HearsAsync("AT+CMQTTCONNECT", ct);
            return life;
        }

        /// <summary>Lets time pass by itself until the modem hears the command.</summary>
        public Task HearsAsync(string command, CancellationToken ct)
        {
            async Task HearAsync()
            {
                while (!(await modem.Lines.ReadAsync(ct)).StartsWith(command + "=", StringComparison.Ordinal))
                {
                }
            }

            return PassesUntilAsync(HearAsync());
        }

        public async Task PassesUntilAsync(Task task)
        {
            await time.RunsUntil(task, () => modem.Heard.Length, TimeSpan.FromMilliseconds(100));
            await task;
        }

        public async ValueTask DisposeAsync() => await PassesUntilAsync(client.DisposeAsync().AsTask());
    }
}
