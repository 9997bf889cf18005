using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>The SIM card (AT command manual V3.00, chapter 6; sequence of PIN and PUK from 3GPP TS 27.007).</summary>
internal static class SimCommands
{
    private const string Family = "Sim";

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        SimCard sim = modem.Sim;
        table.Add(Family, "+CPIN")
            .Read(run =>
            {
                int? obstacle = Obstacle(sim);
                if (obstacle is null or CmeError.SimPinRequired or CmeError.SimPukRequired)
                {
                    GeneralCommands.Show(run, $"+CPIN: {(sim.State == SimState.Pin ? "SIM PIN" : sim.State == SimState.Puk ? "SIM PUK" : "READY")}");
                }
                else
                {
                    run.CmeError(obstacle.Value);
                }
            })
            .Write(run => Enter(run, modem), Text("pin", 1, 8), Text("newpin", 4, 8).Optional)
            .Test();
        table.Add(Family, "+SPIC").Execute(run => GeneralCommands.Show(run, $"+SPIC: {sim.PinTriesLeft},{sim.PukTriesLeft},0,10"));
        table.Add(Family, "+CIMI").Execute(run => GeneralCommands.Show(run, modem.Identity.Imsi)).RequiresSim();
        table.Add(Family, "+CICCID").Execute(run => GeneralCommands.Show(run, $"+ICCID: {modem.Identity.Iccid}")).RequiresSim();
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
            case CmeError.SimPinRequired when !run.Has(1):
                Judge(run, modem, sim.TryPin(run.Text(0)));
                break;
            case CmeError.SimPukRequired when run.Has(1):
                Judge(run, modem, sim.TryPuk(run.Text(0), run.Text(1)));
                break;
            case CmeError.SimPinRequired:
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

        run.Ok();
        modem.AnnounceSim(BootTimes.For(modem.Options.Boot));
    }
}
