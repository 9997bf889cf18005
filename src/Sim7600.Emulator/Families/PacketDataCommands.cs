using System.Globalization;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>Packet data contexts (AT command manual V3.00, chapter 8; <c>core.md</c> 7).</summary>
internal static class PacketDataCommands
{
    private const string Family = "PacketData";

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        AtParameterDefinition cid = Number("cid", 1, 24);
        table.Add(Family, "+CGDCONT")
            .Read(run =>
            {
                run.Info(modem.Packet.Contexts.Values.Select(Describe));
                run.Ok();
            })
            .Write(
                run => Define(run, modem),
                cid,
                Text("PDP_type", 1, 8).Optional,
                Text("APN", 0, 100).Optional,
                Text("PDP_addr", 0, 64).Optional,
                Number("d_comp", 0, 4).Optional,
                Number("h_comp", 0, 4).Optional,
                Number("ipv4_ctrl", 0, 1).Optional,
                Number("emergency_flag", 0, 1).Optional)
            .Test(
                "+CGDCONT: (1-24,100-179),\"IP\",,,(0-2),(0-4),(0-1),(0-1)",
                "+CGDCONT: (1-24,100-179),\"PPP\",,,(0-2),(0-4),(0-1),(0-1)",
                "+CGDCONT: (1-24,100-179),\"IPV6\",,,(0-2),(0-4),(0-1),(0-1)",
                "+CGDCONT: (1-24,100-179),\"IPV4V6\",,,(0-2),(0-4),(0-1),(0-1)");
        table.Add(Family, "+CGATT")
            .Read(run => GeneralCommands.Show(run, $"+CGATT: {(modem.IsAttached ? 1 : 0)}"))
            .Write(
                run =>
                {
                    modem.Packet.IsDetachedByHost = run.Number(0) == 0;
                    run.Ok();
                    modem.RefreshPacketData();
                },
                Choice("state", 0, 1));
        table.Add(Family, "+CGACT")
            .Read(run =>
            {
                run.Info(modem.Packet.Contexts.Keys.Select(each => $"+CGACT: {each},{(modem.Packet.Active.Contains(each) ? 1 : 0)}"));
                run.Ok();
            })
            .Write(run => Activate(run, modem), Choice("state", 0, 1), cid.Optional)
            .Test("+CGACT: (0,1)");
        table.Add(Family, "+CGPADDR")
            .Execute(run =>
            {
                run.Info(modem.Packet.Contexts.Values.Select(context => Address(modem, context)));
                run.Ok();
            })
            .Write(
                run =>
                {
                    if (modem.Packet.Contexts.TryGetValue(run.Number(0), out PdpContext? context))
                    {
                        GeneralCommands.Show(run, Address(modem, context));
                    }
                    else
                    {
                        run.Error();
                    }
                },
                cid)
            .Test($"+CGPADDR: ({string.Join(',', modem.Packet.Contexts.Keys)})");
    }

    private static string Describe(PdpContext context) => string.Create(
        CultureInfo.InvariantCulture,
        $"+CGDCONT: {context.Cid},\"{context.Type}\",\"{context.Apn}\",\"{context.Address}\",{context.DataCompression},{context.HeaderCompression},{context.Ipv4Control},{context.Emergency}");

    private static string Address(VirtualModem modem, PdpContext context)
    {
        string address = modem.Packet.Active.Contains(context.Cid) ? modem.Network.Address : "0.0.0.0";
        return context.Type == "IPV4V6"
            ? $"+CGPADDR: {context.Cid},{address},0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"
            : $"+CGPADDR: {context.Cid},{address}";
    }

    private static void Define(CommandRun run, VirtualModem modem)
    {
        int cid = run.Number(0);
        if (run.Arguments.Count == 1)
        {
            modem.Packet.Contexts.Remove(cid);
            modem.Packet.Active.Remove(cid);
            run.Ok();
            return;
        }

        string type = run.Text(1, "IP").ToUpperInvariant();
        if (type is not ("IP" or "PPP" or "IPV6" or "IPV4V6"))
        {
            run.Error();
            return;
        }

        modem.Packet.Contexts[cid] = new PdpContext(
            cid, type, run.Text(2), run.Has(3) && run.Text(3).Length > 0 ? run.Text(3) : PdpContext.NoAddress(type), run.Number(4), run.Number(5), run.Number(6), run.Number(7));
        run.Ok();
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

        bool activate = run.Number(0) == 1;
        if (activate && !modem.IsAttached)
        {
            run.CmeError(Protocol.Results.CmeError.NoNetworkService);
            return;
        }

        if (activate)
        {
            packet.Active.UnionWith(cids);
        }
        else
        {
            packet.Active.ExceptWith(cids);
        }

        run.Ok();
        if (!packet.Active.Contains(PacketData.DataContext))
        {
            modem.Cmqtt.NetworkLost();
        }
    }
}
