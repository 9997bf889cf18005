using System.Globalization;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;
using static Sim7600.Emulator.Families.GeneralCommands;

namespace Sim7600.Emulator.Families;

/// <summary>Packet data contexts (AT command manual V3.00, chapter 8; <c>core.md</c> 7).</summary>
internal static class PacketDataCommands
{
    private const string Family = "PacketData";
    private const string Manual = "AT command manual V3.00, chapter 8";

    /// <summary>Codes of <c>AT+CNETSTART</c> and <c>AT+CNETSTOP</c>.</summary>
    private const int Done = 0, OpenFailed = 2, NotOpened = 4, AlreadyOpened = 7, Open = 2;

    private static readonly string[] Types = ["IP", "PPP", "IPV6", "IPV4V6"];

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        PacketData packet = modem.Packet;
        AtParameterDefinition cid = Choice("cid", [.. Enumerable.Range(1, 24).Concat(Enumerable.Range(100, 80)).Select(each => (long)each)])
            with
        { TestText = "(1-24,100-179)" };
        table.Add(Family, "+CGDCONT")
            .Read(run =>
            {
                run.Info(packet.Contexts.Values.Select(context => $"+CGDCONT: {Values(context)}"));
                run.Ok();
            })
            .Write(
                run => Define(run, modem),
                cid,
                Text("PDP_type", 0, 8).Optional,
                Text("APN", 0, 100).Optional,
                Text("PDP_addr", 0, 64).Optional,
                Number("d_comp", 0, 2).Optional,
                Number("h_comp", 0, 4).Optional,
                Number("ipv4_ctrl", 0, 1).Optional,
                Number("emergency_flag", 0, 1).Optional)
            .Test([.. Types.Select(type => $"+CGDCONT: (1-24,100-179),\"{type}\",,,(0-2),(0-4),(0-1),(0-1)")])
            .From($"{Manual}; sessions of SIM7600E, EI, G-H", Evidence.Confirmed);
        table.Add(Family, "+CGATT")
            .Read(run => Show(run, $"+CGATT: {(modem.IsAttached ? 1 : 0)}"))
            .Write(run => Attach(run, modem), Choice("state", 0, 1))
            .From($"{Manual}; a SIM7600G-H session", Evidence.Confirmed);
        table.Add(Family, "+CGACT")
            .Read(run =>
            {
                run.Info(packet.Contexts.Keys.Select(each => $"+CGACT: {each},{(packet.Active.Contains(each) ? 1 : 0)}"));
                run.Ok();
            })
            .Write(run => Activate(run, modem), Choice("state", 0, 1), cid.Optional)
            .Test("+CGACT: (0,1)")
            .From($"{Manual}; sessions of SIM7600EI, G-H", Evidence.Confirmed);
        table.Add(Family, "+CGPADDR")
            .Execute(run =>
            {
                run.Info(packet.Contexts.Values.Select(context => Address(modem, context)));
                run.Ok();
            })
            .Write(
                run =>
                {
                    if (packet.Contexts.TryGetValue(run.Number(0), out PdpContext? context))
                    {
                        Show(run, Address(modem, context));
                    }
                    else
                    {
                        run.Error();
                    }
                },
                cid)
            .Test(run => Show(run, $"+CGPADDR: ({string.Join(',', packet.Contexts.Keys)})"), "+CGPADDR: (1,2,3)")
            .From($"{Manual}; a SIM7600CE session for the form without quotes", Evidence.Confirmed);
        table.Add(Family, "+CGAUTH")
            .Read(run =>
            {
                run.Info(packet.Contexts.Keys.Select(each => $"+CGAUTH: {Authentication(modem, each)}"));
                run.Ok();
            })
            .Write(
                run => Authenticate(run, packet.Authentications, packet.Contexts.ContainsKey(run.Number(0))),
                cid,
                Number("auth_type", 0, 3).Optional,
                Text("passwd", 0, 127).Optional with { TestText = "127" },
                Text("user", 0, 127).Optional with { TestText = "127" })
            .Hides(2, inAnswer: 2)
            .From($"{Manual}; drivers of SIM7600 for the order; the test form is inferred", Evidence.Confirmed);
        table.Add(Family, "+CGEREP")
            .Execute(run => Set(run, () => modem.Settings.PacketEvents = (0, 0)))
            .Read(run => Show(run, $"+CGEREP: {modem.Settings.PacketEvents.Mode},{modem.Settings.PacketEvents.Buffer}"))
            .Write(run => ReportEvents(run, modem), Number("mode", 0, 2), Number("bfr", 0, 1).Optional)
            .From(Manual, Evidence.Documented);
        Constant("+CGCLASS", "\"A\"", "(\"A\")").From($"{Manual}; a SIM7600EI dump", Evidence.OneSource);
        table.Add(Family, "+CGSOCKCONT")
            .Read(run =>
            {
                run.Info(packet.SocketContexts.Values.Select(context => string.Create(
                    CultureInfo.InvariantCulture,
                    $"+CGSOCKCONT: {context.Cid},\"{context.Type}\",\"{context.Apn}\",\"{context.Address}\",{context.DataCompression},{context.HeaderCompression}")));
                run.Ok();
            })
            .Write(
                run => DefineSocketContext(run, modem),
                Number("cid", 1, 16),
                Text("PDP_type", 0, 8).Optional,
                Text("APN", 0, 100).Optional,
                Text("PDP_addr", 0, 64).Optional,
                Number("d_comp", 0, 2).Optional,
                Number("h_comp", 0, 4).Optional)
            .Test([.. Types.Where(type => type != "PPP").Select(type => $"+CGSOCKCONT: (1-16),\"{type}\",,,(0-2),(0-4)")])
            .From("GNSS application note V3.00; manual of 2018", Evidence.Documented);
        table.Add(Family, "+CSOCKAUTH")
            .Read(run => Show(run, $"+CSOCKAUTH: {Authentication(packet.SocketAuthentications, PacketData.DataContext)}"))
            .Write(
                run => Authenticate(run, packet.SocketAuthentications, isDefined: true),
                Number("cid", 1, 16),
                Number("auth_type", 0, 3).Optional,
                Text("passwd", 0, 127).Optional with { TestText = "127" },
                Text("user", 0, 127).Optional with { TestText = "127" })
            .Hides(2, inAnswer: 2)
            .From("manual of 2018; a SIM7600EI dump and a SIM7600E session", Evidence.Confirmed);
        table.Add(Family, "+CSOCKSETPN")
            .Read(run => Show(run, $"+CSOCKSETPN: {packet.SocketContext}"))
            .Write(run => Set(run, () => packet.SocketContext = run.Number(0)), Number("cid", 1, 16))
            .From("manual of 2018; a SIM7600E session", Evidence.Confirmed);
        table.Add(Family, "+CNETSTART")
            .Execute(run => StartNetwork(run, modem))
            .Read(run => Show(run, $"+CNETSTART: {packet.CommonNetwork}"))
            .From("AT command manual V3.00, chapter on the network service", Evidence.Documented);
        table.Add(Family, "+CNETSTOP")
            .Execute(run => StopNetwork(run, modem))
            .From("AT command manual V3.00, chapter on the network service", Evidence.Documented);
        table.Add(Family, "+CNETIPADDR")
            .Read(run =>
            {
                if (packet.CommonNetwork == Open)
                {
                    Show(run, $"+CNETIPADDR: {modem.Network.Address}");
                }
                else
                {
                    run.Error();
                }
            })
            .From("AT command manual V3.00, chapter on the network service", Evidence.Documented);

        AtCommandDefinition Constant(string name, string value, string test) => table.Add(Family, name)
            .Read(run => Show(run, $"{name}: {value}"))
            .Write(
                run =>
                {
                    if (run.Text(0) == value.Trim('"'))
                    {
                        run.Ok();
                    }
                    else
                    {
                        run.Error();
                    }
                },
                Text("class", 1, 8))
            .Test($"{name}: {test}");
    }

    /// <summary>A context as the read form lists it.</summary>
    internal static string Values(PdpContext context) => string.Create(
        CultureInfo.InvariantCulture,
        $"{context.Cid},\"{context.Type}\",\"{context.Apn}\",\"{context.Address}\",{context.DataCompression},{context.HeaderCompression},{context.Ipv4Control},{context.Emergency}");

    /// <summary>How a context signs on, as the read form lists it: the user before the password, unlike in the write form.</summary>
    internal static string Authentication(VirtualModem modem, int cid) => Authentication(modem.Packet.Authentications, cid);

    private static string Authentication(SortedDictionary<int, PdpAuthentication> authentications, int cid) => authentications.TryGetValue(cid, out PdpAuthentication? sign)
        ? string.Create(CultureInfo.InvariantCulture, $"{cid},{sign.Type},\"{sign.User}\",\"{sign.Password}\"")
        : string.Create(CultureInfo.InvariantCulture, $"{cid},0,\"\"");

    private static string Address(VirtualModem modem, PdpContext context)
    {
        string address = modem.Packet.Active.Contains(context.Cid) ? modem.Network.AddressOf(context.Cid) : "0.0.0.0";
        string none = PdpContext.NoAddress("IPV6");
        return context.Type switch
        {
            "IPV4V6" => $"+CGPADDR: {context.Cid},{address},{none}",
            "IPV6" => $"+CGPADDR: {context.Cid},{none}",
            _ => $"+CGPADDR: {context.Cid},{address}",
        };
    }

    private static PdpContext? Read(CommandRun run)
    {
        string type = run.Has(1) && run.Text(1).Length > 0 ? run.Text(1).ToUpperInvariant() : "IP";
        return !Types.Contains(type) ? null : new PdpContext(
            run.Number(0),
            type,
            run.Text(2),
            run.Has(3) && run.Text(3).Length > 0 ? run.Text(3) : PdpContext.NoAddress(type),
            run.Number(4),
            run.Number(5),
            run.Number(6),
            run.Number(7));
    }

    private static void Define(CommandRun run, VirtualModem modem)
    {
        PacketData packet = modem.Packet;
        int cid = run.Number(0);
        if (run.Arguments.Count == 1)
        {
            run.OkThen(() =>
            {
                Deactivate(modem, [cid]);
                packet.Contexts.Remove(cid);
                packet.Authentications.Remove(cid);
                LoseDataIfGone(modem);
            });
        }
        else if (Read(run) is { } context)
        {
            // An active context keeps its connection; the new values count from the next activation (3GPP TS 27.007, 10.1.1).
            packet.Contexts[cid] = context;
            run.Ok();
        }
        else
        {
            run.Error();
        }
    }

    private static void DefineSocketContext(CommandRun run, VirtualModem modem)
    {
        if (run.Arguments.Count == 1)
        {
            modem.Packet.SocketContexts.Remove(run.Number(0));
            run.Ok();
        }
        else if (Read(run) is { Type: not "PPP" } context)
        {
            modem.Packet.SocketContexts[context.Cid] = context;
            run.Ok();
        }
        else
        {
            run.Error();
        }
    }

    private static void Attach(CommandRun run, VirtualModem modem)
    {
        bool attach = run.Number(0) == 1;
        if (attach && !modem.IsRegistered)
        {
            run.CmeError(CmeError.NoNetworkService);
            return;
        }

        modem.Packet.IsDetachedByHost = !attach;
        run.OkThen(() => modem.RefreshRegistration(byHost: true));
    }

    private static void Activate(CommandRun run, VirtualModem modem)
    {
        PacketData packet = modem.Packet;
        int[] cids = run.Has(1) ? [run.Number(1)] : [.. packet.Contexts.Keys];
        if (cids.Any(cid => !packet.Contexts.ContainsKey(cid)))
        {
            run.Error();
            return;
        }

        if (run.Number(0) == 0)
        {
            run.OkThen(() =>
            {
                Deactivate(modem, cids);
                LoseDataIfGone(modem);
            });
        }
        else if (!modem.IsAttached)
        {
            run.CmeError(CmeError.NoNetworkService);
        }
        else
        {
            packet.Active.UnionWith(cids);
            run.Ok();
        }
    }

    private static void Deactivate(VirtualModem modem, int[] cids)
    {
        foreach (int cid in cids.Where(modem.Packet.Active.Remove))
        {
            modem.WritePacketEvent(string.Create(
                CultureInfo.InvariantCulture, $"ME DEACT \"{modem.Packet.Contexts[cid].Type}\",\"{modem.Network.AddressOf(cid)}\",{cid}"));
        }
    }

    private static void LoseDataIfGone(VirtualModem modem)
    {
        if (!modem.Packet.Active.Contains(PacketData.DataContext))
        {
            modem.LosePacketData();
        }
    }

    private static void Authenticate(CommandRun run, SortedDictionary<int, PdpAuthentication> authentications, bool isDefined)
    {
        int cid = run.Number(0);
        if (!isDefined)
        {
            run.Error();
        }
        else if (run.Number(1) == 0)
        {
            authentications.Remove(cid);
            run.Ok();
        }
        else
        {
            authentications[cid] = new PdpAuthentication(run.Number(1), run.Text(2), run.Text(3));
            run.Ok();
        }
    }

    private static void ReportEvents(CommandRun run, VirtualModem modem)
    {
        modem.Settings.PacketEvents = (run.Number(0), run.Number(1));
        string[] kept = run.Number(1) == 1 && run.Number(0) != 0 ? [.. modem.Packet.Events] : [];
        if (run.Number(0) != 0)
        {
            modem.Packet.Events.Clear();
        }

        run.OkThen(() => Array.ForEach(kept, modem.WritePacketEvent));
    }

    private static void StartNetwork(CommandRun run, VirtualModem modem)
    {
        int result = modem.Packet.CommonNetwork == Open ? AlreadyOpened
            : modem.IsAttached && modem.Packet.Contexts.ContainsKey(PacketData.DataContext) ? Done : OpenFailed;
        if (result != Done)
        {
            run.Refuse($"+CNETSTART: {result}");
            return;
        }

        modem.Packet.Active.Add(PacketData.DataContext);
        modem.Packet.CommonNetwork = Open;
        run.OkThen(() => modem.WriteUrc($"+CNETSTART: {result}"));
    }

    private static void StopNetwork(CommandRun run, VirtualModem modem)
    {
        if (modem.Packet.CommonNetwork != Open)
        {
            run.Refuse($"+CNETSTOP: {NotOpened}");
            return;
        }

        modem.Packet.CommonNetwork = 0;
        run.OkThen(() => modem.WriteUrc($"+CNETSTOP: {Done}"));
    }
}
