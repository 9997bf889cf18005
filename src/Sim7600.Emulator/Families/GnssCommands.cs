using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>Satellite positions (AT command manual V3.00, GNSS chapter; GNSS application note; real sessions for the lines).</summary>
internal static class GnssCommands
{
    private const string Family = "Gnss";
    private const string Manual = "AT command manual V3.00 and GNSS application note V3.00";
    private const string ManualAndLogs = "AT command manual V3.00; logs of SIM7600";

    public static GnssReceiver Declare(CommandTable table, VirtualModem modem)
    {
        var receiver = new GnssReceiver(modem);
        modem.Register(receiver);
        table.Add(Family, "+CGPS").From(ManualAndLogs, Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+CGPS: {(receiver.IsOn ? 1 : 0)},{receiver.Mode}"))
            .Write(run => Switch(run, modem, receiver), Number("on", 0, 1), Number("mode", 1, 3).Optional);
        Report("+CGPSINFO", receiver.Position);
        Report("+CGNSSINFO", receiver.Detail);
        table.Add(Family, "+CGPSAUTO").From(Manual, Evidence.Documented)
            .Read(run => GeneralCommands.Show(run, $"+CGPSAUTO: {(receiver.StartsWithModem ? 1 : 0)}"))
            .Write(run => GeneralCommands.Set(run, () => receiver.StartsWithModem = run.Number(0) == 1), Number("auto", 0, 1));
        Start("+CGPSCOLD", () => receiver.TimeToFirstFix);
        Start("+CGPSHOT", () => receiver.TimeToHotFix);
        table.Add(Family, "+CGPSDEL").From(Manual, Evidence.Documented)
            .Execute(run =>
            {
                if (receiver.IsOn)
                {
                    run.Error(); // only while the receiver is stopped
                }
                else
                {
                    run.Ok();
                }
            })
            .Test();
        Setting("+CGPSNMEA", [200191], Number("nmea", 0, 262143));
        Setting("+CGPSNMEARATE", [0], Number("rate", 0, 1));
        Setting("+CGPSINFOCFG", [0, 0, 0], Number("time", 0, 255), Number("config", 0, 511).Optional);
        Setting("+CGNSSMODE", [15, 1], Number("gnss_mode", 0, 15), Number("dpo_mode", 0, 1).Optional);
        Setting("+CGPSHOR", [50], Number("acc", 0, 1800000));
        Setting("+CGPSMSB", [1], Number("mode", 0, 1));
        Setting("+CGPSXE", [0], Number("on", 0, 1));
        Setting("+CGPSXDAUTO", [0], Number("on", 0, 1));
        Setting("+CGPSSSL", [1], Number("ssl", 0, 1));
        return receiver;

        void Report(string name, Func<string> line) => table.Add(Family, name).From(ManualAndLogs, Evidence.Confirmed)
            .Execute(run => GeneralCommands.Show(run, line()))
            .Read(run => GeneralCommands.Show(run, $"{name}: {modem.Settings.Gnss.GetValueOrDefault(name, [0])[0]}"))
            .Write(
                run =>
                {
                    modem.Settings.Gnss[name] = [run.Number(0)];
                    run.Ok();
                    receiver.Report(name, TimeSpan.FromSeconds(run.Number(0)), line);
                },
                Number("time", 0, 255));

        void Start(string name, Func<TimeSpan> search) => table.Add(Family, name).From(Manual, Evidence.Documented)
            .Execute(run =>
            {
                if (receiver.IsOn)
                {
                    run.Error();
                    return;
                }

                receiver.Start(mode: 1, search());
                run.Ok();
            })
            .Test();

        void Setting(string name, int[] factory, params AtParameterDefinition[] parameters) => table.Add(Family, name).From(Manual, Evidence.Documented)
            .Read(run => GeneralCommands.Show(run, $"{name}: {string.Join(',', modem.Settings.Gnss.GetValueOrDefault(name, factory))}"))
            .Write(
                run =>
                {
                    int[] now = modem.Settings.Gnss.GetValueOrDefault(name, factory);
                    modem.Settings.Gnss[name] = [.. now.Select((value, index) => run.Number(index, value))];
                    run.Ok();
                },
                parameters);
    }

    private static void Switch(CommandRun run, VirtualModem modem, GnssReceiver receiver)
    {
        bool wasOn = receiver.IsOn;
        if (run.Number(0) == 0)
        {
            receiver.Stop();
            run.Ok();
            if (wasOn)
            {
                modem.WriteUrc("+CGPS: 0");
            }
        }
        else if (wasOn)
        {
            run.Error();
        }
        else
        {
            receiver.Start(run.Number(1, 1), receiver.TimeToFirstFix);
            run.Ok();
        }
    }
}
