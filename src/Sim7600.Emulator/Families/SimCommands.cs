using System.Globalization;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;
using static Sim7600.Emulator.Families.GeneralCommands;

namespace Sim7600.Emulator.Families;

/// <summary>The SIM card's locks (AT command manual V3.00, chapter 6; sequence of PIN and PUK from 3GPP TS 27.007).</summary>
internal static class SimCommands
{
    private const string Family = "Sim";
    private const string Manual = "AT command manual V3.00, chapter 6";
    private const string PinLock = "SC";
    private const int SimPuk2Required = 18;

    /// <summary>3GPP TS 27.007 names them; barring is kept by the network, personalisation by the module.</summary>
    private static readonly string[] Facilities = ["PF", PinLock, "AO", "OI", "OX", "AI", "IR", "AB", "AG", "AC", "FD", "PN", "PU", "PP", "PC"];
    private static readonly string[] Barring = ["AO", "OI", "OX", "AI", "IR", "AB", "AG", "AC"];

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        SimCard sim = modem.Sim;
        table.Add(Family, "+CPIN")
            .Read(run =>
            {
                int? obstacle = Obstacle(sim);
                if (obstacle is null or CmeError.SimPinRequired or CmeError.SimPukRequired)
                {
                    Show(run, $"+CPIN: {(sim.State == SimState.Pin ? "SIM PIN" : sim.State == SimState.Puk ? "SIM PUK" : "READY")}");
                }
                else
                {
                    run.CmeError(obstacle.Value);
                }
            })
            .Write(run => Enter(run, modem), Text("pin", 1, 8), Text("newpin", 1, 8).Optional)
            .Hides(0)
            .Test()
            .From($"{Manual}; SIM7600G-H sessions for SIM busy", Evidence.Confirmed);
        table.Add(Family, "+SPIC")
            .Execute(run => Show(run, string.Create(CultureInfo.InvariantCulture, $"+SPIC: {sim.PinTriesLeft},{sim.PukTriesLeft},{sim.Pin2TriesLeft},{sim.Puk2TriesLeft}")))
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+CLCK")
            .Write(run => Lock(run, modem), Text("fac", 2, 2), Number("mode", 0, 2), Text("passwd", 0, 8).Optional, Number("class", 1, 255).Optional)
            .Hides(2)
            .Test($"+CLCK: ({string.Join(',', Facilities.Select(name => $"\"{name}\""))})")
            .RequiresSim()
            .From($"{Manual}; 3GPP TS 27.007, 7.4", Evidence.Documented);
        table.Add(Family, "+CPWD")
            .Write(run => ChangePassword(run, modem), Text("fac", 2, 2), Text("oldpwd", 1, 8), Text("newpwd", 1, 8))
            .Hides(1)
            .Test($"+CPWD: (\"SC\",8),(\"P2\",8),{string.Join(',', Barring.Select(name => $"(\"{name}\",4)"))}")
            .RequiresSim()
            .From($"{Manual}; 3GPP TS 27.007, 7.5", Evidence.Documented);
        table.Add(Family, "+CIMI").Execute(run => Show(run, modem.Identity.Imsi)).RequiresSim()
            .From($"{Manual}; a SIM7600G-H session", Evidence.Confirmed);
        table.Add(Family, "+CICCID").Execute(run => Show(run, $"+ICCID: {modem.Identity.Iccid}")).RequiresSim()
            .From($"{Manual}; byte counts of SIM7600CE firmware", Evidence.Confirmed);
        Setting(table, Family, "+UIMHOTSWAPON", () => modem.Permanent.SimHotSwap, value => modem.Permanent.SimHotSwap = value, 0, 1)
            .From(Manual, Evidence.Documented);
        Setting(table, Family, "+UIMHOTSWAPLEVEL", () => modem.Permanent.SimHotSwapLevel, value => modem.Permanent.SimHotSwapLevel = value, 0, 1)
            .From(Manual, Evidence.Documented);
    }

    /// <summary>The CME error of a command that needs the card, or null when the card is ready.</summary>
    internal static int? Obstacle(SimCard sim) => sim switch
    {
        { IsReleased: true } => CmeError.SimNotInserted,
        { State: SimState.Absent } => CmeError.SimNotInserted,
        { IsDead: true } => CmeError.SimFailure,
        { IsBusy: true } => CmeError.SimBusy,
        { State: SimState.Pin } => CmeError.SimPinRequired,
        { State: SimState.Puk } => CmeError.SimPukRequired,
        _ => null,
    };

    private static void Enter(CommandRun run, VirtualModem modem)
    {
        SimCard sim = modem.Sim;
        switch (Obstacle(sim))
        {
            case null:
                run.CmeError(CmeError.OperationNotAllowed);
                break;
            case CmeError.SimPinRequired when !run.Has(1) && SimCard.IsCode(run.Text(0)):
                Judge(run, modem, sim.TryPin(run.Text(0)));
                break;
            case CmeError.SimPukRequired when run.Has(1) && SimCard.IsCode(run.Text(0)) && SimCard.IsCode(run.Text(1)):
                Judge(run, modem, sim.TryPuk(run.Text(0), run.Text(1)));
                break;
            case CmeError.SimPinRequired:
            case CmeError.SimPukRequired when run.Has(1):
                // What cannot be a code never reaches the card, so no try is lost (inferred).
                run.CmeError(CmeError.IncorrectPassword);
                break;
            case { } obstacle:
                run.CmeError(obstacle);
                break;
        }
    }

    private static void Judge(CommandRun run, VirtualModem modem, bool right)
    {
        if (!right)
        {
            run.CmeError(CmeError.IncorrectPassword);
            return;
        }

        run.OkThen(() => modem.AnnounceSim(modem.Times));
    }

    private static void Lock(CommandRun run, VirtualModem modem)
    {
        SimCard sim = modem.Sim;
        string facility = run.Text(0).ToUpperInvariant();
        int mode = run.Number(1);
        if (!Facilities.Contains(facility))
        {
            run.Error();
        }
        else if (mode == 2)
        {
            bool on = facility == PinLock ? sim.IsPinEnabled : sim.Facilities.Contains(facility);
            Show(run, $"+CLCK: {(on ? 1 : 0)}");
        }
        else if (!run.Has(2))
        {
            run.CmeError(CmeError.OperationNotAllowed);
        }
        else if (facility == PinLock)
        {
            if (CheckPin(run, modem, run.Text(2)))
            {
                sim.IsPinEnabled = mode == 1;
                run.Ok();
            }
        }
        else if (facility == "FD")
        {
            run.CmeError(sim.Pin2TriesLeft > 0 ? CmeError.IncorrectPassword : SimPuk2Required);
        }
        else if (!Barring.Contains(facility) || run.Text(2) != sim.BarringPassword)
        {
            run.CmeError(CmeError.IncorrectPassword);
        }
        else
        {
            _ = mode == 1 ? sim.Facilities.Add(facility) : sim.Facilities.Remove(facility);
            run.Ok();
        }
    }

    private static void ChangePassword(CommandRun run, VirtualModem modem)
    {
        SimCard sim = modem.Sim;
        string facility = run.Text(0).ToUpperInvariant();
        if (facility == PinLock && !sim.IsPinEnabled)
        {
            // A card changes its PIN only while it asks for it (3GPP TS 31.101).
            run.CmeError(CmeError.OperationNotAllowed);
        }
        else if (facility == PinLock && !SimCard.IsCode(run.Text(2)))
        {
            run.CmeError(CmeError.IncorrectPassword);
        }
        else if (facility == PinLock)
        {
            if (CheckPin(run, modem, run.Text(1)))
            {
                sim.Pin = run.Text(2);
                run.Ok();
            }
        }
        else if (facility == "P2")
        {
            run.CmeError(sim.Pin2TriesLeft > 0 ? CmeError.IncorrectPassword : SimPuk2Required);
        }
        else if (!Barring.Contains(facility))
        {
            run.Error();
        }
        else if (run.Text(1) != sim.BarringPassword || run.Text(2).Length != 4 || !run.Text(2).All(char.IsAsciiDigit))
        {
            run.CmeError(CmeError.IncorrectPassword);
        }
        else
        {
            sim.BarringPassword = run.Text(2);
            run.Ok();
        }
    }

    /// <summary>Checks the PIN of a card that is in use; the third wrong one blocks it, and the network goes with it.</summary>
    private static bool CheckPin(CommandRun run, VirtualModem modem, string pin)
    {
        if (SimCard.IsCode(pin) && modem.Sim.TryPin(pin))
        {
            return true;
        }

        run.CmeError(CmeError.IncorrectPassword);
        if (modem.Sim.State == SimState.Puk)
        {
            modem.WriteUrc("+CPIN: SIM PUK");
            modem.RefreshRegistration();
        }

        return false;
    }
}
