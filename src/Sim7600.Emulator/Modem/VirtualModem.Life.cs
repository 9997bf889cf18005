using Microsoft.Extensions.Logging;
using Sim7600.Emulator.Families;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator;

/// <summary>Boot, SIM, functionality and power: what begins and ends the modem's life.</summary>
public sealed partial class VirtualModem
{
    private bool _tellsBaudRate;

    /// <summary>The times of a boot as this modem does it.</summary>
    internal BootTimes Times => BootTimes.For(Options.Boot);

    /// <summary>Changes the SIM card: locks, blocks, removes or inserts it.</summary>
    /// <param name="state">The new state.</param>
    /// <returns>A task that completes when the modem has taken the change.</returns>
    public Task SetSimAsync(SimState state) => InvokeAsync(() => SetSim(state));

    /// <summary>Cuts and restores the power, as a reset button does: connections vanish without a word.</summary>
    /// <returns>A task that completes when the modem is off and about to boot.</returns>
    public Task ResetAsync() => InvokeAsync(() => Reset(printLoss: false));

    /// <summary>A time of the modem's own, shortened as boots are unless they take their real time.</summary>
    internal TimeSpan Paced(TimeSpan real) => Options.Boot == BootMode.Real ? real : real / 100;

    internal void ResetLineSettings(bool toFactory)
    {
        if (!toFactory)
        {
            Line = Line.WithSaved(_savedLine);
            return;
        }

        RadioTechnology? before = ServingTechnology;
        Line = FactoryLine();
        Settings.Creg = Settings.Cgreg = Settings.Cereg = 0;
        Settings.TimeZoneReport = 0;
        Settings.PacketEvents = (0, 0);
        Settings.CharacterSet = "IRA";
        Permanent.TakesNetworkTime = false;
        Permanent.PreferredMode = 2;
        Settings.Messages.IsTextMode = false;
        Settings.Messages.Indications = [2, 1, 0, 0, 0];
        Settings.Messages.Memories = ["SM", "SM", "SM"];
        Settings.Calls.Remove("+CVHU");
        PostIfStillOn(_epoch, () => FollowRadioSettings(before)); // what it prints comes after the command's OK
    }

    internal void SaveLineSettings()
    {
        _savedLine = Line.Copy();
        _savedLine.Functionality = Functionality is 0 or 4 ? Functionality : 1;
    }

    /// <summary>Sets the serial line to what AT+IPR and AT+IFC say, once the modem's answer has left at the speed before.</summary>
    internal void ApplyLine() => PostIfStillOn(_epoch, () => Faults.Line.AfterOutput(() =>
    {
        Uart.Set(Settings.BaudRate);
        Uart.Host?.Apply(Uart.ModemRate, Line.FlowControl != (0, 0));
    }));

    /// <summary>AT+CFUN: changes the functionality with all that follows from it.</summary>
    internal void SetFunctionality(int value)
    {
        int before = Functionality;
        if (before == value)
        {
            return;
        }

        Functionality = value;
        if (value == 0)
        {
            Sim.IsReleased = true;
            WriteUrc("+SIMCARD: NOT AVAILABLE");
        }
        else if (Sim.IsReleased)
        {
            Sim.IsReleased = false;
            Sim.IsBusy = true;
            Sim.PowerCycle();
            ReadSim(Times);
        }
        else if (value == 1)
        {
            SearchNetwork(Times);
        }

        if (value == 1)
        {
            FindCell(Times);
        }

        RefreshRegistration(byHost: true);
    }

    /// <summary>AT+CRESET and its like: everything ends, then the module boots.</summary>
    /// <param name="printLoss">True when the modem still says what it loses, as after AT+CRESET.</param>
    internal void Reset(bool printLoss)
    {
        if (printLoss)
        {
            LosePacketData();
        }

        PowerOff();
        _scheduler.After(Times.PowerDown, () => PowerOn(Options.Boot == BootMode.None ? BootMode.Fast : Options.Boot));
    }

    /// <summary>The module switches itself off: it says what it loses and stays silent until its power key is pressed.</summary>
    internal void SwitchOff(string reason)
    {
        LosePacketData();
        PowerOff();
        LogOff(Number, reason);
    }

    /// <summary>The module goes silent and stays so.</summary>
    internal void PowerOff()
    {
        if (Faults.IsFrozen)
        {
            _output.Clear();
            Faults.PowerLost();
        }

        _epoch++;
        IsOn = false;
        _scheduler.Clear();
        NoteCutOff();
        Lint?.PowerChanged(isOn: false);
        _running = null;
        _dataTaker = null;
        _abortOnInput = null;
        _heldUrcs.Clear();
        ForgetInput();
        _reader.Reset();
        ForgetNetwork();
        AbortServices();
    }

    /// <summary>What the module prints once the card is usable; then it looks for a network.</summary>
    internal void AnnounceSim(BootTimes times)
    {
        WriteUrc("+CPIN: READY");
        _scheduler.After(times.SmsDone, () => WriteUrcIfSimUsable("SMS DONE"));
        _scheduler.After(times.SmsDone + times.PhoneBookDone, () => WriteUrcIfSimUsable("PB DONE"));
        SearchNetwork(times);
        RefreshRegistration();
    }

    private LineSettings FactoryLine() => new() { MobileErrors = Profile.MobileErrors, TerminalReady = Profile.TerminalReady };

    private void PowerOn(BootMode mode, bool isSilent = true)
    {
        Settings = new VolatileSettings { BaudRate = SavedBaudRate };
        Settings.Messages.IsTextMode = Profile.StartsInTextMode;
        ResetSslContexts();
        Files.Reset();
        Line = FactoryLine().WithSaved(_savedLine);
        ApplyLine();
        Functionality = Line.Functionality;
        Sim.PowerCycle();
        Sim.IsReleased = Functionality == 0;
        if (mode == BootMode.None)
        {
            IsOn = true;
            Lint?.PowerChanged(isOn: true);
            Sim.IsBusy = false;
            StartRegistered();
            return;
        }

        Sim.IsBusy = true;
        BootTimes times = BootTimes.For(mode);
        if (isSilent)
        {
            _scheduler.After(times.Silence, () => StartTalking(times));
        }
        else
        {
            StartTalking(times);
        }
    }

    private void StartTalking(BootTimes times)
    {
        IsOn = true;
        Lint?.PowerChanged(isOn: true);
        ForgetInput();
        _reader.Reset();
        StartUnregistered();
        _tellsBaudRate = SavedBaudRate == 0;
        if (!_tellsBaudRate)
        {
            WriteUrc(Profile.BootBanner);
        }

        if (Functionality != 0)
        {
            ReadSim(times);
            FindCell(times);
        }
    }

    /// <summary>With automatic baud rate there is no <c>RDY</c>; the first line that was understood is confirmed instead.</summary>
    private void TellBaudRate()
    {
        if (_tellsBaudRate)
        {
            _tellsBaudRate = false;
            WriteUrc("Autobaud: OK");
        }
    }

    /// <summary>Reads the card and, when it is usable, makes SMS and phone book ready.</summary>
    private void ReadSim(BootTimes times) => _scheduler.After(times.SimReady, () =>
    {
        if (Sim.IsReleased)
        {
            return;
        }

        Sim.IsBusy = false;
        switch (SimCommands.Obstacle(Sim))
        {
            case null:
                AnnounceSim(times);
                break;
            case CmeError.SimPinRequired:
                WriteUrc("+CPIN: SIM PIN");
                break;
            case CmeError.SimPukRequired:
                WriteUrc("+CPIN: SIM PUK");
                break;
            case CmeError.SimNotInserted:
                WriteUrc("+SIMCARD: NOT AVAILABLE");
                break;
            default:
                break;
        }

        RefreshRegistration();
    });

    /// <summary>The card starts again, as it does after a refresh by its operator.</summary>
    internal void ReadSimAnew() => ReadSim(Times);

    private void SetSim(SimState state)
    {
        SimState before = Sim.State;
        Sim.State = state;
        Sim.IsPinEnabled |= state is SimState.Pin or SimState.Puk;
        if (state == SimState.Pin)
        {
            Sim.PinTriesLeft = Math.Max(Sim.PinTriesLeft, 1);
        }

        if (IsOn && before != state && !Sim.IsReleased)
        {
            switch (state)
            {
                case SimState.Absent:
                    WriteUrc("+SIMCARD: NOT AVAILABLE");
                    break;
                case var _ when before == SimState.Absent:
                    Sim.IsBusy = true;
                    ReadSim(Times);
                    break;
                case SimState.Ready:
                    AnnounceSim(Times);
                    break;
                default:
                    WriteUrc(state == SimState.Pin ? "+CPIN: SIM PIN" : "+CPIN: SIM PUK");
                    break;
            }
        }

        RefreshRegistration();
    }

    private void WriteUrcIfSimUsable(string line)
    {
        if (Sim.IsUsable)
        {
            WriteUrc(line);
        }
    }

    [LoggerMessage(EventId = 2006, Level = LogLevel.Information, Message = "Modem {Number}: off ({Reason}); it answers nothing until ResetAsync or a new start of the emulator")]
    private partial void LogOff(int number, string reason);
}
