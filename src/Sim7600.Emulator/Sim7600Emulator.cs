using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Families;
using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Line;
using Sim7600.Emulator.Lint;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Ports;
using Sim7600.Emulator.Scenarios;
using Sim7600.Links;

namespace Sim7600.Emulator;

/// <summary>
/// Software SIM7600 modems with their ports and, unless told otherwise, a broker: everything that stands between a firmware
/// and its MQTT messages, without hardware.
/// </summary>
public sealed class Sim7600Emulator : IAsyncDisposable
{
    /// <summary>Modems that one emulator makes at most, those for socket connections included.</summary>
    public const int MaximumModems = 100;

    /// <summary>The speeds that a modem knows, in baud; 0 is its host's.</summary>
    public static IReadOnlyList<int> BaudRates { get; } = [.. GeneralCommands.BaudRates.Select(rate => (int)rate)];

    private readonly EmulatorOptions _options;
    private readonly ILogger _log;
    private readonly IBrokerBridge _bridge;
    private readonly TimelineRecorder? _timeline;
    private readonly LintCollector? _lint;
    private readonly Lock _gate = new();
    private readonly List<VirtualModem> _modems = [];
    private readonly SortedSet<VirtualModem> _free = new(Comparer<VirtualModem>.Create((left, right) => left.Number.CompareTo(right.Number)));
    private readonly List<PtySeat> _ptys = [];
    private readonly List<SocketSeats> _seats = [];
    private DeviceSeat? _device;
    private readonly EmbeddedBroker? _broker;
    private CaFile? _caFile;
    private bool _disposed;

    private Sim7600Emulator(EmulatorOptions options, ILogger log, EmbeddedBroker? broker)
    {
        _options = options;
        _log = log;
        _broker = broker;
        _timeline = options.Timeline is { } keep ? new TimelineRecorder(keep, options.TimeProvider, log) : null;
        _lint = options.Lint is { } lint ? new LintCollector(lint, options.TimeProvider, log) : null;
        BrokerDestination destination = DestinationOf(options.Broker, broker);
        BrokerEndPoint = destination.Plain;
        _bridge = new MqttBrokerBridge(destination, options.TimeProvider, log);
    }

    /// <summary>Where all MQTT connections go, or null when the firmware's own addresses are dialled.</summary>
    public DnsEndPoint? BrokerEndPoint { get; }

    /// <summary>The broker inside the emulator.</summary>
    /// <exception cref="InvalidOperationException">The emulator was started with another broker.</exception>
    public EmbeddedBroker Broker =>
        _broker ?? throw new InvalidOperationException($"This emulator has no broker of its own; its route is {_options.Broker}.");

    /// <summary>The first modem.</summary>
    public VirtualModem Modem => _modems[0];

    /// <summary>All modems, in the order of their numbers; more come with socket connections.</summary>
    public IReadOnlyList<VirtualModem> Modems
    {
        get
        {
            lock (_gate)
            {
                return [.. _modems];
            }
        }
    }

    /// <summary>The names to open: PTY links in the order of the modems, then the serial device.</summary>
    public IReadOnlyList<string> PortNames => [.. _ptys.Select(pty => pty.Name), .. _device is { } device ? [device.Name] : Array.Empty<string>()];

    /// <summary>Completes when all cables are where they were last moved to.</summary>
    internal Task CablesAtRest => Task.WhenAll(_ptys.Select(pty => pty.AtRest));

    /// <summary>The name to open for the first modem: its PTY, else the TCP or UNIX socket.</summary>
    public string PortName => PortNames.Count > 0 ? PortNames[0]
        : TcpEndPoint is { } tcp ? $"tcp://{tcp}"
        : $"unix://{_options.UnixSocket}";

    /// <summary>Where TCP connections are accepted, or null.</summary>
    public IPEndPoint? TcpEndPoint { get; private set; }

    /// <summary>What the linter has found so far; after the emulator has been disposed of, all that it found.</summary>
    /// <returns>The report.</returns>
    /// <exception cref="InvalidOperationException">The emulator was started without a linter.</exception>
    public LintReport GetLintReport() =>
        _lint?.Report() ?? throw new InvalidOperationException($"This emulator has no linter: start it with {nameof(EmulatorOptions)}.{nameof(EmulatorOptions.Lint)}.");

    /// <summary>Starts modems, ports and broker.</summary>
    /// <param name="options">What to offer; null is the default.</param>
    /// <param name="cancellationToken">Gives up starting; what was opened is closed again.</param>
    /// <returns>The running emulator.</returns>
    /// <exception cref="EmulatorException">The broker cannot be started, its CA file cannot be written, or the options contradict each other.</exception>
    /// <exception cref="SerialLinkException">A port cannot be opened.</exception>
    public static async Task<Sim7600Emulator> StartAsync(EmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EmulatorOptions();
        if (options.Modems is < 1 or > MaximumModems)
        {
            throw new EmulatorException($"{options.Modems} modems were asked for; 1 to {MaximumModems} are possible.");
        }

        if (options.Lint is { } lint && (lint.RecoveryTime < TimeSpan.FromSeconds(1) || lint.RecoveryTime > TimeSpan.FromDays(1)))
        {
            throw new EmulatorException($"{nameof(LintOptions)}.{nameof(LintOptions.RecoveryTime)} is {lint.RecoveryTime.TotalSeconds:0.###} s; 1 s to 1 day is possible.");
        }

        if (options.Lint is { } answering && (answering.AnswerTime < TimeSpan.Zero || answering.AnswerTime > TimeSpan.FromSeconds(1)))
        {
            throw new EmulatorException($"{nameof(LintOptions)}.{nameof(LintOptions.AnswerTime)} is {answering.AnswerTime.TotalMilliseconds:0.###} ms; 0 ms to 1 s is possible.");
        }

        if (options.BaudRate is { } rate && !BaudRates.Contains(rate))
        {
            throw new EmulatorException($"A SIM7600 knows no {rate} baud. It knows {string.Join(", ", BaudRates)}.");
        }

        if (!options.Pty && options.Tcp is null && options.UnixSocket is null && options.Device is null)
        {
            throw new EmulatorException("The emulator has no port: ask for a PTY, a TCP address, a UNIX socket or a serial device.");
        }

        if (options is { Device: not null, BaudRate: 0 })
        {
            throw new EmulatorException($"The serial device {options.Device} needs a speed: it cannot follow the board's.");
        }

        ILogger log = options.LoggerFactory?.CreateLogger("Sim7600.Emulator") ?? NullLogger.Instance;
        EmbeddedBroker? broker = options.Broker == BrokerRoute.Embedded
            ? await EmbeddedBroker.StartAsync(options.BrokerPort, options.BrokerTlsPort, options.TimeProvider, log).ConfigureAwait(false)
            : null;
        var emulator = new Sim7600Emulator(options, log, broker);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await emulator.OpenAsync(cancellationToken).ConfigureAwait(false);
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes the ports, which hosts see as an unplugged modem, then the modems and the broker.</summary>
    /// <returns>A task that completes when all is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        foreach (SocketSeats seats in _seats)
        {
            await seats.DisposeAsync().ConfigureAwait(false);
        }

        if (_device is not null)
        {
            await _device.DisposeAsync().ConfigureAwait(false);
        }

        foreach (PtySeat pty in _ptys)
        {
            await pty.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(Modems.Select(modem => modem.DisposeAsync().AsTask())).ConfigureAwait(false);
        _lint?.End();
        if (_broker is not null)
        {
            await _broker.DisposeAsync().ConfigureAwait(false);
        }

        _caFile?.Delete();
    }

    private static BrokerDestination DestinationOf(BrokerRoute route, EmbeddedBroker? broker)
    {
        if (broker is not null)
        {
            return new BrokerDestination
            {
                Plain = EndPointOf(broker.EndPoint),
                Tls = EndPointOf(broker.TlsEndPoint ?? broker.EndPoint),
                RefusesTls = broker.TlsEndPoint is null,
                Announce = broker.Announce,
            };
        }

        if (route.Address is not { } address)
        {
            return BrokerDestination.AsNamed;
        }

        var fixedEndPoint = new DnsEndPoint(address.Host, route.Port);
        return new BrokerDestination { Plain = fixedEndPoint, Tls = fixedEndPoint, AddsTls = route.IsTls };

        static DnsEndPoint EndPointOf(IPEndPoint endPoint) => new(endPoint.Address.ToString(), endPoint.Port);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        bool needsModems = _options.Pty || _options.Tcp is not null || _options.UnixSocket is not null;
        for (int i = 0; needsModems && i < _options.Modems; i++)
        {
            VirtualModem modem = AddModem();
            if (_options.Pty)
            {
                string? link = _options.PtyLink is null || i == 0 ? _options.PtyLink : string.Create(CultureInfo.InvariantCulture, $"{_options.PtyLink}-{i + 1}");
                _ptys.Add(new PtySeat(modem, link, _log));
            }
            else
            {
                _free.Add(modem);
            }
        }

        if (_options.Device is { } device)
        {
            VirtualModem wired = AddModem(isWired: true);
            _device = await DeviceSeat.OpenAsync(wired, device, _options.TimeProvider, _log, cancellationToken).ConfigureAwait(false);
        }

        if (_options.Tcp is not null)
        {
            SerialLinkListener listener = SerialLinkListener.ListenTcp(_options.Tcp);
            TcpEndPoint = (IPEndPoint)listener.LocalEndPoint;
            _seats.Add(new SocketSeats(listener, TakeModem, GiveBack, _log));
        }

        if (_options.UnixSocket is not null)
        {
            _seats.Add(new SocketSeats(SerialLinkListener.ListenUnix(_options.UnixSocket), TakeModem, GiveBack, _log));
        }

        // Last: an emulator that is refused because another has its port must leave the other's file alone.
        if (_options.CaFile is { } path && _broker?.CertificateAuthority is { } authority)
        {
            // What is there may be a pipe, and looking into it wait without end.
            _caFile = await Task.Run(() => CaFile.Write(path, authority), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private VirtualModem AddModem(bool isWired = false)
    {
        lock (_gate)
        {
            var modem = new VirtualModem(
                _modems.Count + 1,
                new VirtualModemOptions
                {
                    Profile = _options.Profile,
                    Identity = IdentityOf(_options.Profile.Identity, _modems.Count),
                    Given = _options.Scenario?.Given ?? new GivenState(),
                    Seed = _options.Seed ?? _options.Scenario?.Seed ?? 0,
                    Boot = _options.Boot,
                    BaudRate = _options.BaudRate ?? (isWired ? Uart.DefaultRate : null),
                    IsWired = isWired,
                    TimeProvider = _options.TimeProvider,
                    Log = _log,
                    Timeline = _timeline,
                    Lint = _lint,
                },
                _options.Scenario?.Given.Broker is { } broker ? new GivenBrokerBridge(broker) : _bridge);
            foreach (ScheduledFault fault in _options.Scenario?.Faults ?? [])
            {
                modem.Faults.Inject(fault);
            }

            _modems.Add(modem);
            return modem;
        }
    }

    /// <summary>Modems after the first differ in the numbers that must be unique.</summary>
    private static ModemIdentity IdentityOf(ModemIdentity first, int index) => index == 0 ? first : first with
    {
        Imei = LuhnDigit.Append((long.Parse(first.Imei[..^1], CultureInfo.InvariantCulture) + index).ToString("D14", CultureInfo.InvariantCulture)),
        Imsi = (long.Parse(first.Imsi, CultureInfo.InvariantCulture) + index).ToString("D15", CultureInfo.InvariantCulture),
        Iccid = LuhnDigit.Append((decimal.Parse(first.Iccid[..^1], CultureInfo.InvariantCulture) + index).ToString(CultureInfo.InvariantCulture)),
    };

    /// <summary>The free modem with the lowest number, or, when it may be made, a new one.</summary>
    private VirtualModem? TakeModem(bool mayMake)
    {
        lock (_gate)
        {
            if (_free.Min is { } modem)
            {
                _free.Remove(modem);
                return modem;
            }

            return mayMake && _modems.Count < MaximumModems ? AddModem() : null;
        }
    }

    private void GiveBack(VirtualModem modem)
    {
        lock (_gate)
        {
            _free.Add(modem);
        }
    }
}
