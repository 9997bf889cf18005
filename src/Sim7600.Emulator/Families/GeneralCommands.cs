using System.Globalization;
using System.Text;
using Sim7600.Emulator.Commands;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>V.25ter commands and the settings of the serial line (AT command manual V3.00, chapters 2 and 3).</summary>
internal static class GeneralCommands
{
    private const string Family = "General";
    private const string Manual = "AT command manual V3.00, chapter 2";

    /// <summary>The speeds of AT+IPR; 0 is the host's.</summary>
    internal static readonly long[] BaudRates =
        [0, 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 3000000, 3200000, 3686400];

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        Basic("E", 0, 1, value => modem.Line.Echo = value == 1).From(Manual, Evidence.Confirmed);
        Basic("Q", 0, 1, value => modem.Line.Quiet = value == 1);
        Basic("V", 0, 1, value => modem.Line.Verbose = value == 1);
        Basic("X", 0, 4, value => modem.Line.ConnectDetail = value);
        Basic("L", 0, 3, value => modem.Line.Speaker = modem.Line.Speaker with { Loudness = value });
        Basic("M", 0, 2, value => modem.Line.Speaker = modem.Line.Speaker with { Mode = value });
        Basic("Z", 0, 0, _ => modem.ResetLineSettings(toFactory: false));
        Basic("&F", 0, 0, _ => modem.ResetLineSettings(toFactory: true));
        Basic("&W", 0, 0, _ => modem.SaveLineSettings());
        Basic("&C", 0, 2, value => modem.Line.CarrierDetect = value);
        Basic("&D", 0, 2, value => modem.Line.TerminalReady = value);
        Basic("&S", 0, 1, value => modem.Line.DataSetReady = value);
        Basic("&E", 0, 1, value => modem.Line.SpeedShown = value);
        Basic("\\V", 0, 1, value => modem.Line.ProtocolShown = value);
        Basic("\\Q", 0, 3, value => modem.Line.FlowSelection = value).From("dumps of AT&V of real units", Evidence.OneSource);

        foreach (int register in modem.Line.Registers.Keys)
        {
            table.Add(Family, $"S{register}")
                .Read(run => Show(run, modem.Line.Registers[register].ToString("D3", CultureInfo.InvariantCulture)))
                .Write(run => Set(run, () => modem.Line.Registers[register] = run.Number(0)), Number("value", 0, 255))
                .Test()
                .From(Manual, Evidence.Documented);
        }

        table.Add(Family, "&V").Execute(run =>
        {
            run.Info(SettingsDump.Lines(modem));
            run.Ok();
        }).From("dumps of SIM7600EI and SIM7600G-H", Evidence.Confirmed);
        table.Add(Family, "+CMEE")
            .Execute(run => Set(run, () => modem.Line.MobileErrors = 0))
            .Read(run => Show(run, $"+CMEE: {modem.Line.MobileErrors}"))
            .Write(run => Set(run, () => modem.Line.MobileErrors = run.Number(0)), Number("n", 0, 2))
            .From("AT command manual V3.00, chapter 3; real sessions for the default", Evidence.Confirmed);
        table.Add(Family, "+CSCS")
            .Execute(run => Set(run, () => modem.Settings.CharacterSet = "IRA"))
            .Read(run => Show(run, $"+CSCS: \"{modem.Settings.CharacterSet}\""))
            .Write(
                run =>
                {
                    string set = run.Text(0).ToUpperInvariant();
                    if (set is "IRA" or "GSM" or "UCS2")
                    {
                        modem.Settings.CharacterSet = set;
                        run.Ok();
                    }
                    else
                    {
                        run.Error();
                    }
                },
                Text("chset", 1, 8))
            .Test("+CSCS: (\"IRA\",\"GSM\",\"UCS2\")")
            .From("AT command manual V3.00, chapter 3; a SIM7600G-H session", Evidence.Confirmed);
        table.Add(Family, "+IPR")
            .Read(run => Show(run, $"+IPR: {modem.Settings.BaudRate}"))
            .Write(run => SetLine(run, () => modem.Settings.BaudRate = run.Number(0)), Choice("speed", BaudRates))
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+IPREX")
            .Read(run => Show(run, $"+IPREX: {modem.SavedBaudRate}"))
            .Write(run => SetLine(run, () => modem.Settings.BaudRate = modem.SavedBaudRate = run.Number(0)), Choice("speed", BaudRates))
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+IFC")
            .Execute(run => SetLine(run, () => modem.Line.FlowControl = (0, 0)))
            .Read(run => Show(run, $"+IFC: {modem.Line.FlowControl.Dce},{modem.Line.FlowControl.Dte}"))
            .Write(
                run => SetLine(run, () => modem.Line.FlowControl = (run.Number(0), run.Number(1, run.Number(0)))),
                Choice("DCE_by_DTE", 0, 2),
                Choice("DTE_by_DCE", 0, 2).Optional)
            .From(Manual, Evidence.Confirmed);
        table.Add(Family, "+ICF")
            .Execute(run => Set(run, () => modem.Line.Framing = (3, 3)))
            .Read(run => Show(run, $"+ICF: {modem.Line.Framing.Format},{modem.Line.Framing.Parity}"))
            .Write(
                run => Set(run, () => modem.Line.Framing = (run.Number(0), run.Number(1, modem.Line.Framing.Parity))),
                Number("format", 1, 6),
                Number("parity", 0, 3).Optional)
            .From(Manual, Evidence.Confirmed);
        Setting(table, Family, "+CATR", () => modem.Settings.UrcPort, value => modem.Settings.UrcPort = value, 0, 7)
            .From("AT command manual V3.00, chapter 3; a SIM7600EI dump for the default", Evidence.Documented);

        void SetLine(CommandRun run, Action set)
        {
            Set(run, set);
            modem.ApplyLine();
        }

        AtCommandDefinition Basic(string name, int minimum, int maximum, Action<int> set) => table.Add(Family, name).Execute(run =>
        {
            string digits = Encoding.ASCII.GetString(run.Invocation.Parameters);
            int value = 0;
            if (digits.Length > 0 && (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value) || value < minimum || value > maximum))
            {
                run.Error();
                return;
            }

            set(value);
            run.Ok();
        }).From(Manual, Evidence.Documented);
    }

    /// <summary>Declares a command that keeps one number.</summary>
    internal static AtCommandDefinition Setting(CommandTable table, string family, string name, Func<int> get, Action<int> set, int minimum, int maximum) =>
        table.Add(family, name)
            .Read(run => Show(run, string.Create(CultureInfo.InvariantCulture, $"{name}: {get()}")))
            .Write(run => Set(run, () => set(run.Number(0))), Number("value", minimum, maximum));

    /// <summary>A name in the character set that <c>AT+CSCS</c> chose: UCS2 is shown in hexadecimal.</summary>
    internal static string Encode(VirtualModem modem, string text) =>
        modem.Settings.CharacterSet == "UCS2" ? Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text)) : text;

    /// <summary>Answers a read form that shows one line.</summary>
    internal static void Show(CommandRun run, string line)
    {
        run.Info(line);
        run.Ok();
    }

    /// <summary>Answers a write form that only sets something.</summary>
    internal static void Set(CommandRun run, Action set)
    {
        set();
        run.Ok();
    }
}
