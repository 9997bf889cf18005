using System.Globalization;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>Registration, operator and signal (AT command manual V3.00, chapter 4; <c>core.md</c> 6).</summary>
internal static class RegistrationCommands
{
    private const string Family = "Registration";
    private const int Lte = 7;

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        VolatileSettings Settings() => modem.Settings;
        Registration("+CREG", () => Settings().Creg, value => Settings().Creg = value);
        Registration("+CGREG", () => Settings().Cgreg, value => Settings().Cgreg = value);
        Registration("+CEREG", () => Settings().Cereg, value => Settings().Cereg = value);
        table.Add(Family, "+CSQ").Execute(run => GeneralCommands.Show(run, $"+CSQ: {Signal(modem)},99")).Test("+CSQ: (0-31,99),(0-7,99)");
        table.Add(Family, "+COPS")
            .Read(run => GeneralCommands.Show(run, Operator(modem)))
            .Execute(run => Select(run, modem, 0))
            .Write(run => Select(run, modem, run.Number(0)), Number("mode", 0, 5), Number("format", 0, 2).Optional, Text("oper", 1, 32).Optional, Choice("AcT", 0, 1, 2, 7, 8).Optional)
            .Test(
                $"+COPS: (2,\"{modem.Network.LongName}\",\"{modem.Network.ShortName}\",\"{modem.Network.Plmn}\",{Lte}),,(0,1,2,3,4,5),(0,1,2)");
        table.Add(Family, "+CPSI")
            .Read(run => GeneralCommands.Show(run, $"+CPSI: {SystemInformation(modem)}"))
            .Write(run => run.Ok(), Number("time", 0, 255));
        table.Add(Family, "+CNSMOD")
            .Read(run => GeneralCommands.Show(run, $"+CNSMOD: {modem.Settings.SystemModeReport},{(modem.IsRegistered ? 8 : 0)}"))
            .Write(run => GeneralCommands.Set(run, () => modem.Settings.SystemModeReport = run.Number(0)), Number("n", 0, 1));

        void Registration(string name, Func<int> mode, Action<int> set) => table.Add(Family, name)
            .Execute(run => GeneralCommands.Set(run, () => set(0)))
            .Read(run => GeneralCommands.Show(run, $"{name}: {mode()},{Status(modem, name, mode() == 2)}"))
            .Write(run => GeneralCommands.Set(run, () => set(run.Number(0))), Number("n", 0, 2));
    }

    /// <summary>The status part of <c>+CREG</c> and its relatives, with the cell when it was asked for.</summary>
    internal static string Status(VirtualModem modem, string name, bool withCell)
    {
        string status = modem.Registration.ToString(CultureInfo.InvariantCulture);
        if (!withCell || !modem.IsRegistered)
        {
            return status;
        }

        string cell = string.Create(CultureInfo.InvariantCulture, $"{status},{modem.Network.Tac:X4},{modem.Network.CellId:X8}");
        return name == "+CREG" ? cell : $"{cell},{Lte}";
    }

    private static int Signal(VirtualModem modem) =>
        modem.Functionality == 1 && modem.Network.State != NetworkState.None && modem.Registration != 0 ? modem.Network.Csq : 99;

    private static string Operator(VirtualModem modem)
    {
        VolatileSettings settings = modem.Settings;
        if (!modem.IsRegistered)
        {
            return $"+COPS: {settings.OperatorMode}";
        }

        string name = settings.OperatorFormat switch
        {
            1 => modem.Network.ShortName,
            2 => modem.Network.Plmn,
            _ => modem.Network.LongName,
        };
        return $"+COPS: {settings.OperatorMode},{settings.OperatorFormat},\"{name}\",{Lte}";
    }

    private static void Select(CommandRun run, VirtualModem modem, int mode)
    {
        if (mode == 3)
        {
            if (!run.Has(1))
            {
                run.Error();
                return;
            }

            modem.Settings.OperatorFormat = run.Number(1);
            run.Ok();
            return;
        }

        if (run.Has(1))
        {
            modem.Settings.OperatorFormat = run.Number(1);
        }

        if (mode is 1 or 4 or 5 && run.Has(2) && !IsOurOperator(modem, run.Text(2)))
        {
            if (mode == 4)
            {
                modem.Settings.OperatorMode = 0;
                modem.RefreshRegistration();
                run.Ok();
                return;
            }

            run.CmeError(Protocol.Results.CmeError.NoNetworkService);
            return;
        }

        modem.Settings.OperatorMode = mode == 5 ? 1 : mode;
        run.Ok();
        modem.RefreshRegistration();
    }

    private static bool IsOurOperator(VirtualModem modem, string name) =>
        name == modem.Network.LongName || name == modem.Network.ShortName || name == modem.Network.Plmn;

    private static string SystemInformation(VirtualModem modem) => modem switch
    {
        { Functionality: 0 or 4 } => "NO SERVICE,Low Power Mode",
        { Functionality: 5 } => "NO SERVICE,Factory Test Mode",
        { Functionality: 7 } => "NO SERVICE,Offline",
        { IsRegistered: false } => "NO SERVICE,Online",
        _ => modem.Network.CpsiLte(),
    };
}
