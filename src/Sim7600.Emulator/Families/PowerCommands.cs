using Sim7600.Emulator.Commands;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>Functionality, reset and power-off with all that they take along (AT command manual V3.00, chapter 3; real sessions).</summary>
internal static class PowerCommands
{
    private const string Family = "Power";

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        table.Add(Family, "+CFUN")
            .Read(run => GeneralCommands.Show(run, $"+CFUN: {modem.Functionality}"))
            .Write(
                run =>
                {
                    int value = run.Number(0);
                    bool reset = run.Number(1) == 1 || value == 6;
                    if (run.Number(1) == 1 && value != 1)
                    {
                        run.Error();
                        return;
                    }

                    run.Ok();
                    if (reset)
                    {
                        modem.Reset(printLoss: true);
                    }
                    else
                    {
                        modem.SetFunctionality(value);
                    }
                },
                Choice("fun", 0, 1, 4, 5, 6, 7),
                Choice("rst", 0, 1).Optional)
            .Test("+CFUN: (0-1,4-7),(0-1)");
        table.Add(Family, "+CRESET").Execute(run =>
        {
            run.Ok();
            modem.Reset(printLoss: true);
        });
        table.Add(Family, "+CPOF").Execute(run =>
        {
            run.Ok();
            modem.PowerOff();
        });
    }
}
