using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Sim7600.Driver.Channel;
using static Sim7600.Driver.Tests.Channel.CountingTalk;

namespace Sim7600.Driver.Tests.Channel;

/// <summary>Thousands of calls from many threads, given up at any moment: each gets its own answer or says why not, and nothing of it stays behind.</summary>
[CancelAfter(120_000)]
public sealed class AtChannelConcurrencyTests
{
    private const int Workers = 8;
    private const int CallsOfEach = 300;

    [Test]
    public async Task Every_call_ends_with_its_own_answer_and_leaves_nothing_behind([Values(1, 2)] int seed)
    {
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        var talk = new CountingTalk();
        var cuts = new Random(seed);
        talk.Modem.Cut = text =>
        {
            int at = cuts.Next(text.Length), then = cuts.Next(at, text.Length); // one reader at a time: the modem's own loop
            return [text[..at], text[at..then], text[then..]];
        };
        var run = new Run(talk, seed);
        Task working = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => run.WorkAsync(worker))));
        await talk.Time.RunsUntil(working, () => talk.Modem.Activity + run.Ended, TimeSpan.FromMilliseconds(100));
        await working;
        await TestContext.Out.WriteLineAsync($"{run.Answered} answered, {run.GivenUp} given up, {run.TimedOut} timed out, {talk.Channel.QuarantinedLines} lines quarantined");

        Assert.That(run.Answered + run.GivenUp + run.TimedOut, Is.EqualTo(Workers * CallsOfEach));
        Assert.That(run.Answered, Is.GreaterThan(Workers * CallsOfEach / 2));
        Assert.That(run.GivenUp, Is.Positive);
        Assert.That((await talk.Runs(talk.Channel.ExecuteAsync(Numbered(0)))).Lines, Is.EqualTo(new[] { "+ID: 0" }));
        using (AtLease? free = talk.Channel.TryAcquire())
        {
            Assert.That(free, Is.Not.Null, "nobody holds the channel");
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.That(run.Alive, Is.Zero, "commands and subscriptions that the channel still knows");
        await talk.DisposeAsync();
        Assert.That(talk.Time.Timers, Is.Zero, "timers");
    }

    private sealed class Run(CountingTalk talk, int seed)
    {
        private readonly ConcurrentBag<WeakReference> _made = [];
        private int _number;
        private int _answered;
        private int _givenUp;
        private int _timedOut;

        public int Answered => _answered;

        public int GivenUp => _givenUp;

        public int TimedOut => _timedOut;

        public long Ended => Volatile.Read(ref _answered) + Volatile.Read(ref _givenUp) + Volatile.Read(ref _timedOut);

        public int Alive => _made.Count(each => each.IsAlive);

        public async Task WorkAsync(int worker)
        {
            var random = new Random((seed * 1000) + worker);
            for (int call = 0; call < CallsOfEach; call++)
            {
                await CallAsync(random);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private async Task CallAsync(Random random)
        {
            using var giveUp = new CancellationTokenSource();
            int spins = 1 << random.Next(8, 21);
            Task givingUp = random.Next(5) == 0 ? Task.Run(() => GiveUp(giveUp, spins)) : Task.CompletedTask;
            AtUrcSubscription? urcs = random.Next(4) == 0 ? talk.Channel.SubscribeUrcs() : null;
            try
            {
                if (random.Next(3) == 0)
                {
                    using AtLease lease = await talk.Channel.AcquireAsync(giveUp.Token);
                    int first = await AskAsync(lease.ExecuteAsync, giveUp.Token);
                    int second = await AskAsync(lease.ExecuteAsync, giveUp.Token);
                    Assert.That(BetweenThem(first, second), Is.All.Matches<string>(line => line?.StartsWith("AT+ID", StringComparison.Ordinal) == false), "a lease is for one alone");
                }
                else
                {
                    await AskAsync(talk.Channel.ExecuteAsync, giveUp.Token);
                }

                Interlocked.Increment(ref _answered);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                Interlocked.Increment(ref _givenUp);
            }
            catch (AtTimeoutException)
            {
                // Virtual time ran ahead of a machine that was busy with something else.
                Interlocked.Increment(ref _timedOut);
            }
            finally
            {
                urcs?.Dispose();
                await givingUp;
            }

            if (urcs is not null)
            {
                _made.Add(new WeakReference(urcs));
            }
        }

        private static void GiveUp(CancellationTokenSource source, int spins)
        {
            Thread.SpinWait(spins);
            source.Cancel();
        }

        private async Task<int> AskAsync(Func<AtCommand, CancellationToken, Task<AtReply>> ask, CancellationToken cancellationToken)
        {
            int number = Interlocked.Increment(ref _number);
            AtCommand command = Numbered(number);
            _made.Add(new WeakReference(command));
            AtReply reply = await ask(command, cancellationToken);
            Assert.That(reply.Lines, Is.EqualTo(new[] { $"+ID: {number}" }));
            return number;
        }

        private string[] BetweenThem(int first, int second)
        {
            string[] lines;
            lock (talk.Modem.Lines)
            {
                lines = [.. talk.Modem.Lines];
            }

            int from = Array.LastIndexOf(lines, string.Create(CultureInfo.InvariantCulture, $"AT+ID{first}"));
            int to = Array.LastIndexOf(lines, string.Create(CultureInfo.InvariantCulture, $"AT+ID{second}"));
            Assert.That(to, Is.GreaterThan(from));
            return lines[(from + 1)..to];
        }
    }
}
