using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sim7600.Driver.Diagnostics;
using Sim7600.Driver.Recovery;

namespace Sim7600.Driver.Lifecycle;

/// <summary>
/// Brings a modem online and keeps it there: it opens the port, sets the modem up, unlocks the SIM, waits for the network, and when anything
/// fails climbs the recovery ladder until the modem is online again, whether that takes seconds or days.
/// </summary>
/// <remarks>
/// One loop owns the <see cref="ModemLifecycle"/>, carries out its effects and fires what comes of them. Nothing of the user runs on that loop
/// except <see cref="RecoveryOptions.PowerCycle"/> and <see cref="ModemSupervisorOptions.OpenLink"/>, which it waits for.
/// </remarks>
/// <example>
/// <code>
/// await using var supervisor = new ModemSupervisor(new() { PortName = "/dev/ttyUSB2", Pin = "1234" });
/// supervisor.Start();
/// OnlinePeriod online = await supervisor.WaitOnlineAsync(ct);
/// Console.WriteLine(await online.Modem.Network.SignalAsync(ct));
/// </code>
/// </example>
public sealed partial class ModemSupervisor : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ModemLifecycle _lifecycle = new();
    private readonly Channel<Outcome> _interrupts = System.Threading.Channels.Channel.CreateUnbounded<Outcome>(new() { SingleReader = true });
    private readonly Broadcast<ModemTransition> _steps = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _running;
    private readonly Readiness<OnlinePeriod> _online = new();
    private CancellationTokenSource? _onlineEnds;
    private long _onlineSince;
    private volatile ModemTransition? _latest;
    private bool _disposed;

    /// <summary>Describes a supervised modem; nothing is opened before <see cref="Start"/>.</summary>
    /// <param name="options">What to supervise and how.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ModemSupervisor(ModemSupervisorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _time = options.Modem.Channel.TimeProvider;
        _logger = options.Modem.Channel.LoggerFactory.CreateLogger<ModemSupervisor>();
        _ports = new PortFinder(options.PortName, options.FindPorts);
        _ladder = new RecoveryLadder(options.Recovery, options.Recovery.ModemRungs);
        _reopenings = new RecoveryLadder(options.Recovery, [(RecoveryRung.PortReopen, int.MaxValue)]);
        _running = Task.Run(RunAsync);
        DriverTelemetry.Show(this);
    }

    /// <summary>The options.</summary>
    public ModemSupervisorOptions Options { get; }

    /// <summary>Where the modem is in its life now.</summary>
    public ModemState State => _latest?.To ?? ModemState.Closed;

    /// <summary>The step that led to <see cref="State"/>; null before the first.</summary>
    public ModemTransition? LatestTransition => _latest;

    /// <summary>The clock of everything here.</summary>
    public TimeProvider TimeProvider => _time;

    /// <summary>Begins, also again after <see cref="ModemState.Faulted"/>. It returns at once; without effect while the modem is being supervised already.</summary>
    /// <exception cref="ObjectDisposedException">The supervisor is disposed.</exception>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Post(ModemTrigger.Open, "this program wants the modem");
    }

    /// <summary>Waits until the modem is online.</summary>
    /// <param name="ct">Gives up waiting; the supervisor goes on.</param>
    /// <returns>The modem, with a token that tells when it is online no more.</returns>
    /// <exception cref="ModemFaultedException">The modem cannot come online without a person, or the supervisor was disposed; the message says what to do.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<OnlinePeriod> WaitOnlineAsync(CancellationToken ct = default) => _online.WaitAsync(ct);

    /// <summary>
    /// Tells that the modem does not do its work although it looks online, for example that its MQTT service cannot be started. The supervisor
    /// tries the next rung of its ladder; without effect while it is recovering anyway.
    /// </summary>
    /// <param name="reason">Why, for the log.</param>
    public void ReportTrouble(string reason) => Post(ModemTrigger.TroubleReported, reason);

    /// <summary>
    /// Tells that the modem did not answer, not even after the line was brought in step. The supervisor cuts its power, when it has a hook, or opens
    /// the port again; without effect while it is recovering anyway.
    /// </summary>
    /// <param name="reason">Why, for the log.</param>
    public void ReportSilence(string reason) => Post(ModemTrigger.NoAnswer, reason);

    /// <summary>Tells that the modem has done its work for a good while, so that the next trouble starts at the foot of the ladder again.</summary>
    public void ReportHealthy() => Interlocked.Exchange(ref _healthReported, 1);

    /// <summary>Follows the modem's life from now on. A reader that is too slow misses the oldest steps, never the newest.</summary>
    /// <param name="ct">Ends it.</param>
    /// <returns>The steps; the sequence ends when the supervisor is disposed.</returns>
    public IAsyncEnumerable<ModemTransition> WatchAsync(CancellationToken ct = default) => _steps.Follow(ct);

    /// <summary>Stops supervising and closes the line; the modem goes on as it is.</summary>
    /// <returns>A task that completes within seconds whatever the line does.</returns>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                Post(ModemTrigger.Close, "this program closed it");
            }
        }

        await _running.ConfigureAwait(false);
    }

    private void Post(ModemTrigger trigger, string reason, Sim7600Modem? source = null) => _interrupts.Writer.TryWrite(new Outcome(trigger, reason, source));

    private async Task RunAsync()
    {
        // What it does for days is no part of the trace in which it was begun.
        Activity.Current = null;
        do
        {
            Outcome outcome = await StepAsync().ConfigureAwait(false);
            Move(outcome);
        }
        while (!(_disposed && State == ModemState.Closed));
        await ReleaseModemAsync().ConfigureAwait(false);
        _online.Fail(NotSupervised("this program closed it"));
        DriverTelemetry.Hide(this);
        _steps.End();
    }

    // Carries out the state's effect until it ends or something that came unasked ends the state.
    private async Task<Outcome> StepAsync()
    {
        using var stop = new CancellationTokenSource();
        Task<Outcome> effect = ObserveAsync(_lifecycle.Effect, stop.Token);
        while (true)
        {
            Task<bool> interrupted = _interrupts.Reader.WaitToReadAsync(stop.Token).AsTask();
            await Task.WhenAny(effect, interrupted).ConfigureAwait(false);
            while (_interrupts.Reader.TryRead(out Outcome? interrupt))
            {
                bool closesWhatIsClosed = interrupt.Trigger == ModemTrigger.Close && State == ModemState.Closed;
                bool concernsUs = interrupt.Source is null || ReferenceEquals(interrupt.Source, _modem);
                if (closesWhatIsClosed || (concernsUs && _lifecycle.CanFire(interrupt.Trigger)))
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                    await effect.ConfigureAwait(false);
                    return interrupt;
                }
            }

            if (effect.IsCompleted)
            {
                await stop.CancelAsync().ConfigureAwait(false);
                await interrupted.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
                return await effect.ConfigureAwait(false);
            }
        }
    }

    // Whatever an effect throws is an outcome; nothing may end the loop.
    private async Task<Outcome> ObserveAsync(ModemEffect effect, CancellationToken cancellationToken)
    {
        try
        {
            return await DoAsync(effect, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new Outcome(ModemTrigger.Close, "interrupted");
        }
        catch (AtModemRestartedException exception)
        {
            return new Outcome(ModemTrigger.Booted, exception.Message);
        }
        catch (AtChannelClosedException exception)
        {
            return new Outcome(ModemTrigger.LineLost, exception.Message);
        }
        catch (Exception exception)
        {
            return new Outcome(effect == ModemEffect.ClimbLadder ? ModemTrigger.RungFailed : ModemTrigger.NoAnswer, exception.Message);
        }
    }

    private void Move(Outcome outcome)
    {
        ModemState from = _lifecycle.State;
        if (!_lifecycle.Fire(outcome.Trigger))
        {
            return;
        }

        ModemState to = _lifecycle.State;
        _lastOutcome = outcome;
        if (from == ModemState.Online)
        {
            LeaveOnline(outcome);
        }

        _logger.Moved(Options.PortName, from, to, outcome.Trigger, outcome.Reason);
        _latest = new ModemTransition(_time.GetUtcNow(), from, outcome.Trigger, to, outcome.Reason);
        _steps.Say(_latest);
        switch (to)
        {
            case ModemState.Online:
                _onlineEnds = new CancellationTokenSource();
                _onlineSince = _time.GetTimestamp();
                _online.Come(new OnlinePeriod(_modem!, _onlineEnds.Token));
                break;
            case ModemState.Faulted:
                _logger.GaveUp(Options.PortName, outcome.Reason);
                _online.Fail(new ModemFaultedException(outcome.Reason));
                break;
            case ModemState.Closed:
                _online.Fail(NotSupervised(outcome.Reason));
                break;
            default:
                _online.Go();
                break;
        }
    }

    private ModemFaultedException NotSupervised(string reason) => new($"The modem on {Options.PortName} is not supervised any more: {reason}.");

    private void LeaveOnline(Outcome outcome)
    {
        // A user of the modem that reports trouble also reports health; being online is health only where nobody found fault.
        bool stood = outcome.Trigger != ModemTrigger.TroubleReported && _time.GetElapsedTime(_onlineSince) >= Options.Recovery.StableAfter;
        if (Interlocked.Exchange(ref _healthReported, 0) == 1 || stood)
        {
            _ladder.Reset();
        }

        // Its callbacks are others' code: not on this loop.
        CancellationTokenSource? ends = _onlineEnds;
        _onlineEnds = null;
        _online.Go();
        _ = Task.Run(() => ends?.Cancel());
    }

    private sealed record Outcome(ModemTrigger Trigger, string Reason, Sim7600Modem? Source = null);
}
