using System.Globalization;
using System.Text;
using CsCheck;
using MQTTnet.Protocol;
using Sim7600.Conversations;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt.Tests;

/// <summary>Order, limits, expiry and retries, on virtual time.</summary>
[CancelAfter(60_000)]
public sealed class OutboxTests
{
    private static readonly PublishOutcome NotConnected = PublishOutcome.OfAnswer(CmqttResult.FromNumber(11));
    private static readonly PublishOutcome BadTopic = PublishOutcome.OfAnswer(CmqttResult.FromNumber(12));
    private readonly ScriptedTime _time = new();

    [Test]
    public async Task Messages_come_in_the_order_of_acceptance_and_leave_when_delivered()
    {
        await using Outbox outbox = await OpenAsync();
        OutboxReceipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 3).Select(number => outbox.EnqueueAsync($"t/{number}", Bytes("x"), tag: $"{number}")));
        Assert.That(receipts.Select(receipt => receipt.Id), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(receipts.Select(receipt => receipt.AcceptedAt), Is.All.EqualTo(_time.GetUtcNow()));
        for (int number = 0; number < 3; number++)
        {
            OutboxMessage message = await outbox.NextAsync();
            Assert.That((message.Topic, message.Tag), Is.EqualTo(($"t/{number}", $"{number}")));
            await outbox.CompleteAsync(message.Id, PublishOutcome.Delivered());
        }

        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(3, 3, 0, 0, 0, 0, 0)));
    }

    [Test]
    public async Task A_consumer_waits_for_the_first_message_and_can_give_up()
    {
        await using Outbox outbox = await OpenAsync();
        using var stop = new CancellationTokenSource();
        Task<OutboxMessage> givenUp = outbox.NextAsync(stop.Token);
        Task<OutboxMessage> waiting = outbox.NextAsync();
        await stop.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => givenUp);
        await outbox.EnqueueAsync("t", Bytes("x"));
        Assert.That((await waiting).Topic, Is.EqualTo("t"));
    }

    [Test]
    public async Task A_caller_may_use_its_buffer_again()
    {
        await using Outbox outbox = await OpenAsync();
        byte[] buffer = Bytes("one");
        Task<OutboxReceipt> enqueueing = outbox.EnqueueAsync("t", buffer);
        Bytes("two").CopyTo(buffer, 0);
        await enqueueing;
        Assert.That((await outbox.NextAsync()).Payload.ToArray(), Is.EqualTo(Bytes("one")));
    }

    [TestCase("")]
    [TestCase("a/+/b")]
    [TestCase("a\u0000b")]
    public async Task What_the_modem_does_not_take_is_not_accepted(string topic)
    {
        await using Outbox outbox = await OpenAsync();
        await Assert.CatchAsync<ArgumentException>(() => outbox.EnqueueAsync(topic, Bytes("x")));
        await Assert.CatchAsync<ArgumentException>(() => outbox.EnqueueAsync("a\uD800b", Bytes("x")));
        await Assert.CatchAsync<ArgumentException>(() => outbox.EnqueueAsync("t", new byte[10241]));
        await Assert.CatchAsync<ArgumentException>(() => outbox.EnqueueAsync("t", Bytes("x"), (MqttQualityOfServiceLevel)3));
        Assert.That(outbox.Counters, Is.EqualTo(default(OutboxCounters)));
    }

    [Test]
    public async Task A_message_that_is_retried_is_not_overtaken_by_its_topic_and_rests_longer_each_time()
    {
        await using Outbox outbox = await OpenAsync(new() { RetryDelay = TimeSpan.FromSeconds(2), RetryDelayMaximum = TimeSpan.FromSeconds(5) });
        foreach (string topic in (string[])["a", "a", "b"])
        {
            await outbox.EnqueueAsync(topic, Bytes("x"));
        }

        Assert.That((await outbox.NextAsync()).Id, Is.EqualTo(1));
        OutboxMessage other = await outbox.NextAsync();
        Assert.That(other.Topic, Is.EqualTo("b"), "the second of a waits for the first");
        await outbox.CompleteAsync(other.Id, PublishOutcome.Delivered());
        int attempts = 0;
        foreach (int seconds in (int[])[2, 4, 5, 5])
        {
            _time.Forget();
            await outbox.CompleteAsync(1, attempts == 1 ? NotConnected : PublishOutcome.Unknown("the line died"));
            Task<OutboxMessage> next = outbox.NextAsync();
            await _time.Awaits(TimeSpan.FromSeconds(seconds));
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.That(next.IsCompleted, Is.False);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.That(((await next).Id, (await next).Attempts), Is.EqualTo((1, ++attempts)));
        }

        await outbox.CompleteAsync(1, PublishOutcome.Delivered());
        Assert.That((await outbox.NextAsync()).Id, Is.EqualTo(2));
    }

    [Test]
    public async Task A_message_that_the_modem_refuses_for_its_own_sake_is_given_up()
    {
        await using Outbox outbox = await OpenAsync(new() { MaximumRefusals = 2, RetryDelay = TimeSpan.Zero });
        using OutboxWatch watch = outbox.Watch();
        await outbox.EnqueueAsync("a", Bytes("x"), tag: "line 1");
        foreach (PublishOutcome outcome in (PublishOutcome[])[NotConnected, BadTopic, NotConnected, BadTopic])
        {
            await outbox.NextAsync();
            await outbox.CompleteAsync(1, outcome);
        }

        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(1, 0, 1, 0, 0, 0, 0)));
        watch.Dispose();
        List<OutboxEvent> events = await watch.ReadAllAsync().ToListAsync();
        Assert.That(events.Select(one => one.Kind), Is.EqualTo(new[]
        {
            OutboxEventKind.Accepted, OutboxEventKind.Retrying, OutboxEventKind.Retrying, OutboxEventKind.Retrying, OutboxEventKind.Refused,
        }));
        Assert.That(events[^1], Is.EqualTo(new OutboxEvent(OutboxEventKind.Refused, 1, "a", "line 1", 3, BadTopic)));
    }

    [Test]
    public async Task What_was_not_sent_is_given_back_without_an_attempt()
    {
        await using Outbox outbox = await OpenAsync();
        await outbox.EnqueueAsync("a", Bytes("x"));
        OutboxMessage message = await outbox.NextAsync();
        outbox.Release(message.Id);
        Assert.That((await outbox.NextAsync()).Attempts, Is.Zero);
        await outbox.CompleteAsync(message.Id, PublishOutcome.Delivered());
        await Assert.ThrowsAsync<InvalidOperationException>(() => outbox.CompleteAsync(message.Id, PublishOutcome.Delivered()));
        Assert.Throws<InvalidOperationException>(() => outbox.Release(message.Id));
    }

    [Test]
    public async Task Expired_messages_are_skipped_removed_and_counted()
    {
        var store = new MemoryOutboxStore();
        await using Outbox outbox = await OpenAsync(new() { TimeToLive = TimeSpan.FromMinutes(1) }, store);
        await outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.EnqueueAsync("a", Bytes("2"));
        _time.Advance(TimeSpan.FromSeconds(30));
        await outbox.EnqueueAsync("a", Bytes("3"));
        OutboxMessage taken = await outbox.NextAsync();
        _time.Advance(TimeSpan.FromSeconds(30));
        await outbox.CompleteAsync(taken.Id, PublishOutcome.Delivered());
        Assert.That((await outbox.NextAsync()).Id, Is.EqualTo(3), "the first was being published when its time was over, the second was not");
        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(3, 1, 0, 1, 0, 1, 2)));
        Assert.That((await store.CountAsync(default)).Messages, Is.EqualTo(1));
    }

    [Test]
    public async Task A_failed_message_whose_time_is_over_is_not_tried_again()
    {
        await using Outbox outbox = await OpenAsync(new() { TimeToLive = TimeSpan.FromMinutes(1) });
        await outbox.EnqueueAsync("a", Bytes("1"));
        OutboxMessage taken = await outbox.NextAsync();
        _time.Advance(TimeSpan.FromMinutes(2));
        await outbox.EnqueueAsync("a", Bytes("2"));
        await outbox.CompleteAsync(taken.Id, NotConnected);
        Assert.That((await outbox.NextAsync()).Id, Is.EqualTo(2));
    }

    [Test]
    public async Task Refuse_says_at_once_that_there_is_no_room([Values] bool byBytes)
    {
        await using Outbox outbox = await OpenAsync(Limited(OutboxWhenFull.Refuse, byBytes));
        await outbox.EnqueueAsync("a", Bytes("123456789"));
        await outbox.EnqueueAsync("a", Bytes("123456789"));
        OutboxFullException? full = await Assert.ThrowsAsync<OutboxFullException>(() => outbox.EnqueueAsync("a", Bytes("123456789")));
        Assert.That(full!.Message, Does.Contain("MaximumMessages"));
        await outbox.CompleteAsync((await outbox.NextAsync()).Id, PublishOutcome.Delivered());
        Assert.That((await outbox.EnqueueAsync("a", Bytes("123456789"))).IsAccepted);
    }

    [Test]
    public async Task Wait_waits_in_order_until_there_is_room([Values] bool byBytes)
    {
        await using Outbox outbox = await OpenAsync(Limited(OutboxWhenFull.Wait, byBytes));
        Task<OutboxReceipt>[] adding = [.. Enumerable.Range(0, 5).Select(number => outbox.EnqueueAsync("a", Bytes($"{number}23456789")))];
        await Task.WhenAll(adding[..2]);
        for (int number = 0; number < 5; number++)
        {
            OutboxMessage message = await outbox.NextAsync();
            Assert.That(message.Payload.Span[0], Is.EqualTo('0' + number));
            Assert.That(adding.Skip(number + 2).Select(one => one.IsCompleted), Is.All.False);
            await outbox.CompleteAsync(message.Id, PublishOutcome.Delivered());
        }

        await Task.WhenAll(adding);
    }

    [Test]
    public async Task Wait_ends_after_its_time_or_by_the_callers_token_and_keeps_the_others()
    {
        await using Outbox outbox = await OpenAsync(Limited(OutboxWhenFull.Wait) with { FullTimeout = TimeSpan.FromSeconds(7) });
        await outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.EnqueueAsync("a", Bytes("2"));
        using var stop = new CancellationTokenSource();
        Task<OutboxReceipt> cancelled = outbox.EnqueueAsync("a", Bytes("3"), ct: stop.Token);
        Task<OutboxReceipt> late = outbox.EnqueueAsync("a", Bytes("4"));
        await _time.Awaits(TimeSpan.FromSeconds(7));
        await _time.Awaits(TimeSpan.FromSeconds(7));
        await stop.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => cancelled);
        _time.Advance(TimeSpan.FromSeconds(6));
        Task<OutboxReceipt> patient = outbox.EnqueueAsync("a", Bytes("5"));
        await _time.Awaits(TimeSpan.FromSeconds(7));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<OutboxFullException>(() => late);
        await outbox.CompleteAsync((await outbox.NextAsync()).Id, PublishOutcome.Delivered());
        Assert.That((await patient).Id, Is.EqualTo(3));
    }

    [Test]
    public async Task Who_waits_for_room_gets_that_of_an_expired_message_without_a_consumer()
    {
        await using Outbox outbox = await OpenAsync(Limited(OutboxWhenFull.Wait) with { TimeToLive = TimeSpan.FromSeconds(10) });
        await outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.EnqueueAsync("a", Bytes("2"));
        _time.Forget();
        Task<OutboxReceipt> waiting = outbox.EnqueueAsync("a", Bytes("3"));
        await _time.Awaits(TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That((await waiting).IsAccepted);
        Assert.That(outbox.Counters.Expired, Is.EqualTo(2));
    }

    [Test]
    public async Task DropOldest_spares_what_is_being_published()
    {
        await using Outbox outbox = await OpenAsync(Limited(OutboxWhenFull.DropOldest));
        await outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.EnqueueAsync("b", Bytes("2"));
        OutboxMessage first = await outbox.NextAsync();
        await outbox.EnqueueAsync("c", Bytes("3"));
        await outbox.CompleteAsync(first.Id, PublishOutcome.Delivered());
        OutboxMessage third = await outbox.NextAsync();
        Assert.That(third.Topic, Is.EqualTo("c"));
        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(3, 1, 0, 0, 1, 1, 2)));
        await outbox.EnqueueAsync("d", Bytes("4"));
        await outbox.NextAsync();
        await Assert.ThrowsAsync<OutboxFullException>(() => outbox.EnqueueAsync("e", Bytes("5")));
    }

    [Test]
    public async Task DropOldest_keeps_the_newest_of_many_that_come_at_once()
    {
        await using Outbox outbox = await OpenAsync(Limited(OutboxWhenFull.DropOldest));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => outbox.EnqueueAsync("a", Bytes($"{number}"))));
        Assert.That((await outbox.NextAsync()).Payload.ToArray(), Is.EqualTo(Bytes("48")));
        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(50, 0, 0, 0, 48, 2, 6)));
    }

    [Test]
    public async Task DropNewest_says_so_in_the_receipt()
    {
        await using Outbox outbox = await OpenAsync(Limited(OutboxWhenFull.DropNewest));
        using OutboxWatch watch = outbox.Watch(capacity: 2);
        OutboxReceipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => outbox.EnqueueAsync("a", Bytes("1"))));
        Assert.That(receipts.Select(receipt => receipt.IsAccepted), Is.EqualTo(new[] { true, true, false }));
        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(2, 0, 0, 0, 1, 2, 4)));
        Assert.That(watch.Missed, Is.EqualTo(1), "the outbox does not wait for who watches");
    }

    [Test]
    public async Task A_message_that_never_fits_is_not_waited_for([Values] OutboxWhenFull whenFull)
    {
        await using Outbox outbox = await OpenAsync(Limited(whenFull, byBytes: true));
        await Assert.ThrowsAsync<OutboxFullException>(() => outbox.EnqueueAsync("a", new byte[20]));
    }

    [Test]
    public async Task Disposing_ends_what_waits()
    {
        Outbox outbox = await OpenAsync(Limited(OutboxWhenFull.Wait));
        using OutboxWatch watch = outbox.Watch();
        await outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.NextAsync();
        Task next = outbox.NextAsync();
        Task waiting = outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => next);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => outbox.EnqueueAsync("a", Bytes("1")));
        Assert.That(await watch.ReadAllAsync().CountAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task What_an_earlier_run_left_comes_first_with_its_attempts(CancellationToken ct)
    {
        using var folder = new OutboxFolder();
        await using (Outbox before = await OpenAsync(store: await SqliteOutboxStore.OpenAsync(folder.File, ct)))
        {
            await before.EnqueueAsync("a", Bytes("1"), tag: "left", ct: ct);
            await before.EnqueueAsync("b", Bytes("2"), ct: ct);
            await before.NextAsync(ct);
            await before.CompleteAsync(1, NotConnected, ct);
            await before.NextAsync(ct);
        }

        await using Outbox outbox = await OpenAsync(store: await SqliteOutboxStore.OpenAsync(folder.File, ct));
        await outbox.EnqueueAsync("c", Bytes("3"), ct: ct);
        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(1, 0, 0, 0, 0, 3, 10)));
        OutboxMessage first = await outbox.NextAsync(ct);
        Assert.That((first.Id, first.Tag, first.Attempts), Is.EqualTo((1, "left", 1)));
        Assert.That((await outbox.NextAsync(ct)).Id, Is.EqualTo(2));
    }

    [Test]
    public async Task A_store_that_fails_makes_the_call_fail_and_the_outbox_goes_on(CancellationToken ct)
    {
        using var folder = new OutboxFolder();
        await using Outbox outbox = await OpenAsync(store: await SqliteOutboxStore.OpenAsync(folder.File, connection => SqliteOutboxStoreTests.Run(connection, "PRAGMA max_page_count = 8"), ct));
        OutboxStoreException? full = null;
        for (int number = 0; full is null; number++)
        {
            try
            {
                await outbox.EnqueueAsync("a", new byte[3000], ct: ct);
            }
            catch (OutboxStoreException exception)
            {
                full = exception;
            }
        }

        Assert.That(full.Problem, Is.EqualTo(OutboxStoreProblem.DiskFull));
        await outbox.CompleteAsync((await outbox.NextAsync(ct)).Id, PublishOutcome.Delivered(), ct);
        Assert.That((await outbox.EnqueueAsync("a", new byte[3000], ct: ct)).IsAccepted);
    }

    [Test]
    public Task Topics_keep_the_order_of_their_producers_whatever_fails([Values] bool sqlite)
    {
        Gen<(int Producers, int Consumers, int Topics, int Seed, OutboxWhenFull Full)> gen =
            Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int, Gen.Bool.Select(drops => drops ? OutboxWhenFull.DropOldest : OutboxWhenFull.Wait));
        return gen.SampleAsync(one => RunAsync(one.Producers, one.Consumers, one.Topics, one.Seed, one.Full, sqlite), iter: sqlite ? 8 : 60, threads: 1);
    }

    private static async Task RunAsync(int producers, int consumers, int topics, int seed, OutboxWhenFull full, bool sqlite)
    {
        const int Each = 40;
        using var folder = new OutboxFolder();
        IOutboxStore store = sqlite ? await SqliteOutboxStore.OpenAsync(folder.File) : new MemoryOutboxStore();
        await using Outbox outbox = await Outbox.OpenAsync(store, new OutboxOptions
        {
            MaximumMessages = 7,
            WhenFull = full,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            RetryDelayMaximum = TimeSpan.FromMilliseconds(2),
        });
        var delivered = new List<(string Topic, string Text)>();
        using var stop = new CancellationTokenSource();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Task[] consuming = [.. Enumerable.Range(0, consumers).Select(consumer => Task.Run(() => ConsumeAsync(new Random(seed ^ consumer))))];

        // DropOldest refuses when all are being published, so those producers try again.
        await Task.WhenAll(Enumerable.Range(0, producers).Select(producer => Task.Run(async () =>
        {
            var random = new Random(seed + producer);
            for (int number = 0; number < Each; number++)
            {
                string topic = string.Create(CultureInfo.InvariantCulture, $"t/{random.Next(topics)}");
                while (!await TryEnqueueAsync(topic, $"{producer} {number}"))
                {
                    await Task.Yield();
                }
            }
        })));
        OutboxCounters counters;
        while ((counters = outbox.Counters).Pending > 0)
        {
            await Task.Delay(1, limit.Token);
        }

        await stop.CancelAsync();
        await Task.WhenAll(consuming);
        Assert.That(counters.Delivered + counters.Dropped, Is.EqualTo(producers * Each));
        Assert.That(delivered, Has.Count.EqualTo(counters.Delivered));
        foreach (var line in delivered.GroupBy(one => (one.Topic, one.Text.Split(' ')[0]), one => int.Parse(one.Text.Split(' ')[1], CultureInfo.InvariantCulture)))
        {
            Assert.That(line, Is.Ordered.And.Unique, $"{line.Key}");
        }

        async Task<bool> TryEnqueueAsync(string topic, string text)
        {
            try
            {
                return (await outbox.EnqueueAsync(topic, Bytes(text), ct: limit.Token)).IsAccepted;
            }
            catch (OutboxFullException) when (full == OutboxWhenFull.DropOldest)
            {
                return false;
            }
        }

        async Task ConsumeAsync(Random random)
        {
            try
            {
                while (true)
                {
                    OutboxMessage message = await outbox.NextAsync(stop.Token);
                    int fate = random.Next(10);
                    if (fate == 0)
                    {
                        outbox.Release(message.Id);
                    }
                    else if (fate < 4)
                    {
                        await outbox.CompleteAsync(message.Id, NotConnected);
                    }
                    else
                    {
                        lock (delivered)
                        {
                            delivered.Add((message.Topic, Encoding.UTF8.GetString(message.Payload.Span)));
                        }

                        await Task.Yield();
                        await outbox.CompleteAsync(message.Id, PublishOutcome.Delivered());
                    }
                }
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    [Test]
    public async Task A_clock_that_is_set_moves_neither_rest_nor_expiry([Values(-400, 400)] int days)
    {
        var time = new SetTime();
        await using Outbox outbox = await Outbox.OpenAsync(
            new MemoryOutboxStore(), new() { TimeProvider = time, TimeToLive = TimeSpan.FromMinutes(1), RetryDelay = TimeSpan.FromSeconds(1) });
        await outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.CompleteAsync((await outbox.NextAsync()).Id, NotConnected);
        time.Offset = TimeSpan.FromDays(days);

        Task<OutboxMessage> next = outbox.NextAsync();
        Assert.That((next.IsCompleted, outbox.Counters.Expired), Is.EqualTo((false, 0)), "it rests still, and lives");
        time.Advance(TimeSpan.FromSeconds(1));
        OutboxMessage again = await next;
        outbox.Release(again.Id);
        time.Advance(TimeSpan.FromSeconds(59));
        await outbox.EnqueueAsync("a", Bytes("2"));
        Assert.That((await outbox.NextAsync()).Payload.ToArray(), Is.EqualTo(Bytes("2")));
        Assert.That(outbox.Counters.Expired, Is.EqualTo(1));
    }

    [Test]
    public async Task What_expires_while_the_store_fails_takes_no_room_any_more()
    {
        var store = new StubbornStore();
        await using Outbox outbox = await OpenAsync(Limited(OutboxWhenFull.Refuse) with { TimeToLive = TimeSpan.FromSeconds(1) }, store);
        await outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.EnqueueAsync("b", Bytes("2"));
        _time.Advance(TimeSpan.FromSeconds(1));
        store.IsBroken = true;
        await Assert.ThrowsAsync<OutboxStoreException>(() => outbox.NextAsync());
        store.IsBroken = false;

        await outbox.EnqueueAsync("c", Bytes("3"));
        await outbox.EnqueueAsync("d", Bytes("4"));
        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(4, 0, 0, 2, 0, 2, 4)));
    }

    [Test]
    public async Task DropOldest_keeps_what_the_store_does_not_let_go_in_its_place()
    {
        var store = new StubbornStore();
        await using Outbox outbox = await OpenAsync(Limited(OutboxWhenFull.DropOldest), store);
        await outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.EnqueueAsync("a", Bytes("2"));
        store.IsBroken = true;
        await Assert.ThrowsAsync<OutboxStoreException>(() => outbox.EnqueueAsync("a", Bytes("3")));
        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(2, 0, 0, 0, 0, 2, 4)));
        store.IsBroken = false;

        OutboxMessage first = await outbox.NextAsync();
        Assert.That(first.Payload.ToArray(), Is.EqualTo(Bytes("1")));
        await outbox.EnqueueAsync("a", Bytes("4"));
        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(3, 0, 0, 0, 1, 2, 4)), "2 made room, since 1 is being published");
        await outbox.CompleteAsync(first.Id, PublishOutcome.Delivered());
        Assert.That((await outbox.NextAsync()).Payload.ToArray(), Is.EqualTo(Bytes("4")));
    }

    [Test]
    public async Task What_nobody_can_ever_publish_is_given_up_at_once()
    {
        await using Outbox outbox = await OpenAsync();
        await outbox.EnqueueAsync("a", Bytes("1"));
        await outbox.CompleteAsync((await outbox.NextAsync()).Id, PublishOutcome.Invalid("no such topic"));
        Assert.That(outbox.Counters, Is.EqualTo(new OutboxCounters(1, 0, 1, 0, 0, 0, 0)));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static OutboxOptions Limited(OutboxWhenFull whenFull, bool byBytes = false) =>
        byBytes ? new() { MaximumBytes = 20, WhenFull = whenFull } : new() { MaximumMessages = 2, WhenFull = whenFull };

    private Task<Outbox> OpenAsync(OutboxOptions? options = null, IOutboxStore? store = null) =>
        Outbox.OpenAsync(store ?? new MemoryOutboxStore(), (options ?? new()) with { TimeProvider = _time });

    /// <summary>A clock that somebody sets, as the network does: its timers and its stamps do not move.</summary>
    private sealed class SetTime : ScriptedTime
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;

        public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
    }
}
