using System.Collections.Concurrent;
using Sim7600.Conversations;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Lifecycle;

namespace Sim7600.Driver.Tests.Lifecycle;

/// <summary>From a closed port to online and back to it, on virtual time, with a scripted modem at the other end.</summary>
[CancelAfter(60_000)]
public sealed class ModemSupervisorTests
{
    private static readonly AtChannelOptions Times = new();

    [Test]
    public async Task It_comes_online_and_a_boot_banner_sets_it_up_again(CancellationToken ct)
    {
        await using var life = new Life();
        life.Supervisor.Start();
        await life.ComesOnline();
        OnlinePeriod online = await life.Supervisor.WaitOnlineAsync(ct);
        Assert.That(life.Supervisor.State, Is.EqualTo(ModemState.Online));

        IAsyncEnumerable<ModemTransition> steps = life.Supervisor.WatchAsync(ct);
        await life.Peer.Says("\r\nRDY\r\n");
        Assert.That((await steps.FirstAsync(ct)).Trigger, Is.EqualTo(ModemTrigger.Booted));
        await life.ComesOnline();
        OnlinePeriod again = await life.Supervisor.WaitOnlineAsync(ct);
        Assert.That(again.Modem, Is.SameAs(online.Modem));
        Assert.That(again.Ended.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task A_lost_line_is_opened_again(CancellationToken ct)
    {
        await using var life = new Life();
        life.Supervisor.Start();
        await life.ComesOnline();
        OnlinePeriod online = await life.Supervisor.WaitOnlineAsync(ct);
        ScriptedModem first = life.Peer;
        await first.Unplug();
        await life.Time.PassesUntil(TimeSpan.FromSeconds(1), () => life.Opened == 2);
        await life.ComesOnline();
        Assert.That((await life.Supervisor.WaitOnlineAsync(ct)).Modem, Is.Not.SameAs(online.Modem));
    }

    [Test]
    public async Task A_port_that_cannot_be_opened_is_tried_for_ever_and_the_tries_are_counted(CancellationToken ct)
    {
        await using var life = new Life(refusals: 3);
        life.Supervisor.Start();
        foreach (int seconds in (int[])[1, 2, 4])
        {
            await life.Time.Passes(TimeSpan.FromSeconds(seconds));
        }

        await life.ComesOnline();
        await life.Supervisor.WaitOnlineAsync(ct);
        Assert.That(life.Log.Text, Does.Contain("PortReopen (try 1) in 1 s").And.Contain("PortReopen (try 2) in 2 s").And.Contain("PortReopen (try 3) in 4 s"));
    }

    [Test]
    public async Task Trouble_that_is_reported_cycles_the_packet_data_first(CancellationToken ct)
    {
        await using var life = new Life();
        life.Supervisor.Start();
        await life.ComesOnline();
        await life.Supervisor.WaitOnlineAsync(ct);
        life.Supervisor.ReportTrouble("the broker cannot be reached");
        await life.Time.PassesUntil(TimeSpan.FromSeconds(1), () => life.Peer.HasHeardSomething);
        await life.Peer.Answers("AT+CGACT=0,1\r", "\r\nERROR\r\n");
        await life.Peer.Answers("AT+CGACT=1,1\r", "\r\nOK\r\n");
        await life.ComesOnline();
        await life.Supervisor.WaitOnlineAsync(ct);
    }

    [Test]
    public async Task A_wrong_pin_is_tried_once_and_shown_nowhere(CancellationToken ct)
    {
        await using var life = new Life(pin: "4711");
        life.Supervisor.Start();
        await life.IsSetUp("\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
        await life.Peer.Answers("AT+CPIN?\r", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
        await life.Peer.Answers("AT+CPIN=\"4711\"\r", "\r\n+CME ERROR: incorrect password\r\n");

        ModemFaultedException fault = (await Assert.ThrowsAsync<ModemFaultedException>(() => life.Supervisor.WaitOnlineAsync(ct)))!;
        Assert.That(fault.Message, Does.Contain("not tried again"));
        Assert.That(life.Supervisor.State, Is.EqualTo(ModemState.Faulted));
        Assert.That(life.Log.Text + fault + life.Supervisor.Options, Does.Not.Contain("4711"));
        life.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task A_pin_that_is_never_answered_leaves_the_last_try_to_a_person(CancellationToken ct)
    {
        await using var life = new Life(pin: "4711");
        life.Supervisor.Start();
        for (int entered = 0; entered < 3; entered++)
        {
            await life.IsSetUp("\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
            await life.Peer.Answers("AT+CPIN?\r", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
            if (entered < 2)
            {
                await life.Peer.Expects("AT+CPIN=\"4711\"\r");
                int opened = life.Opened;
                life.Time.Advance(AtCommand.DefaultTimeout);
                await life.Time.PassesUntil(TimeSpan.FromSeconds(1 + entered), () => life.Opened > opened);
            }
        }

        ModemFaultedException fault = (await Assert.ThrowsAsync<ModemFaultedException>(() => life.Supervisor.WaitOnlineAsync(ct)))!;
        Assert.That(fault.Message, Does.Contain("entered 2 times").And.Not.Contain("4711"));
        life.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Disposing_ends_whoever_waits(CancellationToken ct)
    {
        var life = new Life();
        Task<OnlinePeriod> waiting = life.Supervisor.WaitOnlineAsync(ct);
        life.Supervisor.Start();
        await life.DisposeAsync();
        await Assert.ThrowsAsync<ModemFaultedException>(() => waiting);
        Assert.Throws<ObjectDisposedException>(life.Supervisor.Start);
    }

    private sealed class Life : IAsyncDisposable
    {
        private readonly ConcurrentStack<ScriptedModem> _peers = new();

        public Life(string? pin = null, int refusals = 0) => Supervisor = new ModemSupervisor(new()
        {
            PortName = "scripted",
            Pin = pin,
            Modem = new() { Channel = Times with { TimeProvider = Time, LoggerFactory = Log } },
            Recovery = new() { Jitter = 0 },
            OpenLink = _ =>
            {
                if (refusals-- > 0)
                {
                    throw new IOException("in use by another program");
                }

                _peers.Push(new ScriptedModem());
                return Task.FromResult(Peer.Host);
            },
        });

        public ModemSupervisor Supervisor { get; }

        public ScriptedTime Time { get; } = new();

        public RecordedLog Log { get; } = new();

        public int Opened => _peers.Count;

        public ScriptedModem Peer => _peers.TryPeek(out ScriptedModem? peer) ? peer : throw new AssertionException("no port was opened");

        public async Task IsSetUp(string sim)
        {
            while (_peers.IsEmpty)
            {
                await Task.Yield();
            }

            await Peer.Answers("AT\r", "\r\nOK\r\n");
            for (int round = 0; round < 2; round++)
            {
                await Time.PassesUntil(Times.QuietTime, () => Peer.HasHeardSomething);
                await Peer.Answers("AT+CMEE?\r", "\r\n+CMEE: 2\r\n\r\nOK\r\n");
            }

            foreach (string command in (string[])["ATE0", "AT+CMEE=2", "AT+CGREG=1", "AT+CEREG=1"])
            {
                await Peer.Answers($"{command}\r", "\r\nOK\r\n");
            }

            await Peer.Answers("AT+CPIN?\r", sim);
        }

        public async Task ComesOnline()
        {
            await IsSetUp("\r\n+CPIN: READY\r\n\r\nOK\r\n");
            foreach (string name in (string[])["CREG", "CGREG", "CEREG"])
            {
                await Peer.Answers($"AT+{name}?\r", $"\r\n+{name}: 1,1\r\n\r\nOK\r\n");
            }

            await Peer.Answers("AT+CGATT?\r", "\r\n+CGATT: 1\r\n\r\nOK\r\n");
        }

        public async ValueTask DisposeAsync()
        {
            await Supervisor.DisposeAsync();
            foreach (ScriptedModem peer in _peers)
            {
                await peer.DisposeAsync();
            }
        }
    }
}
