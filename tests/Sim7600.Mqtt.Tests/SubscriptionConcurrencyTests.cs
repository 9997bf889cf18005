using System.Globalization;
using Sim7600.Conversations;
using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Mqtt.Tests.Hosting;

namespace Sim7600.Mqtt.Tests;

/// <summary>Many threads that subscribe, give up, unsubscribe and dispose at once: the broker has what is wanted at the end, and nothing else.</summary>
[CancelAfter(120_000)]
public sealed class SubscriptionConcurrencyTests
{
    private const int Workers = 6;
    private const int CallsOfEach = 40;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private readonly ScriptedTime _time = new();

    [Test]
    public async Task A_subscription_that_stands_is_never_taken_away_by_one_that_ends([Values(1, 2, 3)] int seed, CancellationToken ct)
    {
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        var busy = new Random(seed);
        await using var modem = new AnsweringModem("subscribed") { IsBusy = () => busy.Next(3) == 0 };
        Task<Sim7600Modem> opening = Sim7600Modem.OpenAsync(await modem.OpenAsync(ct), new() { Channel = new AtChannelOptions { TimeProvider = _time } }, ct);
        await RunsAsync(modem, opening);
        Sim7600Modem driver = await opening;
        Task<Sim7600MqttClient> connecting = driver.ConnectMqttAsync(Talk.Plain, ct);
        await RunsAsync(modem, connecting);
        Sim7600MqttClient client = await connecting;
        int given = 0, wrong = 0;
        await RunsAsync(modem, Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(new Random((seed * 1000) + worker)), ct))));
        await TestContext.Out.WriteLineAsync($"{given} stood, {modem.Heard.Length} lines heard");

        Assert.That(wrong, Is.Zero, "subscriptions that the broker had not, while they stood");
        Assert.That(given, Is.GreaterThan(Workers * CallsOfEach / 4));
        Assert.That(BrokerHas(modem), Is.Empty, "what all have left");
        await RunsAsync(modem, client.DisposeAsync().AsTask());
        await RunsAsync(modem, driver.DisposeAsync().AsTask());
        _time.Advance(TimeSpan.FromMinutes(1)); // what still runs in the instant of a loss is given a moment
        Assert.That(_time.Timers, Is.Zero, "timers");

        async Task WorkAsync(Random random)
        {
            for (int call = 0; call < CallsOfEach; call++)
            {
                string filter = $"f/{random.Next(3)}";
                using var giveUp = new CancellationTokenSource();
                int spins = random.Next(50_000);
                Task givingUp = random.Next(6) == 0 ? Task.Run(() => GiveUp(giveUp, spins), ct) : Task.CompletedTask;
                try
                {
                    MqttSubscription subscription = await client.OpenSubscriptionAsync([filter], ct: giveUp.Token);
                    Interlocked.Increment(ref given);
                    for (int turns = random.Next(20); turns > 0; turns--)
                    {
                        await Task.Yield();
                    }

                    if (!BrokerHas(modem).Contains(filter))
                    {
                        Interlocked.Increment(ref wrong);
                    }

                    await Task.WhenAll(subscription.DisposeAsync().AsTask(), random.Next(2) == 0 ? subscription.DisposeAsync().AsTask() : Task.CompletedTask);
                }
                catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
                {
                    // Left again by itself.
                }
                finally
                {
                    await givingUp;
                }
            }
        }
    }

    [Test]
    public async Task The_last_word_about_a_filter_is_what_the_broker_has([Values(1, 2, 3)] int seed, CancellationToken ct)
    {
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        var busy = new Random(seed);
        await using var modem = new AnsweringModem("managed") { IsBusy = () => busy.Next(3) == 0 };
        ManagedMqttClient client = await ManagedMqttClient.StartAsync(
            new()
            {
                Modem = new() { PortName = modem.Name, OpenLink = modem.OpenAsync, Recovery = new() { Jitter = 0 }, Modem = new() { Channel = new() { TimeProvider = _time } } },
                Connection = Talk.Plain,
            },
            ct);
        await RunsAsync(modem, client.WaitConnectedAsync(ct));
        var last = new string[Workers];
        bool disposes = false;
        await RunsAsync(modem, Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker, new Random((seed * 1000) + worker)), ct))));
        string[] wanted = [.. last.Where(filter => filter.Length > 0).Order()];

        // Calls that were given up go on by themselves; a call that is not waits until they have ended.
        await RunsAsync(modem, client.SubscribeAsync("end", ct: ct));
        Assert.That(BrokerHas(modem).Where(filter => filter.StartsWith("own", StringComparison.Ordinal)).Order(), Is.EqualTo(wanted));

        disposes = true;
        Task racing = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker, new Random((seed * 2000) + worker)), ct)));
        await RunsAsync(modem, Task.WhenAll(racing, client.DisposeAsync().AsTask()));
        await client.Messages.Completion;
        _time.Advance(TimeSpan.FromMinutes(1)); // what still runs in the instant of a loss is given a moment
        Assert.That(_time.Timers, Is.Zero, "timers");

        async Task WorkAsync(int worker, Random random)
        {
            string own = string.Create(CultureInfo.InvariantCulture, $"own/{worker}");
            for (int call = 0; call < CallsOfEach; call++)
            {
                bool wants = random.Next(2) == 0;
                string filter = random.Next(3) == 0 ? "shared" : own;
                using var giveUp = new CancellationTokenSource();
                int spins = random.Next(50_000);
                bool givesUp = wants && random.Next(6) == 0;
                Task givingUp = givesUp ? Task.Run(() => GiveUp(giveUp, spins), ct) : Task.CompletedTask;
                try
                {
                    await (wants ? client.SubscribeAsync(filter, ct: giveUp.Token) : client.UnsubscribeAsync(filter, giveUp.Token));
                }
                catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
                {
                    // It stays wanted.
                }
                catch (ObjectDisposedException) when (disposes)
                {
                    // The client was faster.
                }
                finally
                {
                    await givingUp;
                }

                last[worker] = filter == own ? wants ? own : "" : last[worker] ?? "";
            }
        }
    }

    private async Task RunsAsync(AnsweringModem modem, Task task)
    {
        await _time.RunsUntil(task, () => modem.Heard.Length, Step);
        await task;
    }

    /// <summary>What the broker has been told, in the order in which the modem heard it.</summary>
    private static HashSet<string> BrokerHas(AnsweringModem modem)
    {
        HashSet<string> has = new(StringComparer.Ordinal);
        string[] heard = modem.Heard;
        for (int i = 0; i + 1 < heard.Length; i++)
        {
            if (i + 2 < heard.Length && heard[i + 2] == "busy")
            {
                continue;
            }

            if (heard[i].StartsWith("AT+CMQTTSUB=", StringComparison.Ordinal))
            {
                has.Add(heard[i + 1]);
            }
            else if (heard[i].StartsWith("AT+CMQTTUNSUB=", StringComparison.Ordinal))
            {
                has.Remove(heard[i + 1]);
            }
        }

        return has;
    }

    private static void GiveUp(CancellationTokenSource source, int spins)
    {
        Thread.SpinWait(spins);
        source.Cancel();
    }
}
