using System.Globalization;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using static Sim7600.Emulator.Commands.AtParameterDefinition;
using static Sim7600.Emulator.Families.GeneralCommands;

namespace Sim7600.Emulator.Families;

/// <summary>Supply, temperature, pins, sleep and USB (AT command manual V3.00, hardware chapter; sleep note V3.00).</summary>
internal static class HardwareCommands
{
    private const string Family = "Hardware";
    private const string Manual = "AT command manual V3.00, hardware chapter";

    /// <summary>USB compositions that the module can take.</summary>
    private static readonly string[] UsbProducts =
    [
        "9000", "9001", "9002", "9003", "9004", "9005", "9006", "9007", "9011", "9016", "9018", "9019",
        "901A", "901B", "9020", "9021", "9022", "9023", "9024", "9025", "9026", "9027", "9028", "9029", "902A", "902B",
    ];

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        VolatileSettings Settings() => modem.Settings;
        ModuleHardware hardware = modem.Hardware;
        table.Add(Family, "+CBC")
            .Execute(run => Show(run, string.Create(CultureInfo.InvariantCulture, $"+CBC: {hardware.SupplyMillivolts / 1000.0:F3}V")))
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+CPMUTEMP").Execute(run => Show(run, $"+CPMUTEMP: {hardware.Temperature}")).From(Manual, Evidence.Documented);
        Converter("+CADC", 0);
        Converter("+CADC2", 1);
        Setting(table, Family, "+CVAUXV", () => hardware.AuxiliaryMillivolts, value => hardware.AuxiliaryMillivolts = value, 1700, 3050)
            .From(Manual, Evidence.Documented);
        Setting(table, Family, "+CVAUXS", () => hardware.AuxiliaryOn ? 1 : 0, value => hardware.AuxiliaryOn = value == 1, 0, 1)
            .From(Manual, Evidence.Documented);
        Setting(table, Family, "+CMTE", () => Settings().TemperatureAlarm, value => Settings().TemperatureAlarm = value, 0, 1)
            .From($"{Manual}; the limits are inferred", Evidence.Documented);
        Limits("+CVALARM", () => Settings().VoltageAlarm, value => Settings().VoltageAlarm = value, 3300);
        Limits("+CPMVT", () => Settings().VoltagePowerDown, value => Settings().VoltagePowerDown = value, 3200);
        DeclarePins(table, modem);
        DeclareI2c(table, hardware);
        DeclareSleep(table, modem);
        table.Add(Family, "+CUSBPIDSWITCH")
            .Read(run => Show(run, $"+CUSBPIDSWITCH: {modem.Permanent.UsbProduct}"))
            .Write(run => SwitchUsb(run, modem), Text("pid", 4, 4), Number("reboot", 0, 1), Number("permanent", 0, 1))
            .Test($"+CUSBPIDSWITCH: ({string.Join(',', UsbProducts)}),(0-1),(0-1)")
            .From("ModemManager's rules and vendor pages; that the module restarts at once is inferred", Evidence.OneSource);

        void Converter(string name, int index) => table.Add(Family, name)
            .Read(run => Show(run, $"{name}: {hardware.AdcMillivolts[index]}"))
            .Write(run => Show(run, $"{name}: {Converted(hardware.AdcMillivolts[index], run.Number(0))}"), Choice("type", 0, 2))
            .From(Manual, Evidence.Documented);

        void Limits(string name, Func<(int On, int Low, int High)> get, Action<(int On, int Low, int High)> set, int lowest) => table.Add(Family, name)
            .Read(run => Show(run, $"{name}: {get().On},{get().Low},{get().High}"))
            .Write(
                run => Set(run, () => set((run.Number(0), run.Number(1, get().Low), run.Number(2, get().High)))),
                Number("enable", 0, 1),
                Number("low", lowest, 4000).Optional,
                Number("high", 4001, 4300).Optional)
            .From($"{Manual}; the ranges are inferred", Evidence.Documented);
    }

    /// <summary>Raw value of a 15-bit converter with a range of 1.8 V (inferred), or millivolts.</summary>
    private static int Converted(int millivolts, int type) => type == 2 ? millivolts : millivolts * 0x7FFF / 1800;

    private static void DeclarePins(CommandTable table, VirtualModem modem)
    {
        SortedDictionary<int, GpioPin> pins = modem.Hardware.Pins;
        AtParameterDefinition pin = Choice("gpio", [.. pins.Keys.Select(each => (long)each)]);
        table.Add(Family, "+CGFUNC")
            .Write(run => Set(run, () => pins[run.Number(0)].Function = run.Number(1)), pin, Number("function", 0, 1))
            .Write(run => Show(run, $"+CGFUNC: {run.Number(0)},{pins[run.Number(0)].Function}"), pin)
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+CGDRT")
            .Write(run => Plain(run, each => each.IsOutput = run.Number(1) == 1), pin, Number("direction", 0, 1))
            .Write(run => Show(run, $"+CGDRT: {run.Number(0)},{(pins[run.Number(0)].IsOutput ? 1 : 0)}"), pin)
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+CGSETV")
            .Write(
                run =>
                {
                    if (pins[run.Number(0)].IsOutput)
                    {
                        Plain(run, each => each.Level = run.Number(1) == 1);
                    }
                    else
                    {
                        run.Error(); // an input cannot be driven
                    }
                },
                pin,
                Number("value", 0, 1))
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+CGGETV")
            .Write(run => Show(run, $"+CGGETV: {run.Number(0)},{(pins[run.Number(0)].Level ? 1 : 0)}"), pin)
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+CGISR")
            .Write(
                run => Plain(run, each =>
                {
                    each.Interrupt = run.Number(1) == 2 ? null : (run.Number(1), run.Number(2));
                    each.InterruptText = run.Has(3) ? run.Text(3) : null;
                }),
                pin,
                Number("detect", 0, 2),
                Number("polarity", 0, 1),
                Text("text", 1, 45).Optional with { TestText = "" })
            .From($"{Manual}; that detection 2 is off is inferred", Evidence.Documented);

        // A pin that has its special function takes no orders.
        void Plain(CommandRun run, Action<GpioPin> change)
        {
            GpioPin each = pins[run.Number(0)];
            if (each.Function != 0)
            {
                run.Error();
                return;
            }

            change(each);
            run.Ok();
        }
    }

    private static void DeclareI2c(CommandTable table, ModuleHardware hardware)
    {
        AtParameterDefinition device = Text("device", 1, 6), register = Text("register", 1, 6);
        table.Add(Family, "+CRIIC")
            .Write(
                run =>
                {
                    if (Hex(run.Text(0)) is not { } id || Hex(run.Text(1)) is not { } first
                        || Enumerable.Range(first, run.Number(2)).Any(each => !hardware.I2c.ContainsKey((id, each))))
                    {
                        run.Error(); // nobody acknowledges
                        return;
                    }

                    Show(run, $"+CRIIC: {string.Join(',', Enumerable.Range(first, run.Number(2)).Select(each => $"0x{hardware.I2c[(id, each)]:X2}"))}");
                },
                device,
                register,
                Number("len", 1, 4))
            .Test()
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+CWIIC")
            .Write(
                run =>
                {
                    if (Hex(run.Text(0)) is not { } id || Hex(run.Text(1)) is not { } first || Hex(run.Text(2)) is not { } data
                        || Enumerable.Range(first, run.Number(3)).Any(each => !hardware.I2c.ContainsKey((id, each))))
                    {
                        run.Error();
                        return;
                    }

                    for (int i = 0; i < run.Number(3); i++)
                    {
                        hardware.I2c[(id, first + i)] = (byte)(data >> (8 * (run.Number(3) - 1 - i)));
                    }

                    run.Ok();
                },
                device,
                register,
                Text("data", 1, 10),
                Number("len", 1, 4))
            .Test()
            .From(Manual, Evidence.Documented);

        static int? Hex(string text) =>
            text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
                ? value : null;
    }

    private static void DeclareSleep(CommandTable table, VirtualModem modem)
    {
        VolatileSettings Settings() => modem.Settings;
        Setting(table, Family, "+CSCLK", () => Settings().SlowClock, value => Settings().SlowClock = value, 0, 1)
            .From($"{Manual}; sleep note V3.00", Evidence.Documented);
        table.Add(Family, "+CFGRI")
            .Read(run => Show(run, $"+CFGRI: {Settings().RingLine.On},{Settings().RingLine.Urc},{Settings().RingLine.Sms}"))
            .Write(
                run => Set(run, () => Settings().RingLine = (run.Number(0), run.Number(1, Settings().RingLine.Urc), run.Number(2, Settings().RingLine.Sms))),
                Number("status", 0, 1),
                Number("urc", 10, 6000).Optional,
                Number("sms", 20, 6000).Optional)
            .From($"{Manual}; a SIM7600EI dump for the defaults", Evidence.Documented);
        Setting(table, Family, "+CUARTRM", () => Settings().UartPower, value => Settings().UartPower = value, 0, 1)
            .From("sleep note V3.00; a SIM7600EI dump for the default", Evidence.OneSource);
        Setting(table, Family, "+CUSBADB", () => modem.Permanent.UsbDebugging, value => modem.Permanent.UsbDebugging = value, 0, 1)
            .From("sleep note V3.00", Evidence.OneSource);
    }

    private static void SwitchUsb(CommandRun run, VirtualModem modem)
    {
        string product = run.Text(0).ToUpperInvariant();
        if (!UsbProducts.Contains(product))
        {
            run.Error();
            return;
        }

        modem.Permanent.UsbProduct = product;
        run.OkThen(() =>
        {
            if (run.Number(1) == 1)
            {
                modem.Reset(printLoss: true);
            }
        });
    }
}
