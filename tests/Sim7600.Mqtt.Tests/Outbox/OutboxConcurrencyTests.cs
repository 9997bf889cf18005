using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Sim7600.Conversations;

namespace Sim7600.Mqtt.Tests;

/// <summary>Many producers that give up at any moment, and several that publish: what was accepted is published or still there, in the order of its topic.</summary>
[CancelAfter(120_000)]
public sealed class OutboxConcurrencyTests
{
    private const int Producers = 8;
    private const int MessagesOfEach = 500;

    [Test]
    public async Task What_was_accepted_is_published_once_in_the_order_of_its_topic([Values(1, 2, 3)] int seed, [Values] OutboxWhenFull whenFull, CancellationToken ct)
    {
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using Outbox outbox = await Outbox.OpenAsync(
            new MemoryOutboxStore(), new OutboxOptions { MaximumMessages = 40, WhenFull = whenFull, FullTimeout = Timeout.InfiniteTimeSpan, TimeProvider = new ScriptedTime() }, ct);
        var accepted = new ConcurrentDictionary<long, string>();
        var published = new ConcurrentQueue<(long Id, string Topic, int Number)>();
        int withdrawn = 0, refused = 0, dropped = 0;
        using var done = new CancellationTokenSource();
        Task publishing = Task.WhenAll(Enumerable.Range(0, 3).Select(publisher => Task.Run(() => PublishAsync(new Random((seed * 100) + publisher)), ct)));
        await Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => Task.Run(() => ProduceAsync(producer, new Random((seed * 1000) + producer)), ct)));
        while (outbox.Counters.Pending > 0)
        {
            await Task.Yield();
            ct.ThrowIfCancellationRequested();
        }

        await done.CancelAsync();
        await publishing;
        OutboxCounters counters = outbox.Counters;
        await TestContext.Out.WriteLineAsync($"{accepted.Count} accepted, {published.Count} published, {withdrawn} withdrawn, {refused} refused, {dropped} dropped; {counters}");

        Assert.That(accepted, Has.Count.GreaterThan(100));
        Assert.That(accepted.Count + withdrawn + refused + dropped, Is.EqualTo(Producers * MessagesOfEach), "every call ended");
        Assert.That(counters, Is.EqualTo(new OutboxCounters(accepted.Count, published.Count, 0, 0, accepted.Count - published.Count + dropped, 0, 0)));
        Assert.That(published.Select(each => each.Id), Is.Unique);
        Assert.That(published.Select(each => each.Id), Is.SubsetOf(accepted.Keys), "nothing that was withdrawn");
        Assert.That(whenFull == OutboxWhenFull.DropOldest || published.Count == accepted.Count, "nothing was lost");
        foreach (var topic in published.GroupBy(each => each.Topic))
        {
            Assert.That(topic.Select(each => each.Id), Is.Ordered, topic.Key);
            if (topic.Key != "shared")
            {
                Assert.That(topic.Select(each => each.Number), Is.Ordered, topic.Key);
            }
        }

        async Task ProduceAsync(int producer, Random random)
        {
            for (int number = 0; number < MessagesOfEach; number++)
            {
                string topic = random.Next(4) == 0 ? "shared" : string.Create(CultureInfo.InvariantCulture, $"of/{producer}");
                using var giveUp = new CancellationTokenSource();
                int spins = 1 << random.Next(8, 18);
                Task givingUp = random.Next(4) == 0 ? Task.Run(() => GiveUp(giveUp, spins), ct) : Task.CompletedTask;
                try
                {
                    OutboxReceipt receipt = await outbox.EnqueueAsync(topic, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}")), ct: giveUp.Token);
                    if (receipt.Id == 0)
                    {
                        Interlocked.Increment(ref dropped);
                    }
                    else
                    {
                        Assert.That(accepted.TryAdd(receipt.Id, topic), Is.True, "a number of its own");
                    }
                }
                catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
                {
                    Interlocked.Increment(ref withdrawn);
                }
                catch (OutboxFullException) when (whenFull is not OutboxWhenFull.Wait)
                {
                    Interlocked.Increment(ref refused);
                }
                finally
                {
                    await givingUp;
                }
            }
        }

        async Task PublishAsync(Random random)
        {
            while (!done.IsCancellationRequested)
            {
                using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(done.Token);
                int spins = 1 << random.Next(8, 18);
                Task givingUp = random.Next(8) == 0 ? Task.Run(() => GiveUp(giveUp, spins), ct) : Task.CompletedTask;
                try
                {
                    OutboxMessage message = await outbox.NextAsync(giveUp.Token);
                    if (random.Next(10) == 0)
                    {
                        outbox.Release(message.Id);
                        continue;
                    }

                    published.Enqueue((message.Id, message.Topic, int.Parse(Encoding.ASCII.GetString(message.Payload.Span), CultureInfo.InvariantCulture)));
                    await outbox.CompleteAsync(message.Id, PublishOutcome.Delivered(), CancellationToken.None);
                }
                catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
                {
                    // Again, or the end.
                }
                finally
                {
                    await givingUp;
                }
            }
        }
    }

    private static void GiveUp(CancellationTokenSource source, int spins)
    {
        Thread.SpinWait(spins);
        source.Cancel();
    }
}
