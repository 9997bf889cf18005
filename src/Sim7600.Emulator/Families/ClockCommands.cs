using System.Globalization;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using static Sim7600.Emulator.Commands.AtParameterDefinition;
using static Sim7600.Emulator.Families.GeneralCommands;

namespace Sim7600.Emulator.Families;

/// <summary>The clock and what sets it: the host, the network, a time server (AT command manual V3.00; <c>core.md</c> 8).</summary>
internal static class ClockCommands
{
    private const string Family = "Clock";
    private const string Manual = "AT command manual V3.00, chapters on status control and time";

    /// <summary>Codes of <c>+CNTP</c> and <c>+CHTPUPDATE</c>.</summary>
    private const int Done = 0, WrongParameter = 2, NetworkError = 4;

    /// <summary>How long a time server takes to answer.</summary>
    private static readonly TimeSpan ServerAnswer = TimeSpan.FromSeconds(1);

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        VolatileSettings Settings() => modem.Settings;
        table.Add(Family, "+CCLK")
            .Read(run => Show(run, $"+CCLK: \"{modem.Clock.Text}\""))
            .Write(
                run =>
                {
                    if (modem.Clock.TrySet(run.Text(0)))
                    {
                        run.Ok();
                    }
                    else
                    {
                        run.Error();
                    }
                },
                Text("time", 17, 20))
            .Test()
            .From($"{Manual}; real sessions", Evidence.Confirmed);
        table.Add(Family, "+CTZU")
            .Read(run => Show(run, $"+CTZU: {(modem.Permanent.TakesNetworkTime ? 1 : 0)}"))
            .Write(run => Set(run, () => modem.Permanent.TakesNetworkTime = run.Number(0) == 1), Number("onoff", 0, 1))
            .From($"{Manual}; that it survives a reset is inferred", Evidence.Documented);
        Setting(table, Family, "+CTZR", () => Settings().TimeZoneReport, value => Settings().TimeZoneReport = value, 0, 1)
            .Execute(run => Set(run, () => Settings().TimeZoneReport = 0))
            .From($"{Manual}; the form of the zone in +CTZV is inferred", Evidence.Documented);
        table.Add(Family, "+CNTP")
            .Execute(run => Ask(run, modem, "+CNTP", Settings().TimeServer.Host.Length > 0, () => modem.Clock.SetTrue(Settings().TimeServer.TimeZone)))
            .Read(run => Show(run, $"+CNTP: {Settings().TimeServer.Host},{Settings().TimeServer.TimeZone}"))
            .Write(
                run => Set(run, () => Settings().TimeServer = (run.Text(0), run.Number(1, Settings().TimeServer.TimeZone))),
                Text("host", 1, 255),
                Number("timezone", -96, 96).Optional)
            .Test("+CNTP: 255,(-96~96)")
            .From($"{Manual}; a SIM7600 driver for the order", Evidence.Confirmed);
        AtParameterDefinition port = Number("port", 1, 65535);
        table.Add(Family, "+CHTPSERV")
            .Read(run =>
            {
                run.Info(Settings().WebTimeServers.Select(pair => string.Create(
                    CultureInfo.InvariantCulture, $"+CHTPSERV: {pair.Key},\"{pair.Value.Host}\",{pair.Value.Port},{pair.Value.Version}")));
                run.Ok();
            })
            .Write(run => RemoveServer(run, modem), Text("op", 3, 3), Number("index", 0, 15))
            .Write(run => AddServer(run, modem), Text("op", 3, 3), Text("server", 1, 255), port, Number("http_version", 0, 1), Text("proxy", 1, 255).Optional, port.Optional)
            .Test("+CHTPSERV: \"ADD\",\"HOST\",(1-65535),(0-1)[,\"PROXY\",(1-65535)]", "+CHTPSERV: \"DEL\",(0-15)")
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+CHTPUPDATE")
            .Execute(run =>
            {
                if (Settings().WebTimeServers.Count == 0)
                {
                    run.Error();
                }
                else
                {
                    // HTTP tells the time in UTC; the zone stays what it was.
                    Ask(run, modem, "+CHTPUPDATE", isComplete: true, () => modem.Clock.SetTrue(modem.Clock.Zone ?? 0));
                }
            })
            .Read(run => Show(run, "+CHTPUPDATE: NULL"))
            .From(Manual, Evidence.Documented);
    }

    /// <summary>What follows <c>+CTZV: </c>: zone, local time, daylight saving.</summary>
    internal static string ZoneReport(VirtualModem modem)
    {
        RadioNetwork network = modem.Network;
        DateTime local = modem.Options.TimeProvider.GetUtcNow().UtcDateTime.AddMinutes(15 * network.TimeZone);
        return string.Create(CultureInfo.InvariantCulture, $"{network.TimeZone},{local:yy/MM/dd,HH:mm:ss},{network.DaylightSaving}");
    }

    private static void Ask(CommandRun run, VirtualModem modem, string name, bool isComplete, Action setClock)
    {
        if (!isComplete)
        {
            run.OkThen(() => modem.WriteUrc($"{name}: {WrongParameter}"));
            return;
        }

        run.Ok();

        modem.After(modem.Paced(ServerAnswer), () =>
        {
            bool reached = modem.IsAttached && modem.Packet.Active.Contains(PacketData.DataContext);
            if (reached)
            {
                setClock();
            }

            modem.WriteUrc($"{name}: {(reached ? Done : NetworkError)}");
        });
    }

    private static void AddServer(CommandRun run, VirtualModem modem)
    {
        var servers = modem.Settings.WebTimeServers;
        int free = Enumerable.Range(0, 16).FirstOrDefault(index => !servers.ContainsKey(index), -1);
        if (free < 0 || !run.Text(0).Equals("ADD", StringComparison.OrdinalIgnoreCase))
        {
            run.Error();
            return;
        }

        servers[free] = (run.Text(1), run.Number(2), run.Number(3));
        run.Ok();
    }

    private static void RemoveServer(CommandRun run, VirtualModem modem)
    {
        if (run.Text(0).Equals("DEL", StringComparison.OrdinalIgnoreCase) && modem.Settings.WebTimeServers.Remove(run.Number(1)))
        {
            run.Ok();
        }
        else
        {
            run.Error();
        }
    }
}
