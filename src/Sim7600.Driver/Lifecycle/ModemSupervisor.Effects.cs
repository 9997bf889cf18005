using System.Diagnostics;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Diagnostics;
using Sim7600.Driver.Features;
using Sim7600.Driver.Recovery;
using Sim7600.Links;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Driver.Lifecycle;

/// <content>What is done in each state.</content>
public sealed partial class ModemSupervisor
{
    // Looking for a port costs nothing, and people expect a modem that was plugged in again to be used soon.
    private static readonly TimeSpan LongestPortDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AttachTimeout = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan ActivationTimeout = TimeSpan.FromSeconds(150);

    // Three wrong PINs lock the card, and a lost answer may have been a no: the last try is a person's.
    private const int MostPinsUnanswered = 2;

    private readonly PortFinder _ports;
    private readonly RecoveryLadder _ladder;
    private readonly RecoveryLadder _reopenings;
    private Outcome _lastOutcome = new(ModemTrigger.Close, "");
    private Sim7600Modem? _modem;
    private Task? _listening;
    private AtUrcSubscription? _urcs;
    private TaskCompletionSource _registrationChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecoveryRung _gentlest;
    private int _healthReported;
    private int _pinsUnanswered;

    private Task<Outcome> DoAsync(ModemEffect effect, CancellationToken cancellationToken) => effect switch
    {
        ModemEffect.Probe => ProbeAsync(cancellationToken),
        ModemEffect.Initialise => InitialiseAsync(cancellationToken),
        ModemEffect.UnlockSim => UnlockSimAsync(cancellationToken),
        ModemEffect.AwaitNetwork => AwaitNetworkAsync(cancellationToken),
        ModemEffect.PreparePacketData => PreparePacketDataAsync(cancellationToken),
        ModemEffect.Watch => WatchOnlineAsync(cancellationToken),
        ModemEffect.ClimbLadder => ClimbAsync(cancellationToken),
        ModemEffect.AwaitPower => AwaitPowerAsync(cancellationToken),
        _ => RestAsync(cancellationToken),
    };

    private async Task<Outcome> RestAsync(CancellationToken cancellationToken)
    {
        await ReleaseModemAsync().ConfigureAwait(false);
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken).ConfigureAwait(false);
        throw new System.Diagnostics.UnreachableException();
    }

    private async Task<Outcome> ProbeAsync(CancellationToken cancellationToken)
    {
        if (_modem is null || _modem.Lost.IsCompleted)
        {
            await ReleaseModemAsync().ConfigureAwait(false);
            try
            {
                Attach(await OpenLinkAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (Exception exception) when (exception is SerialLinkException or IOException or UnauthorizedAccessException or TimeoutException)
            {
                return new Outcome(ModemTrigger.LineLost, exception.Message);
            }
        }

        Sim7600Modem modem = _modem!;
        if (!await modem.ProbeAsync(cancellationToken).ConfigureAwait(false))
        {
            return new Outcome(ModemTrigger.NoAnswer, Sim7600Modem.NotResponding(modem.Channel).Message);
        }

        _reopenings.Reset();
        _ports.Remember(modem.Channel.Name);
        return new Outcome(ModemTrigger.Answered, "AT was answered");
    }

    private Task<ISerialLink> OpenLinkAsync(CancellationToken cancellationToken)
    {
        if (Options.OpenLink is { } open)
        {
            return open(cancellationToken);
        }

        string path = _ports.Locate() ?? throw new IOException($"The modem that was on {Options.PortName} is not plugged in.");
        if (path != Options.PortName && !Options.PortName.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            _logger.FoundAgain(Options.PortName, path);
        }

        return SerialLink.OpenAsync(path, Options.Modem.Serial, cancellationToken);
    }

    private void Attach(ISerialLink link)
    {
        Sim7600Modem modem = Sim7600Modem.Attach(link, Options.Modem);
        _modem = modem;
        AtUrcSubscription urcs = modem.Channel.SubscribeUrcs();
        _urcs = urcs;
        _listening = ListenAsync(modem, urcs);
    }

    private async Task ListenAsync(Sim7600Modem modem, AtUrcSubscription urcs)
    {
        await foreach (AtUrc urc in urcs.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            switch (urc.Kind.Prefix)
            {
                case "RDY":
                    Post(ModemTrigger.Booted, "the modem restarted (RDY)", modem);
                    break;
                case "+SIMCARD: NOT AVAILABLE" when State is not ModemState.Recovering:
                    Post(ModemTrigger.SimNotReady, "the SIM is not there any more (+SIMCARD: NOT AVAILABLE)", modem);
                    break;
                case "UNDER-VOLTAGE" or "OVER-VOLTAGE" when urc.Line.Contains("POWER DOWN", StringComparison.OrdinalIgnoreCase):
                case "+CMTE:" when urc.Parameters is "-2" or "2":
                    Post(ModemTrigger.PoweringDown, $"the modem switches off to save itself ({urc.Line})", modem);
                    break;
                case "+CREG:" or "+CGREG:" or "+CEREG:":
                    Volatile.Read(ref _registrationChanged).TrySetResult();
                    break;
            }
        }

        if (modem.Lost.IsCompletedSuccessfully)
        {
            Post(ModemTrigger.LineLost, $"the line is lost: {(await modem.Lost.ConfigureAwait(false)).Reason}", modem);
        }
    }

    private async Task ReleaseModemAsync()
    {
        if (_modem is not { } modem)
        {
            return;
        }

        _modem = null;
        _urcs?.Dispose();
        await modem.DisposeAsync().ConfigureAwait(false);
        if (_listening is { } listening)
        {
            await listening.ConfigureAwait(false);
        }
    }

    private async Task<Outcome> InitialiseAsync(CancellationToken cancellationToken)
    {
        Sim7600Modem modem = _modem!;
        await modem.InitialiseAsync(cancellationToken).ConfigureAwait(false);
        foreach (string command in (string[])["AT+CGREG=1", "AT+CEREG=1"])
        {
            await TrySettingAsync(modem, command, cancellationToken).ConfigureAwait(false);
        }

        SimState sim = await modem.Sim.StateAsync(cancellationToken).ConfigureAwait(false);
        _pinsUnanswered = sim == SimState.Ready ? 0 : _pinsUnanswered;
        return sim == SimState.Ready
            ? new Outcome(ModemTrigger.SimReady, "the SIM is ready")
            : new Outcome(ModemTrigger.SimNotReady, $"the SIM is not ready: {sim}");
    }

    private async Task TrySettingAsync(Sim7600Modem modem, string command, CancellationToken cancellationToken)
    {
        try
        {
            await modem.Channel.ExecuteAsync(new AtCommand(command), cancellationToken).ConfigureAwait(false);
        }
        catch (AtErrorException exception)
        {
            // The heartbeat finds out without it.
            _logger.SettingRefused(Options.PortName, command, exception.Message);
        }
    }

    private async Task<Outcome> UnlockSimAsync(CancellationToken cancellationToken)
    {
        Sim7600Modem modem = _modem!;
        long started = _time.GetTimestamp();
        bool entered = false;
        while (true)
        {
            SimState sim = await modem.Sim.StateAsync(cancellationToken).ConfigureAwait(false);
            switch (sim)
            {
                case SimState.Ready:
                    return new Outcome(ModemTrigger.SimReady, "the SIM is ready");
                case SimState.PinRequired when Options.Pin is not { }:
                    return new Outcome(ModemTrigger.SimRefused, "The SIM wants its PIN: give it in the options' Pin, or switch the PIN off (AT+CLCK=\"SC\",0,\"<pin>\").");
                case SimState.PinRequired when !entered && _pinsUnanswered == MostPinsUnanswered:
                    _pinsUnanswered = 0;
                    return new Outcome(
                        ModemTrigger.SimRefused,
                        $"The SIM's PIN was entered {MostPinsUnanswered} times and the modem never said whether it was right. It is not tried again: after three wrong ones the card asks for its PUK. See with AT+SPIC how many tries are left, and why the modem does not answer, then start again.");
                case SimState.PinRequired when !entered:
                    entered = true;
                    _pinsUnanswered++;
                    try
                    {
                        await modem.Sim.EnterPinAsync(Options.Pin!, cancellationToken).ConfigureAwait(false);
                        _pinsUnanswered = 0;
                    }
                    catch (AtErrorException exception)
                    {
                        _pinsUnanswered = 0;
                        return new Outcome(
                            ModemTrigger.SimRefused,
                            $"The SIM did not take the PIN ({exception.Result.Text}). It is not tried again: after three wrong ones the card asks for its PUK. Correct the PIN, then start again.");
                    }

                    break;
                case SimState.PukRequired:
                    return new Outcome(ModemTrigger.SimRefused, "The SIM wants its PUK, because a wrong PIN was entered three times. Enter PUK and a new PIN by hand: AT+CPIN=\"<puk>\",\"<new pin>\".");
                case SimState.Locked:
                    return new Outcome(ModemTrigger.SimRefused, "The modem is locked to another network or card (AT+CPIN? answers PH-…): use the card it is meant for.");
                case SimState.Failed:
                    return new Outcome(ModemTrigger.SimNotFound, "the SIM fails; check its contacts");
            }

            if (_time.GetElapsedTime(started) >= Options.SimTimeout)
            {
                return new Outcome(ModemTrigger.SimNotFound, $"the SIM is not ready after {Options.SimTimeout.TotalSeconds:0} s ({sim}); check that one is inserted, with its contacts to the right side");
            }

            await Task.Delay(Options.Modem.RegistrationPollInterval, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Outcome> AwaitNetworkAsync(CancellationToken cancellationToken)
    {
        try
        {
            NetworkRegistration registration = await _modem!.Network.WaitForRegistrationAsync(cancellationToken).ConfigureAwait(false);
            return new Outcome(ModemTrigger.NetworkFound, $"registered (packet {registration.Packet}, LTE {registration.Lte})");
        }
        catch (RegistrationTimeoutException exception)
        {
            return new Outcome(ModemTrigger.NetworkNotFound, exception.Message);
        }
    }

    private async Task<Outcome> PreparePacketDataAsync(CancellationToken cancellationToken)
    {
        Sim7600Modem modem = _modem!;
        try
        {
            if (Options.Apn is { } apn)
            {
                string context = new AtCommandWriter("+CGDCONT").Number(Options.PacketDataContext).Text("IP", "type").Text(apn, "APN").ToString();
                AtReply contexts = await modem.Channel.ExecuteAsync(AtCommand.Query("AT+CGDCONT?", "+CGDCONT:"), cancellationToken).ConfigureAwait(false);
                if (!contexts.Lines.Any(line => line.StartsWith($"+CGDCONT: {Options.PacketDataContext},\"IP\",\"{apn}\"", StringComparison.OrdinalIgnoreCase)))
                {
                    await modem.Channel.ExecuteAsync(new AtCommand(context), cancellationToken).ConfigureAwait(false);
                }
            }

            AtReply attached = await modem.Channel.ExecuteAsync(AtCommand.Query("AT+CGATT?", "+CGATT:"), cancellationToken).ConfigureAwait(false);
            if (attached.After("+CGATT:") != "1")
            {
                await modem.Channel.ExecuteAsync(new AtCommand("AT+CGATT=1") { Timeout = AttachTimeout }, cancellationToken).ConfigureAwait(false);
            }

            return new Outcome(ModemTrigger.PacketDataReady, "attached to packet data");
        }
        catch (AtErrorException exception)
        {
            return new Outcome(ModemTrigger.PacketDataFailed, exception.Message);
        }
    }

    private async Task<Outcome> WatchOnlineAsync(CancellationToken cancellationToken)
    {
        Sim7600Modem modem = _modem!;
        while (true)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _registrationChanged, changed);
            using (var interval = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                await Task.WhenAny(changed.Task, Task.Delay(Options.HeartbeatInterval, _time, interval.Token)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                await interval.CancelAsync().ConfigureAwait(false);
            }

            // While a command of a user runs, that command finds out whether the modem is there.
            using AtLease? lease = modem.Channel.TryAcquire();
            if (lease is null)
            {
                continue;
            }

            NetworkRegistration registration = await modem.Network.RegistrationAsync(lease, cancellationToken).ConfigureAwait(false);
            if (!registration.IsRegistered)
            {
                return new Outcome(ModemTrigger.NetworkLost, registration.ToString());
            }
        }
    }

    private async Task<Outcome> AwaitPowerAsync(CancellationToken cancellationToken)
    {
        if (Options.Recovery.PowerCycle is not null)
        {
            await Task.Delay(_ladder.NextDelay(), _time, cancellationToken).ConfigureAwait(false);
            try
            {
                await CallPowerHookAsync(cancellationToken).ConfigureAwait(false);
                return new Outcome(ModemTrigger.PowerOn, "the power hook was called");
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                _logger.SettingRefused(Options.PortName, "the power hook", exception.Message);
            }
        }

        while (true)
        {
            await Task.Delay(Options.HeartbeatInterval, _time, cancellationToken).ConfigureAwait(false);
            if (await _modem!.ProbeAsync(cancellationToken).ConfigureAwait(false))
            {
                return new Outcome(ModemTrigger.PowerOn, "AT is answered again");
            }
        }
    }

    private async Task<Outcome> ClimbAsync(CancellationToken cancellationToken)
    {
        string reason = _lastOutcome.Reason;
        if (_modem is null || _modem.Lost.IsCompleted)
        {
            RecoveryStep reopening = _reopenings.Next()!;
            reopening = reopening with { Delay = reopening.Delay < LongestPortDelay ? reopening.Delay : LongestPortDelay };
            _logger.Climbing(Options.PortName, reopening, reason);
            using Activity? waiting = DriverTelemetry.Climb(Options.PortName, reopening);
            await Task.Delay(reopening.Delay, _time, cancellationToken).ConfigureAwait(false);
            return new Outcome(ModemTrigger.RungDone, "opening the port again");
        }

        if (_lastOutcome.Trigger != ModemTrigger.RungFailed)
        {
            _gentlest = _lastOutcome.Trigger switch
            {
                // A modem that does not answer can be told nothing.
                ModemTrigger.NoAnswer => RecoveryRung.PowerCycle,
                ModemTrigger.NetworkNotFound or ModemTrigger.SimNotFound => RecoveryRung.Radio,
                _ => RecoveryRung.PacketData,
            };
        }

        RecoveryStep? step = _ladder.Next(_gentlest);
        if (step is null)
        {
            _logger.LadderExhausted(Options.PortName);
            _ladder.StartOver();
            step = _ladder.Next(_gentlest) ?? new RecoveryStep(RecoveryRung.PortReopen, 1, 1, _ladder.NextDelay());
        }

        _logger.Climbing(Options.PortName, step, reason);
        using Activity? climbing = DriverTelemetry.Climb(Options.PortName, step);
        await Task.Delay(step.Delay, _time, cancellationToken).ConfigureAwait(false);
        try
        {
            await CarryOutAsync(step.Rung, cancellationToken).ConfigureAwait(false);
            return new Outcome(ModemTrigger.RungDone, $"{step.Rung} is done");
        }
        catch (AtErrorException exception)
        {
            climbing?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
        catch (AtTimeoutException exception)
        {
            // One command that hangs is no dead modem; a silent AT is.
            if (!await _modem.ProbeAsync(cancellationToken).ConfigureAwait(false))
            {
                _gentlest = RecoveryRung.PowerCycle;
            }

            climbing?.SetStatus(ActivityStatusCode.Error, exception.Message);
            return new Outcome(ModemTrigger.RungFailed, exception.Message);
        }
    }

    private async Task CarryOutAsync(RecoveryRung rung, CancellationToken cancellationToken)
    {
        AtChannel channel = _modem!.Channel;
        switch (rung)
        {
            case RecoveryRung.PacketData:
                int context = Options.PacketDataContext;
                try
                {
                    await channel.ExecuteAsync(new AtCommand($"AT+CGACT=0,{context}") { Timeout = ActivationTimeout }, cancellationToken).ConfigureAwait(false);
                }
                catch (AtErrorException)
                {
                    // It may be closed already, and the last bearer of LTE cannot be closed.
                }

                await channel.ExecuteAsync(new AtCommand($"AT+CGACT=1,{context}") { Timeout = ActivationTimeout }, cancellationToken).ConfigureAwait(false);
                break;
            case RecoveryRung.Radio:
                await channel.ExecuteAsync(new AtCommand("AT+CFUN=0") { Timeout = AttachTimeout }, cancellationToken).ConfigureAwait(false);
                await channel.ExecuteAsync(new AtCommand("AT+CFUN=1") { Timeout = AttachTimeout }, cancellationToken).ConfigureAwait(false);
                break;
            case RecoveryRung.ModemReset:
                await channel.ExecuteAsync(new AtCommand("AT+CRESET"), cancellationToken).ConfigureAwait(false);

                // RDY and the loss of a USB port end this wait from outside.
                await Task.Delay(Options.BootTimeout, _time, cancellationToken).ConfigureAwait(false);
                break;
            case RecoveryRung.PowerCycle:
                await CallPowerHookAsync(cancellationToken).ConfigureAwait(false);
                break;
            case RecoveryRung.PortReopen:
                await ReleaseModemAsync().ConfigureAwait(false);
                break;
        }
    }

    private async Task CallPowerHookAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Options.Recovery.PowerCycleTimeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await Options.Recovery.PowerCycle!(stop.Token).WaitAsync(stop.Token).ConfigureAwait(false);
    }
}
