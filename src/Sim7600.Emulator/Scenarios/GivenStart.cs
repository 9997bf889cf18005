using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Sim7600.Emulator.Families;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Scenarios;

/// <summary>Puts a modem into a given state. Called on the modem's loop, before anything else.</summary>
internal static partial class GivenStart
{
    /// <summary>What stands before the power-on: card, network, memory.</summary>
    public static void ApplyTo(this GivenState given, VirtualModem modem)
    {
        modem.Sim.State = given.Sim switch
        {
            GivenSim.Absent => SimState.Absent,
            GivenSim.Pin => SimState.Pin,
            GivenSim.Puk => SimState.Puk,
            _ => modem.Sim.State,
        };
        modem.Network.State = given.Network;
        modem.Network.RefusesPacketData = !given.PacketDataActive;
        foreach (GivenMessage message in given.Messages.Where(message => !message.Arrives))
        {
            modem.Messages.Card.Messages[message.Index] = message.ToShortMessage();
        }

        modem.Gnss.Fix = given.GnssFix ? new GnssFix() : null;
        foreach (string name in given.Certificates)
        {
            modem.Certificates.Store(name, "the scenario gives this file no content"u8.ToArray());
        }

        foreach ((string name, GivenValue value) in given.Values)
        {
            if (value.Moments.Count > 1 || !Feed(modem, name, value.Moments[0]))
            {
                modem.Shown[name] = new Queue<IReadOnlyList<string>>(value.Moments);
            }

            if (!modem.Commands.TryGet(name, out _))
            {
                LogUnknownCommand(modem.Log, modem.Number, name, modem.Commands.NearestTo(name) is { } near ? $"; did you mean {near}?" : "");
            }
        }
    }

    /// <summary>What comes to the module by itself once it has booted.</summary>
    public static void Deliver(this GivenState given, VirtualModem modem)
    {
        foreach (GivenMessage message in given.Messages.Where(message => message.Arrives))
        {
            modem.Messages.Deliver(message.ToShortMessage());
        }
    }

    /// <summary>What a module that runs may have open.</summary>
    public static void ApplyServicesTo(this GivenState given, VirtualModem modem)
    {
        modem.Packet.NetworkServiceOpen = given.NetworkServiceOpen;
        modem.Gnss.IsOn = given.GnssOn;
        if (given.MqttStarted)
        {
            modem.Cmqtt.Start();
        }

        foreach (GivenClient client in given.MqttClients)
        {
            modem.Cmqtt.Clients[client.Index].Begin(client.Id, client.Tls, client.State == CmqttClientState.Connected);
        }
    }

    /// <summary>Values that the modem has a model for become part of it, so that they follow what happens later.</summary>
    private static bool Feed(VirtualModem modem, string name, IReadOnlyList<string> lines)
    {
        string first = lines[0];
        switch (name)
        {
            case "+CSQ" when Signal().Match(first) is { Success: true } signal:
                modem.Network.Csq = Number(signal, 1);
                return true;
            case "+IPADDR":
                modem.Network.Address = first;
                return true;
            case "+CPSI" when !first.StartsWith("NO SERVICE", StringComparison.Ordinal):
                modem.Network.SystemInformation = first;
                return true;
            case "+COPS" when Operator().Match(first) is { Success: true } network:
                modem.Network.LongName = modem.Network.ShortName = network.Groups[1].Value;
                return true;
            case "+CGDCONT" when lines.All(line => Context().IsMatch(line)):
                modem.Packet.Contexts.Clear();
                foreach (Match context in lines.Select(line => Context().Match(line)))
                {
                    int cid = Number(context, 1);
                    modem.Packet.Contexts[cid] = new PdpContext(
                        cid, context.Groups[2].Value, context.Groups[3].Value, context.Groups[4].Value, Number(context, 5), Number(context, 6), Number(context, 7), Number(context, 8));
                }

                return true;
            case "+CGACT" when !modem.Network.RefusesPacketData && lines.All(line => Active().IsMatch(line)):
                modem.Network.ContextsAtAttach.Clear();
                modem.Network.ContextsAtAttach.UnionWith(lines.Select(line => Active().Match(line)).Where(line => Number(line, 2) == 1).Select(line => Number(line, 1)));
                return true;
            default:
                return false;
        }
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d{1,2}),99$")]
    private static partial Regex Signal();

    [GeneratedRegex("^0,0,\"([^\"]*)\",7$")]
    private static partial Regex Operator();

    [GeneratedRegex("^(\\d{1,3}),\"([A-Z0-9]+)\",\"([^\"]*)\",\"([^\"]*)\",(\\d),(\\d),(\\d),(\\d)$")]
    private static partial Regex Context();

    [GeneratedRegex(@"^(\d{1,3}),([01])$")]
    private static partial Regex Active();

    [LoggerMessage(EventId = 2603, Level = LogLevel.Warning, Message = "Modem {Number}: the scenario gives a value to {Command}, which the emulator does not know{Meant}")]
    private static partial void LogUnknownCommand(ILogger log, int number, string command, string meant);
}
