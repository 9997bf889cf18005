using Microsoft.Extensions.Logging;
using Sim7600.Emulator.Families;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator;

/// <summary>Search, registration and packet data, with the reports that the host asked for.</summary>
public sealed partial class VirtualModem
{
    /// <summary>Packet events that are kept for a host that asks later; the oldest go first.</summary>
    private const int MaximumPacketEvents = 16;

    private static readonly TimeSpan SignalReportPeriod = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (string Status, string Full)> _reported = [];
    private IDisposable? _search;
    private IDisposable? _cellSearch;
    private IDisposable? _signalReport;
    private IDisposable? _systemReport;
    private bool _registrationAllowed;
    private bool _cellFound;
    private bool _attached;
    private int _reportedRegistration;
    private int _reportedSystemMode;
    private int _reportedSignal = 99;

    /// <summary>Registration status as <c>+CREG</c> numbers it.</summary>
    internal int Registration
    {
        get
        {
            if (Functionality != 1 || !Sim.IsUsable || Settings.OperatorMode == 2 || Network.State == NetworkState.None)
            {
                return 0;
            }

            if (!_registrationAllowed || ServingTechnology is null)
            {
                return 2;
            }

            return Network.State switch
            {
                NetworkState.Home => 1,
                NetworkState.Roaming => 5,
                NetworkState.Denied => 3,
                _ => 2,
            };
        }
    }

    internal bool IsRegistered => Registration is 1 or 5;

    /// <summary>True when packets can flow: registered and attached.</summary>
    internal bool IsAttached => IsRegistered && !Packet.IsDetachedByHost;

    /// <summary>The technology that the modem uses or would use, or null when its settings allow none that is in reach.</summary>
    internal RadioTechnology? ServingTechnology => Permanent.Order()
        .Where(technology => Network.Technologies.Contains(technology) && Permanent.Allows(technology, Network))
        .Select(technology => (RadioTechnology?)technology)
        .FirstOrDefault();

    /// <summary>What <c>AT+CSQ</c> shows: 99 until a cell was found, which is some time before registration (real sessions).</summary>
    internal int Signal => Functionality == 1 && Settings.OperatorMode != 2 && Network.State != NetworkState.None && _cellFound && ServingTechnology is not null
        ? Network.Csq : 99;

    /// <summary>What <c>AT+CNSMOD?</c> shows: 0 none, 1 GSM, 4 WCDMA, 8 LTE.</summary>
    internal int SystemMode => !IsRegistered ? 0 : ServingTechnology switch
    {
        RadioTechnology.Lte => 8,
        RadioTechnology.Wcdma => 4,
        _ => 1,
    };

    /// <summary>Changes what the mobile network does with the modem, with all that follows from it.</summary>
    /// <param name="state">The new state.</param>
    /// <returns>A task that completes when the modem has taken the change.</returns>
    public Task SetNetworkAsync(NetworkState state) => InvokeAsync(() => ChangeNetwork(state));

    /// <summary>Changes the signal that <c>AT+CSQ</c> reports.</summary>
    /// <param name="csq">0 (−113 dBm) to 31 (−51 dBm), or 99 for unknown.</param>
    /// <returns>A task that completes when the modem has taken the change.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0..31 or 99.</exception>
    public Task SetSignalAsync(int csq)
    {
        if (csq is not ((>= 0 and <= 31) or 99))
        {
            throw new ArgumentOutOfRangeException(nameof(csq), csq, "CSQ is 0 to 31, or 99 for unknown.");
        }

        return InvokeAsync(() =>
        {
            Network.Csq = csq;
            ReportSignalChange();
        });
    }

    /// <summary>Reports a changed registration and lets go of what needed it.</summary>
    /// <param name="byHost">True when the host's own command caused it.</param>
    internal void RefreshRegistration(bool byHost = false)
    {
        if (!IsOn)
        {
            return;
        }

        bool wasRegistered = _reportedRegistration is 1 or 5;
        if (_reportedRegistration != Registration)
        {
            _reportedRegistration = Registration;
            LogRegistration(Number, _reportedRegistration);
        }

        foreach ((string name, int mode) in new[] { ("+CREG", Settings.Creg), ("+CGREG", Settings.Cgreg), ("+CEREG", Settings.Cereg) })
        {
            (string Status, string Full) before = _reported.GetValueOrDefault(name);
            (string Status, string Full) now = RegistrationPicture(name);
            _reported[name] = now;
            if ((mode == 1 && now.Status != before.Status) || (mode == 2 && now.Full != before.Full))
            {
                WriteUrc($"{name}: {(mode == 2 ? now.Full : now.Status)}");
            }
        }

        if (SystemMode != _reportedSystemMode)
        {
            _reportedSystemMode = SystemMode;
            if (Settings.SystemModeReport == 1)
            {
                WriteUrc($"+CNSMOD: {SystemMode}");
            }
        }

        RefreshPacketData(byHost);
        ReportSignalChange();
        if (IsRegistered && !wasRegistered)
        {
            TakeNetworkTime();
            Messages.DeliverWaiting();
        }
    }

    /// <summary>Activates contexts when the modem attaches, and tells the services when packets no longer flow.</summary>
    internal void RefreshPacketData(bool byHost = false)
    {
        bool attached = IsAttached;
        if (attached == _attached)
        {
            return;
        }

        _attached = attached;
        if (attached)
        {
            Packet.Active.UnionWith(Network.ContextsAtAttach.Where(cid => Packet.Contexts.ContainsKey(cid) && !(Network.RefusesPacketData && cid == PacketData.DataContext)));
            return;
        }

        WritePacketEvent(byHost ? "ME DETACH" : "NW DETACH");
        Packet.Active.Clear();
        LosePacketData();
    }

    /// <summary>Tells the services, in the order of a real session, that packets no longer flow.</summary>
    internal void LosePacketData()
    {
        Packet.CommonNetwork = 0;
        foreach (INetworkService service in _services)
        {
            service.NetworkLost();
        }

        Cmqtt.NetworkLost();
    }

    /// <summary>Prints <c>+CGEV</c>, or keeps it while <c>AT+CGEREP=0</c>.</summary>
    internal void WritePacketEvent(string text)
    {
        if (Settings.PacketEvents.Mode != 0)
        {
            WriteUrc($"+CGEV: {text}");
            return;
        }

        Packet.Events.Enqueue(text);
        if (Packet.Events.Count > MaximumPacketEvents)
        {
            Packet.Events.Dequeue();
        }
    }

    /// <summary>Takes settings of the radio into account: when the technology changes, the modem registers anew.</summary>
    /// <param name="before">The technology before the change.</param>
    internal void FollowRadioSettings(RadioTechnology? before)
    {
        if (before != ServingTechnology && Functionality == 1 && Sim.IsUsable && Settings.OperatorMode != 2)
        {
            SearchNetwork(Times);
            FindCell(Times);
        }

        RefreshRegistration(byHost: true);
    }

    /// <summary>Looks for the network and registers after some time, as <c>AT+COPS=0</c> after <c>AT+COPS=2</c> does.</summary>
    internal void SearchNetwork(BootTimes times)
    {
        _search?.Dispose();
        _registrationAllowed = false;
        _search = _scheduler.After(times.Registration + Network.AnswersLateBy, () =>
        {
            _registrationAllowed = true;
            _cellFound = true;
            RefreshRegistration();
        });
    }

    /// <summary>Starts or ends the periodic reports that the settings ask for.</summary>
    internal void SetSignalReport()
    {
        _signalReport?.Dispose();
        _reportedSignal = Signal;
        if (Settings.SignalReport is { On: 1, Mode: 0 })
        {
            _signalReport = Repeat(SignalReportPeriod, () => WriteUrc($"+CSQ: {Signal},99"), next => _signalReport = next);
        }
    }

    internal void SetSystemReport()
    {
        _systemReport?.Dispose();
        if (Settings.SystemInformationReport > 0)
        {
            _systemReport = Repeat(
                TimeSpan.FromSeconds(Settings.SystemInformationReport),
                () => WriteUrc($"+CPSI: {RadioCommands.SystemInformation(this)}"),
                next => _systemReport = next);
        }
    }

    private IDisposable Repeat(TimeSpan period, Action action, Action<IDisposable> keep) => _scheduler.After(period, () =>
    {
        keep(Repeat(period, action, keep));
        action();
    });

    private (string Status, string Full) RegistrationPicture(string name) =>
        (RegistrationCommands.Status(this, name, withCell: false), RegistrationCommands.Status(this, name, withCell: true));

    private void FindCell(BootTimes times)
    {
        _cellSearch?.Dispose();
        _cellFound = false;
        _cellSearch = _scheduler.After(times.SimReady + (times.Registration / 2), () =>
        {
            _cellFound = true;
            ReportSignalChange();
        });
    }

    private void ReportSignalChange()
    {
        int change = Math.Abs(Signal - _reportedSignal);
        if (change == 0 || !IsOn || Settings.SignalReport is not { On: 1, Mode: 1 } || change < Settings.SignalDelta)
        {
            return;
        }

        _reportedSignal = Signal;
        WriteUrc($"+CSQ: {Signal},99");
    }

    /// <summary>The network's time, which it tells to a modem that registers (NITZ, 3GPP TS 22.042).</summary>
    private void TakeNetworkTime()
    {
        if (!Network.SendsTime)
        {
            return;
        }

        if (Permanent.TakesNetworkTime)
        {
            Clock.SetTrue(Network.TimeZone);
        }

        if (Settings.TimeZoneReport == 1)
        {
            WriteUrc($"+CTZV: {ClockCommands.ZoneReport(this)}");
        }
    }

    private void StartRegistered()
    {
        _registrationAllowed = true;
        _cellFound = true;
        _reportedRegistration = Registration;
        RememberReports();
        RefreshPacketData();
        if (IsRegistered)
        {
            TakeNetworkTime();
        }
    }

    private void StartUnregistered()
    {
        _reportedRegistration = Registration;
        RememberReports();
    }

    private void RememberReports()
    {
        foreach (string name in new[] { "+CREG", "+CGREG", "+CEREG" })
        {
            _reported[name] = RegistrationPicture(name);
        }

        _reportedSystemMode = SystemMode;
        _reportedSignal = Signal;
    }

    private void ForgetNetwork()
    {
        _registrationAllowed = false;
        _cellFound = false;
        _attached = false;
        _search = _cellSearch = _signalReport = _systemReport = null;
        Packet.Active.Clear();
        Packet.Events.Clear();
        Packet.IsDetachedByHost = false;
        Packet.NetworkServiceOpen = false;
        Packet.CommonNetwork = 0;
    }

    [LoggerMessage(EventId = 2005, Level = LogLevel.Information, Message = "Modem {Number}: registration status is now {Status}")]
    private partial void LogRegistration(int number, int status);
}
