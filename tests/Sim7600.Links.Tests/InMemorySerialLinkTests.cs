using System.IO.Pipelines;

namespace Sim7600.Links.Tests;

/// <summary>What only a line in memory does: a pulled plug that both ends see, and a scheduler of the test's choice.</summary>
public sealed class InMemorySerialLinkTests
{
    [Test]
    public void Both_ends_show_the_name_of_the_line()
    {
        (InMemorySerialLink host, InMemorySerialLink modem) = InMemorySerialLink.CreatePair("bench 3");
        Assert.That(host.Name, Is.EqualTo("bench 3"));
        Assert.That(modem.Name, Is.EqualTo("bench 3"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_pulled_plug_is_a_loss_for_both_ends_with_its_reason(CancellationToken cancellationToken)
    {
        (InMemorySerialLink host, InMemorySerialLink modem) = InMemorySerialLink.CreatePair();
        await host.WriteAsync("AT\r"u8.ToArray(), cancellationToken);
        await modem.UnplugAsync("the dog ate the cable");

        foreach (InMemorySerialLink end in new[] { host, modem })
        {
            Assert.That(end.Lost.IsCompletedSuccessfully, Is.True);
            Assert.That(await end.Lost, Is.EqualTo(new SerialLinkLoss("the dog ate the cable")));
        }

        Assert.That(await modem.ReadToEndAsync(cancellationToken), Is.EqualTo("AT\r"u8.ToArray()));
        Assert.That(await host.ReadToEndAsync(cancellationToken), Is.Empty);
    }

    [Test]
    public async Task The_first_loss_is_the_one_that_counts()
    {
        (InMemorySerialLink host, InMemorySerialLink modem) = InMemorySerialLink.CreatePair();
        await modem.UnplugAsync();
        await host.DisposeAsync();
        await modem.DisposeAsync();
        Assert.That((await host.Lost).Reason, Is.EqualTo("the line was unplugged"));
        Assert.That((await modem.Lost).WasDisposed, Is.False);
    }

    [Test]
    public async Task Reads_continue_where_the_scheduler_says()
    {
        var scheduler = new Queue();
        (InMemorySerialLink host, InMemorySerialLink modem) = InMemorySerialLink.CreatePair(scheduler: scheduler);
        Task<ReadResult> read = modem.Input.ReadAsync().AsTask();
        await host.WriteAsync("AT\r"u8.ToArray());
        Assert.That(read.IsCompleted, Is.False, "it continued without its scheduler");
        scheduler.RunAll();
        Assert.That((await read).Buffer.Length, Is.EqualTo(3));
    }

    private sealed class Queue : PipeScheduler
    {
        private readonly Queue<Action> _waiting = new();

        public override void Schedule(Action<object?> action, object? state) => _waiting.Enqueue(() => action(state));

        public void RunAll()
        {
            while (_waiting.TryDequeue(out Action? action))
            {
                action();
            }
        }
    }
}
