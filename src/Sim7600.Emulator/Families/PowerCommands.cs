using Sim7600.Emulator.Commands;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>Functionality, reset and power-off with all that they take along (AT command manual V3.00, chapter 3; real sessions).</summary>
internal static class PowerCommands
{
    private const string Family = "Power";
    private const string Manual = "AT command manual V3.00, chapter 3";

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        table.Add(Family, "+CFUN")
            .Read(run => GeneralCommands.Show(run, $"+CFUN: {modem.Functionality}"))
            .Write(run => SetFunctionality(run, modem), Choice("fun", 0, 1, 4, 5, 6, 7), Choice("rst", 0, 1).Optional)
            .Test("+CFUN: (0-1,4-7),(0-1)")
            .From($"{Manual}; sessions of SIM7600G-H; order of the losses as after AT+CRESET", Evidence.Confirmed);
        table.Add(Family, "+CRESET").Execute(run => run.OkThen(() => modem.Reset(printLoss: true))).From("sessions of SIM7600EI and CE", Evidence.Confirmed);
        table.Add(Family, "+CPOF").Execute(run => run.OkThen(() => modem.SwitchOff("AT+CPOF"))).From($"{Manual}; that the losses are printed is inferred from AT+CRESET", Evidence.Documented);
    }

    private static void SetFunctionality(CommandRun run, VirtualModem modem)
    {
        const int Reset = 6, Offline = 7;
        int value = run.Number(0);
        bool restart = run.Number(1) == 1;
        if (restart && value != 1)
        {
            run.Error();
        }
        else if (restart || value == Reset)
        {
            run.OkThen(() => modem.Reset(printLoss: true));
        }
        else if (modem.Functionality == Offline && value != Offline)
        {
            // Only a restart leads out of offline mode.
            run.CmeError(CmeError.OperationNotAllowed);
        }
        else
        {
            run.OkThen(() => modem.SetFunctionality(value));
        }
    }
}
