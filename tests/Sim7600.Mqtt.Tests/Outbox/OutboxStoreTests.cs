using System.Text;
using MQTTnet.Protocol;

namespace Sim7600.Mqtt.Tests;

/// <summary>What every store promises, asked of each of them.</summary>
[CancelAfter(60_000)]
[TestFixture("memory")]
[TestFixture("sqlite")]
public sealed class OutboxStoreTests(string kind) : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, 7, TimeSpan.FromHours(2));
    private readonly OutboxFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task A_message_comes_back_as_it_was([Values] MqttQualityOfServiceLevel qos, [Values] bool full, CancellationToken ct)
    {
        await using IOutboxStore store = await OpenAsync();
        byte[] payload = full ? [0, 1, 13, 10, 34, 255] : [];
        var message = new OutboxMessage(0, "plant/\u00FC/\"7\"", payload, qos, full, Noon, full ? Noon.AddSeconds(1) : null, full ? "line\u0000 7" : null, 0);
        long id = await store.AddAsync(message, ct);
        OutboxMessage back = (await store.ListAsync(0, 10, ct)).Single();
        Assert.Multiple(() =>
        {
            Assert.That(back with { Payload = default }, Is.EqualTo(message with { Id = id, Payload = default }));
            Assert.That(back.Payload.ToArray(), Is.EqualTo(payload));
        });
        long size = Encoding.UTF8.GetByteCount(message.Topic) + payload.Length + (message.Tag?.Length ?? 0);
        Assert.That(await store.CountAsync(ct), Is.EqualTo(new OutboxSize(1, size)));
    }

    [Test]
    public async Task Calls_that_are_not_awaited_take_effect_in_their_order(CancellationToken ct)
    {
        await using IOutboxStore store = await OpenAsync();
        Task<long>[] adding = [.. Enumerable.Range(0, 3000).Select(number => store.AddAsync(Message($"{number}"), ct))];
        long[] ids = await Task.WhenAll(adding);
        Assert.That(ids, Is.Ordered.And.Unique);
        var read = new List<OutboxMessage>();
        while (await store.ListAsync(read.LastOrDefault()?.Id ?? 0, 700, ct) is { Count: > 0 } page)
        {
            read.AddRange(page);
        }

        Assert.That(read.Select(message => message.Topic), Is.EqualTo(Enumerable.Range(0, 3000).Select(number => $"{number}")));
    }

    [Test]
    public async Task What_is_removed_is_gone_and_its_number_is_not_used_again(CancellationToken ct)
    {
        await using IOutboxStore store = await OpenAsync();
        long first = await store.AddAsync(Message("a"), ct);
        long second = await store.AddAsync(Message("b"), ct);
        await store.CountAttemptAsync(first, ct);
        await store.CountAttemptAsync(first, ct);
        await store.RemoveAsync(second, OutboxRemoval.Delivered, ct);
        await store.RemoveAsync(second, OutboxRemoval.Delivered, ct);
        await store.CountAttemptAsync(second, ct);
        long third = await store.AddAsync(Message("c"), ct);
        Assert.That(third, Is.GreaterThan(second));
        Assert.That((await store.ListAsync(0, 10, ct)).Select(message => (message.Topic, message.Attempts)), Is.EqualTo(new[] { ("a", 2), ("c", 0) }));
    }

    [Test]
    public async Task A_cancelled_add_adds_nothing()
    {
        await using IOutboxStore store = await OpenAsync();
        Assert.That(store.AddAsync(Message("a"), new CancellationToken(canceled: true)).IsCanceled);
        Assert.That((await store.CountAsync(CancellationToken.None)).Messages, Is.Zero);
    }

    internal static OutboxMessage Message(string topic) => new(0, topic, "21.5"u8.ToArray(), MqttQualityOfServiceLevel.AtLeastOnce, false, Noon, null, null, 0);

    private async Task<IOutboxStore> OpenAsync() => kind == "memory" ? new MemoryOutboxStore() : await SqliteOutboxStore.OpenAsync(_folder.File);
}
