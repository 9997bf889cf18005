using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Families;

namespace Sim7600.Emulator.Faults;

/// <summary>
/// What goes wrong with one modem, its line, its network and its broker, and when. Faults run on the modem's own loop and clock:
/// the same seed, faults and input give the same bytes.
/// </summary>
public sealed partial class ModemFaults
{
    /// <summary>Why an overrun has no effect: who has the line does not tell when, and may be replaced by one who does.</summary>
    internal const string UnreadIsHidden = "what the host leaves unread cannot be seen on this line; it can on a PTY that no program has locked";

    private readonly VirtualModem _modem;
    private readonly List<PendingFault> _pending = [];
    private readonly List<IDisposable> _timers = [];
    private readonly Lock _randomGate = new();
    private readonly Random _random;
    private ImmutableArray<ActiveFault> _active = [];
    private NetworkState? _networkBefore;

    internal ModemFaults(VirtualModem modem, int seed)
    {
        _modem = modem;
        _random = new Random(seed);
        Line = new FaultyLine(modem, this);
    }

    /// <summary>Lets a fault happen.</summary>
    /// <param name="fault">What happens.</param>
    /// <param name="trigger">When, and for how long; null is at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="ArgumentException">The trigger contradicts itself, or does not fit the fault.</exception>
    /// <exception cref="ObjectDisposedException">The modem has ended.</exception>
    public void Inject(Fault fault, FaultTrigger? trigger = null)
    {
        ArgumentNullException.ThrowIfNull(fault);
        FaultTrigger when = trigger ?? FaultTrigger.Now;
        FaultTable.Check(fault, when);
        Post(() => Plan(fault, when));
    }

    /// <summary>Lets a fault happen as a scenario file says.</summary>
    /// <param name="fault">The entry.</param>
    /// <exception cref="ArgumentException">As in the other overload.</exception>
    /// <exception cref="ObjectDisposedException">The modem has ended.</exception>
    public void Inject(ScheduledFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Inject(fault.Fault, fault.Trigger);
    }

    /// <summary>Takes the network away.</summary>
    /// <param name="afterPublishes">After how many successful publishes from now on, 1 to 1 000 000; null is at once.</param>
    /// <param name="duration">For how long, 1 ms to 1 day; null until <see cref="Clear"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="ObjectDisposedException">The modem has ended.</exception>
    public void DropNetwork(int? afterPublishes = null, TimeSpan? duration = null) =>
        Inject(new NetworkDown(), new FaultTrigger { AfterPublishes = afterPublishes, Duration = duration });

    /// <summary>Lets a command be answered with given lines instead of being run.</summary>
    /// <param name="command">The command, as <see cref="FaultTrigger.Command"/>.</param>
    /// <param name="reply">The lines, as <see cref="ModemReply.Text"/>.</param>
    /// <param name="times">How many times, 1 to 1 000 000.</param>
    /// <exception cref="ArgumentException">A value is out of its range, or is no command.</exception>
    /// <exception cref="ObjectDisposedException">The modem has ended.</exception>
    public void Reply(string command, string reply, int times = 1) => Inject(new ModemReply(reply), FaultTrigger.OnCommand(command, times: times));

    /// <summary>Lets the broker close all connections of this modem.</summary>
    /// <exception cref="ObjectDisposedException">The modem has ended.</exception>
    public void CloseConnections() => Inject(new BrokerClose());

    /// <summary>Pulls the cable.</summary>
    /// <param name="duration">For how long, 1 ms to 1 day; null until <see cref="Clear"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is out of its range.</exception>
    /// <exception cref="ObjectDisposedException">The modem has ended.</exception>
    public void Unplug(TimeSpan? duration = null) => Inject(new LineUnplug(), new FaultTrigger { Duration = duration });

    /// <summary>Ends all faults that last, and forgets those that have not happened yet.</summary>
    /// <exception cref="ObjectDisposedException">The modem has ended.</exception>
    public void Clear() => Post(() =>
    {
        _pending.Clear();
        _timers.ForEach(timer => timer.Dispose());
        _timers.Clear();
        Line.Forget();
        foreach (ActiveFault active in _active)
        {
            Finish(active);
        }
    });

    /// <summary>The serial line with its faults.</summary>
    internal FaultyLine Line { get; }

    /// <summary>True while the command processor hangs.</summary>
    internal bool IsFrozen => Find<ModemFreeze>() is not null;

    /// <summary>A number from 0 to below <paramref name="limit"/>, the same for the same seed.</summary>
    internal int Draw(int limit)
    {
        lock (_randomGate)
        {
            return _random.Next(limit);
        }
    }

    /// <summary>The fault of a kind that is there now and began last, or null. From any thread.</summary>
    internal T? Find<T>(Func<T, bool>? fits = null)
        where T : Fault => _active.LastOrDefault(active => active.Fault is T fault && (fits is null || fits(fault)))?.Fault as T;

    /// <summary>As <see cref="Find{T}"/>; a fault for one use is over with that. From any thread.</summary>
    internal T? Take<T>()
        where T : Fault
    {
        foreach (ActiveFault active in _active)
        {
            if (active.Fault is not T fault)
            {
                continue;
            }

            if (!active.IsForOne)
            {
                return fault;
            }

            if (active.TryTake())
            {
                _modem.Post(() =>
                {
                    _active = _active.Remove(active);
                    Announce(active.Definition.FullName, "happens");
                });
                return fault;
            }
        }

        return null;
    }

    /// <summary>A command has arrived: what waits for it happens.</summary>
    /// <returns>What happens to the command itself, or null.</returns>
    internal Fault? CommandArrived(CommandRun run)
    {
        BeginDue(pending => pending.Command is { } command && command.Matches(run.Invocation));
        ActiveFault? own = _active.FirstOrDefault(active => active.Definition.Span == FaultSpan.Command);
        if (own is null || !own.TryTake() || !Remove(own))
        {
            return null;
        }

        if (own.Waits)
        {
            Announce(own.Definition.FullName, "happens");
        }

        return own.Fault;
    }

    /// <summary>The modem has told a publish as successful: what waits for it happens after that line is out.</summary>
    internal void Published() => _modem.Post(() => BeginDue(pending => pending.Trigger.AfterPublishes is not null));

    /// <summary>A fault is there and yet changes nothing about what happens now. From any thread.</summary>
    internal void TellNoEffect<T>(string why)
        where T : Fault => _modem.Post(() => Announce(FaultTable.All.First(definition => definition.Type == typeof(T)).FullName, $"no effect: {why}"));

    /// <summary>The module lost its power, or starts again: a processor that hung hangs no more.</summary>
    internal void PowerLost()
    {
        foreach (ActiveFault active in _active.Where(active => active.Fault is ModemFreeze))
        {
            Finish(active);
        }
    }

    private void Post(Action action) => ObjectDisposedException.ThrowIf(!_modem.Post(action), _modem);

    private void Plan(Fault fault, FaultTrigger trigger)
    {
        if (trigger.At is { } at && at > _modem.Age)
        {
            _timers.Add(_modem.AtAge(at, () => Begin(fault, trigger)));
        }
        else if (trigger.Command is not null || trigger.AfterPublishes is not null)
        {
            var pending = new PendingFault(fault, trigger);
            _pending.Add(pending);
            if (fault is not ModemReply && pending.Command is { } command && !_modem.Commands.TryGet(command.Name, out _))
            {
                LogUnknownCommand(_modem.Log, _modem.Number, trigger.Command!, _modem.Commands.NearestTo(command.Name) is { } name ? $"; did you mean AT{name}?" : "");
            }
        }
        else
        {
            Begin(fault, trigger);
        }
    }

    private void BeginDue(Func<PendingFault, bool> concerns)
    {
        PendingFault[] due = [.. _pending.Where(pending => concerns(pending) && pending.See())];
        if (due.Length == 0)
        {
            return;
        }

        _pending.RemoveAll(pending => pending.IsDone);
        foreach (PendingFault pending in due)
        {
            Begin(pending.Fault, pending.Trigger);
        }
    }

    private void Begin(Fault fault, FaultTrigger trigger)
    {
        FaultDefinition definition = FaultTable.Of(fault);
        string text = new ScheduledFault(fault, trigger with { At = null, Command = null, Skip = 0, Times = 1, AfterPublishes = null }).ToString();
        if (Obstacle(fault) is { } obstacle)
        {
            Announce(text, $"no effect: {obstacle}");
            return;
        }

        string? awaited = trigger.Duration is not null || (definition.Span == FaultSpan.Command && trigger.Command is not null) ? null : Awaited(fault, definition.Span);
        Announce(text, awaited is null ? null : $"waits for the next {awaited}");
        if (definition.Span != FaultSpan.Once)
        {
            var active = new ActiveFault(fault, definition, definition.Span != FaultSpan.Lasting && trigger.Duration is null) { Waits = awaited is not null };
            _active = _active.Add(active);
            if (trigger.Duration is { } duration)
            {
                active.End = _modem.AfterWhatever(duration, () => Finish(active));
            }
        }

        _modem.Lint?.FaultBegan(definition, fault, lasts: definition.Span == FaultSpan.Lasting);
        Apply(fault);
    }

    /// <summary>Why a fault would change nothing, or null.</summary>
    private string? Obstacle(Fault fault) => fault switch
    {
        MqttConnLost lost when !HasConnection(lost.Client) => string.Create(CultureInfo.InvariantCulture, $"client {lost.Client} is not connected"),
        MqttPing ping when _modem.Cmqtt.Clients[ping.Client].State != CmqttClientState.Connected => string.Create(CultureInfo.InvariantCulture, $"client {ping.Client} is not connected"),
        MqttNoNet when !_modem.Cmqtt.IsStarted => "the MQTT service is stopped",
        BrokerClose or NetworkHalfOpen when !_modem.Broker.CarriesAnything || !_modem.Cmqtt.Clients.Any(client => HasConnection(client.Index)) => "no MQTT connection is open",
        NetworkUp when _networkBefore is null && _modem.Network.State is (NetworkState.Home or NetworkState.Roaming) => "the network is there already",
        ModemEchoOn when _modem.Line.Echo => "the modem echoes already",
        ModemUrc { AfterBytes: 0 } when !_modem.IsOn => "the modem is off",
        LineOverrun when _modem.Uart.Host is { Unread: null } => UnreadIsHidden,
        _ => null,
    };

    private bool HasConnection(int client) => _modem.Cmqtt.Clients[client] is { State: CmqttClientState.Connected } or { Busy: not null };

    private static string? Awaited(Fault fault, FaultSpan span) => span switch
    {
        FaultSpan.Command => "command",
        FaultSpan.Prompt => "prompt",
        FaultSpan.Next => fault is BrokerTlsFailure ? "TLS handshake" : "connection",
        _ => null,
    };

    /// <summary>What happens at the moment at which a fault begins; what it does while it is there is asked for where it matters.</summary>
    private void Apply(Fault fault)
    {
        switch (fault)
        {
            case LineDrop or LineGarble or LineDuplicate:
                Line.Hit(fault);
                break;
            case LineUnplug:
                _modem.PullCable();
                break;
            case ModemUrc urc:
                Line.Insert(urc);
                break;
            case ModemEchoOn:
                _modem.Line.Echo = true;
                break;
            case ModemReset:
                _modem.Reset(printLoss: false);
                break;
            case NetworkDown:
                SetNetwork(NetworkState.None);
                break;
            case NetworkSearching:
                SetNetwork(NetworkState.Searching);
                break;
            case NetworkDenied:
                SetNetwork(NetworkState.Denied);
                break;
            case NetworkUp:
                foreach (ActiveFault active in _active.Where(active => active.Fault is NetworkDown or NetworkSearching or NetworkDenied))
                {
                    Remove(active);
                }

                NetworkState before = _networkBefore ?? _modem.Network.State;
                _networkBefore = null;
                _modem.ChangeNetwork(before is NetworkState.Roaming ? before : NetworkState.Home);
                break;
            case NetworkHalfOpen:
                _modem.Broker.BreakConnections();
                break;
            case BrokerClose or BrokerRestart:
                _modem.Broker.CloseConnections();
                break;
            case MqttConnLost lost:
                _modem.Cmqtt.Clients[lost.Client].ConnectionLost(lost.Cause);
                break;
            case MqttPing ping:
                _modem.Cmqtt.Clients[ping.Client].PingFailed(ping.Code);
                break;
            case MqttNoNet:
                _modem.Cmqtt.NetworkLost();
                break;
            default:
                break;
        }
    }

    private void Finish(ActiveFault active)
    {
        if (!Remove(active))
        {
            return;
        }

        Announce($"{active.Definition.FullName} is over");
        _modem.Lint?.FaultEnded(active.Fault);
        switch (active.Fault)
        {
            case LineFlowStop or LineChunk:
                Line.GoOn();
                break;
            case LineUnplug when Find<LineUnplug>() is null:
                _modem.PlugCable();
                break;
            case NetworkDown or NetworkSearching or NetworkDenied when _networkBefore is { } before:
                Fault? next = _active.LastOrDefault(each => each.Fault is NetworkDown or NetworkSearching or NetworkDenied)?.Fault;
                if (next is not null)
                {
                    Apply(next);
                    break;
                }

                _networkBefore = null;
                _modem.ChangeNetwork(before);
                break;
            default:
                break;
        }
    }

    private bool Remove(ActiveFault active)
    {
        active.End?.Dispose();
        int before = _active.Length;
        _active = _active.Remove(active);
        return _active.Length < before;
    }

    private void SetNetwork(NetworkState state)
    {
        _networkBefore ??= _modem.Network.State;
        _modem.ChangeNetwork(state);
    }

    /// <summary>The one place where faults are told, on the modem's loop.</summary>
    private void Announce(string text, string? note = null)
    {
        LogFault(_modem.Log, _modem.Number, text, note is null ? "" : $" ({note})");
        _modem.Note(new TimelineEntry(TimeSpan.Zero, _modem.Number, TimelineKind.Fault, text) { Note = note });
    }

    [LoggerMessage(EventId = 2601, Level = LogLevel.Information, Message = "Modem {Number}: fault {Fault}{Note}")]
    private static partial void LogFault(ILogger log, int number, string fault, string note);

    [LoggerMessage(EventId = 2602, Level = LogLevel.Warning, Message = "Modem {Number}: a fault waits for {Command}, which the emulator does not know{Meant}")]
    private static partial void LogUnknownCommand(ILogger log, int number, string command, string meant);
}
