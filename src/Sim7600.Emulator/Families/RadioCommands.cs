using System.Globalization;
using System.Numerics;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using static Sim7600.Emulator.Commands.AtParameterDefinition;
using static Sim7600.Emulator.Families.GeneralCommands;

namespace Sim7600.Emulator.Families;

/// <summary>Signal, technologies and bands (AT command manual V3.00, chapter 4; <c>core.md</c> 6).</summary>
internal static class RadioCommands
{
    private const string Family = "Radio";
    private const string Manual = "AT command manual V3.00, chapter 4";

    /// <summary>All modes of the manual's table, and those of them that need CDMA or TD-SCDMA, which this module lacks.</summary>
    private static readonly long[] Modes = [2, 9, 10, 13, 14, 19, 22, 38, 39, 48, 51, 54, 59, 60, 63, 67];
    private static readonly int[] ModesWithoutRadio = [9, 10, 22, 59, 60, 63, 67];

    /// <summary>3GPP TS 27.007, 5.9: stacks by number, with the mode of <c>AT+CNMP</c> that means the same.</summary>
    private static readonly (int Stack, int Mode)[] Stacks = [(12, 13), (22, 14), (25, 2), (28, 38), (29, 19), (30, 51), (31, 54)];

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        VolatileSettings Settings() => modem.Settings;
        PermanentSettings permanent = modem.Permanent;
        table.Add(Family, "+CSQ").Execute(run => Show(run, $"+CSQ: {modem.Signal},99")).Test("+CSQ: (0-31,99),(0-7,99)")
            .From($"{Manual}; sessions of SIM7600E, EI, G-H", Evidence.Confirmed);
        table.Add(Family, "+AUTOCSQ")
            .Read(run => Show(run, $"+AUTOCSQ: {Settings().SignalReport.On},{Settings().SignalReport.Mode}"))
            .Write(
                run =>
                {
                    Settings().SignalReport = (run.Number(0), run.Number(1, Settings().SignalReport.Mode));
                    run.OkThen(modem.SetSignalReport);
                },
                Number("auto", 0, 1),
                Number("mode", 0, 1).Optional)
            .From($"{Manual}; ModemManager uses it", Evidence.Confirmed);
        Setting(table, Family, "+CSQDELTA", () => Settings().SignalDelta, value => Settings().SignalDelta = value, 0, 5)
            .Execute(run => Set(run, () => Settings().SignalDelta = 5))
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+CPSI")
            .Read(run => Show(run, $"+CPSI: {SystemInformation(modem)}"))
            .Write(
                run =>
                {
                    Settings().SystemInformationReport = run.Number(0);
                    run.OkThen(modem.SetSystemReport);
                },
                Number("time", 0, 255))
            .From($"{Manual}; sessions of SIM7600E-H, G-H", Evidence.Confirmed);
        table.Add(Family, "+CNSMOD")
            .Read(run => Show(run, $"+CNSMOD: {Settings().SystemModeReport},{modem.SystemMode}"))
            .Write(run => Set(run, () => Settings().SystemModeReport = run.Number(0)), Number("n", 0, 1))
            .From($"{Manual}; a SIM7600G-H session for the missing bare form", Evidence.Confirmed);
        table.Add(Family, "+CNMP")
            .Read(run => Show(run, $"+CNMP: {permanent.PreferredMode}"))
            .Write(run => Prefer(run, modem, run.Number(0)), Choice("mode", Modes))
            .From($"{Manual}; SIM7600G-H sessions", Evidence.Confirmed);
        table.Add(Family, "+CNBP")
            .Read(run => Show(run, $"+CNBP: 0x{permanent.BandMask:X16},0x{Hex(permanent.LteBandMask)},0x{permanent.TdsBandMask:X16}"))
            .Write(run => SelectBands(run, modem), Text("mode", 3, 18), Text("lte_mode", 3, 66).Optional, Text("tds_mode", 3, 18).Optional)
            .Test()
            .From(Manual, Evidence.Documented);
        AtParameterDefinition system = Choice("sys_mode", 2, 3, 4, 5, 9, 11);
        table.Add(Family, "+CNAOP")
            .Read(run => Show(run, $"+CNAOP: {string.Join(',', permanent.AcquisitionOrder)}"))
            .Write(
                run => Follow(run, modem, () => permanent.AcquisitionOrder = [.. Enumerable.Range(0, run.Arguments.Count).Select(i => run.Number(i))]),
                Number("mode", 0, 7),
                system.Optional,
                system.Optional,
                system.Optional,
                system.Optional,
                system.Optional,
                system.Optional)
            .From(Manual, Evidence.Inferred);
        table.Add(Family, "+WS46")
            .Read(run => Show(run, $"+WS46: {StackOf(permanent.PreferredMode)}"))
            .Write(
                run => Prefer(run, modem, Stacks.First(pair => pair.Stack == run.Number(0)).Mode),
                Choice("n", [.. Stacks.Select(pair => (long)pair.Stack)]))
            .From("dumps of AT&V; 3GPP TS 27.007, 5.9", Evidence.Inferred);
    }

    /// <summary>What <c>AT+CPSI?</c> and its periodic report show.</summary>
    internal static string SystemInformation(VirtualModem modem) => modem switch
    {
        { Functionality: 0 or 4 } => "NO SERVICE,Low Power Mode",
        { Functionality: 5 } => "NO SERVICE,Factory Test Mode",
        { Functionality: 7 } => "NO SERVICE,Offline",
        { IsRegistered: true, ServingTechnology: { } technology } => modem.Network.Describe(technology),
        _ => "NO SERVICE,Online",
    };

    private static int StackOf(int mode) => Stacks.Where(pair => pair.Mode == mode).Select(pair => pair.Stack).DefaultIfEmpty(25).First();

    private static void Prefer(CommandRun run, VirtualModem modem, int mode)
    {
        if (ModesWithoutRadio.Contains(mode))
        {
            run.Error();
        }
        else
        {
            Follow(run, modem, () => modem.Permanent.PreferredMode = mode);
        }
    }

    private static void SelectBands(CommandRun run, VirtualModem modem)
    {
        PermanentSettings permanent = modem.Permanent;
        if (Mask(run, 0, 64) is not { } bands || Mask(run, 1, 256) is not { } lte || Mask(run, 2, 64) is not { } tds)
        {
            run.Error();
            return;
        }

        Follow(run, modem, () =>
        {
            permanent.BandMask = (ulong)bands;
            permanent.LteBandMask = run.Has(1) ? lte : permanent.LteBandMask;
            permanent.TdsBandMask = run.Has(2) ? (ulong)tds : permanent.TdsBandMask;
        });
    }

    private static BigInteger? Mask(CommandRun run, int index, int bits)
    {
        if (!run.Has(index))
        {
            return BigInteger.Zero;
        }

        string text = run.Text(index);
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && text.Length - 2 <= bits / 4 && text.Skip(2).All(char.IsAsciiHexDigit)
            ? BigInteger.Parse("0" + text[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>256 bits as 64 digits; a leading zero of the number's own form is cut.</summary>
    private static string Hex(BigInteger mask)
    {
        string digits = mask.ToString("X64", CultureInfo.InvariantCulture);
        return digits[^64..];
    }

    private static void Follow(CommandRun run, VirtualModem modem, Action set)
    {
        RadioTechnology? before = modem.ServingTechnology;
        set();
        run.OkThen(() => modem.FollowRadioSettings(before));
    }
}
