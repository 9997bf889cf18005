using System.Globalization;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;
using static Sim7600.Emulator.Families.GeneralCommands;

namespace Sim7600.Emulator.Families;

/// <summary>Registration and operator (AT command manual V3.00, chapter 4; <c>core.md</c> 6).</summary>
internal static class RegistrationCommands
{
    private const string Family = "Registration";
    private const string Manual = "AT command manual V3.00, chapter 4";
    private const int NetworkNotAllowed = 32;

    /// <summary>How long a search of all operators takes; real ones take up to minutes.</summary>
    private static readonly TimeSpan OperatorSearch = TimeSpan.FromSeconds(30);

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        VolatileSettings Settings() => modem.Settings;
        Registration("+CREG", () => Settings().Creg, value => Settings().Creg = value);
        Registration("+CGREG", () => Settings().Cgreg, value => Settings().Cgreg = value);
        Registration("+CEREG", () => Settings().Cereg, value => Settings().Cereg = value);
        table.Add(Family, "+COPS")
            .Read(run => Show(run, Operator(modem)))
            .Execute(run => Select(run, modem, 0))
            .Write(run => Select(run, modem, run.Number(0)), Number("mode", 0, 5), Number("format", 0, 2).Optional, Text("oper", 1, 80).Optional, Choice("AcT", 0, 1, 2, 7, 8).Optional)
            .Test(run => SearchOperators(run, modem), "+COPS: (stat,\"long\",\"short\",\"numeric\",AcT),…,,(0,1,2,3,4,5),(0,1,2)")
            .From($"{Manual}; sessions of SIM7600E, G-H", Evidence.Confirmed);

        void Registration(string name, Func<int> mode, Action<int> set) => table.Add(Family, name)
            .Execute(run => Set(run, () => set(0)))
            .Read(run => Show(run, $"{name}: {mode()},{Status(modem, name, mode() == 2)}"))
            .Write(run => Set(run, () => set(run.Number(0))), Number("n", 0, 2))
            .From($"{Manual}; real sessions for the form without quotes", Evidence.Confirmed);
    }

    /// <summary>The status part of <c>+CREG</c> and its relatives, with the cell when it was asked for.</summary>
    internal static string Status(VirtualModem modem, string name, bool withCell)
    {
        int registration = modem.Registration;
        bool packets = name != "+CREG";
        if (modem.IsRegistered && packets && modem.Packet.IsDetachedByHost)
        {
            registration = 0;
        }
        else if (modem.IsRegistered && name == "+CEREG" && modem.ServingTechnology != RadioTechnology.Lte)
        {
            registration = 4; // out of E-UTRAN coverage (3GPP TS 27.007, 10.1.22)
        }

        string status = registration.ToString(CultureInfo.InvariantCulture);
        if (!withCell || registration is not (1 or 5))
        {
            return status;
        }

        string cell = string.Create(CultureInfo.InvariantCulture, $"{status},{modem.Network.Tac:X4},{modem.Network.CellId:X}");
        return name == "+CEREG" ? $"{cell},{(int)RadioTechnology.Lte}" : cell;
    }

    private static string Operator(VirtualModem modem)
    {
        VolatileSettings settings = modem.Settings;
        if (!modem.IsRegistered)
        {
            return $"+COPS: {settings.OperatorMode}";
        }

        string name = settings.OperatorFormat switch
        {
            1 => Encode(modem, modem.Network.ShortName),
            2 => modem.Network.Plmn,
            _ => Encode(modem, modem.Network.LongName),
        };
        return $"+COPS: {settings.OperatorMode},{settings.OperatorFormat},\"{name}\",{(int?)modem.ServingTechnology}";
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

        if (mode != 2 && SimCommands.Obstacle(modem.Sim) is { } obstacle)
        {
            run.CmeError(obstacle);
            return;
        }

        if (run.Has(1))
        {
            modem.Settings.OperatorFormat = run.Number(1);
        }

        if (mode is 1 or 4 or 5 && run.Has(2) && !IsOurOperator(modem, run.Text(2)))
        {
            if (mode != 4)
            {
                bool known = modem.Network.Forbidden.Exists(other => Names(modem, other.LongName, other.ShortName, other.Plmn).Contains(run.Text(2)));
                run.CmeError(known ? NetworkNotAllowed : CmeError.NoNetworkService);
                return;
            }

            mode = 0; // manual, else automatic
        }

        int before = modem.Settings.OperatorMode;
        modem.Settings.OperatorMode = mode switch
        {
            4 or 5 => 1,
            _ => mode,
        };
        run.OkThen(() =>
        {
            if (before == 2 && mode != 2)
            {
                modem.SearchNetwork(modem.Times);
            }

            modem.RefreshRegistration(byHost: true);
        });
    }

    private static bool IsOurOperator(VirtualModem modem, string name) =>
        Names(modem, modem.Network.LongName, modem.Network.ShortName, modem.Network.Plmn).Contains(name);

    private static string[] Names(VirtualModem modem, string longName, string shortName, string plmn) =>
        [longName, shortName, plmn, Encode(modem, longName), Encode(modem, shortName)];

    /// <summary>
    /// Scans for some time, then lists. A byte from the host ends the scan without a list; that it answers <c>ERROR</c> then is
    /// inferred: an <c>OK</c> would look like an empty list.
    /// </summary>
    private static void SearchOperators(CommandRun run, VirtualModem modem)
    {
        if (modem.Functionality != 1)
        {
            run.CmeError(CmeError.OperationNotAllowed);
            return;
        }

        IDisposable scan = modem.After(modem.Paced(OperatorSearch), () =>
        {
            var list = new List<string>();
            if (modem.Network.State != NetworkState.None && modem.ServingTechnology is { } technology)
            {
                int state = modem.IsRegistered ? 2 : modem.Network.State == NetworkState.Denied ? 3 : 1;
                list.Add(Entry(state, modem.Network.LongName, modem.Network.ShortName, modem.Network.Plmn, technology));
                list.AddRange(modem.Network.Forbidden.Select(other => Entry(3, other.LongName, other.ShortName, other.Plmn, other.Technology)));
            }

            Show(run, $"+COPS: {string.Concat(list.Select(entry => entry + ","))},(0,1,2,3,4,5),(0,1,2)");
        });
        modem.AbortRunningOnInput(() =>
        {
            scan.Dispose();
            run.Error();
        });

        string Entry(int state, string longName, string shortName, string plmn, RadioTechnology technology) => string.Create(
            CultureInfo.InvariantCulture, $"({state},\"{Encode(modem, longName)}\",\"{Encode(modem, shortName)}\",\"{plmn}\",{(int)technology})");
    }
}
