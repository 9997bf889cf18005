using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sim7600.Cli.Output;
using Sim7600.Driver;
using Sim7600.Driver.Features;
using Spectre.Console;

namespace Sim7600.Cli.Host;

/// <summary><c>sim7600 info</c>: identity, SIM, operator, signal, registration.</summary>
internal static class InfoCommand
{
    private static readonly HostOptions Shared = new();

    public static Command Create()
    {
        var command = new Command("info", "Ask a modem for its identity, SIM, operator, signal and registration.");
        Shared.AddModemTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using Sim7600Modem modem = await Sim7600Modem.OpenAsync(parsed.GetValue(Shared.Modem)!, ct: cancellationToken);
        ModemIdentity identity = await modem.Identity.ReadAsync(cancellationToken);
        SimState sim = await modem.Sim.StateAsync(cancellationToken);
        string? imsi = sim == SimState.Ready ? await TryAsync(modem.Sim.ImsiAsync(cancellationToken)) : null;
        string? iccid = sim == SimState.Ready ? await TryAsync(modem.Sim.IccidAsync(cancellationToken)) : null;
        SignalQuality signal = await modem.Network.SignalAsync(cancellationToken);
        NetworkRegistration registration = await modem.Network.RegistrationAsync(cancellationToken);
        NetworkOperator? network = await TryAsync(modem.Network.OperatorAsync(cancellationToken));
        SystemInformation? system = await TryAsync(modem.Network.SystemInformationAsync(cancellationToken));
        (string state, string stateText) = StateOf(registration, sim);
        if (parsed.GetValue(Shared.Json))
        {
            JsonLines.Write(new JsonObject
            {
                ["event"] = "info",
                ["state"] = state,
                ["manufacturer"] = identity.Manufacturer,
                ["model"] = identity.Model,
                ["revision"] = identity.Revision,
                ["imei"] = identity.Imei,
                ["sim"] = sim.ToString(),
                ["imsi"] = imsi,
                ["iccid"] = iccid,
                ["operator"] = network?.Name,
                ["csq"] = signal.Rssi,
                ["dbm"] = signal.Dbm,
                ["registered"] = registration.IsRegistered,
                ["registration"] = new JsonObject
                {
                    ["circuit"] = registration.Circuit.ToString(),
                    ["packet"] = registration.Packet.ToString(),
                    ["lte"] = registration.Lte.ToString(),
                },
                ["mode"] = system?.Mode,
                ["band"] = system?.Band,
            });
            return ExitCode.Done;
        }

        (string, string)[] lines =
        [
            ("State", stateText),
            ("Manufacturer", identity.Manufacturer),
            ("Model", identity.Model),
            ("Revision", identity.Revision),
            ("IMEI", identity.Imei),
            ("SIM", sim.ToString()),
            ("IMSI", imsi ?? "-"),
            ("ICCID", iccid ?? "-"),
            ("Operator", network?.Name ?? "-"),
            ("Signal", signal.Dbm is { } dbm ? string.Create(CultureInfo.InvariantCulture, $"{dbm} dBm (CSQ {signal.Rssi})") : "unknown"),
            ("Registration", $"packet {registration.Packet}, LTE {registration.Lte}, circuit {registration.Circuit}"),
            ("System", system is null ? "-" : string.Join(' ', new[] { system.Mode, system.Operation, system.Band }.Where(part => part is not null))),
        ];
        Print(lines, registration.IsRegistered);
        return ExitCode.Done;
    }

    /// <summary>Whether the modem can be used already: in one word for programs, and for people with what to do.</summary>
    private static (string Word, string Text) StateOf(NetworkRegistration registration, SimState sim)
    {
        RegistrationStatus[] all = [registration.Packet, registration.Lte, registration.Circuit];
        return registration.IsRegistered ? ("ready", "ready")
            : sim == SimState.Busy ? ("starting", "still starting, the SIM is being read; ask again in a few seconds")
            : all.Contains(RegistrationStatus.Searching) ? ("searching", "still starting, it searches for a network; ask again in a few seconds")
            : all.Contains(RegistrationStatus.Denied) ? ("denied", "the network denies registration")
            : sim == SimState.Ready ? ("unregistered", "not registered; right after it was switched on, ask again in a few seconds")
            : ("unregistered", "not registered, the SIM is not usable");
    }

    private static void Print((string Name, string Value)[] lines, bool registered)
    {
        if (Console.IsOutputRedirected)
        {
            foreach ((string name, string value) in lines)
            {
                Console.WriteLine($"{name,-14}{value}");
            }

            return;
        }

        Grid grid = new Grid().AddColumns(2);
        foreach ((string name, string value) in lines)
        {
            string colour = name == "Registration" ? registered ? "green" : "yellow" : "default";
            grid.AddRow($"[grey]{name}[/]", $"[{colour}]{Markup.Escape(value)}[/]");
        }

        AnsiConsole.Write(grid);
    }

    /// <summary>A value that some firmware refuses is left out.</summary>
    private static async Task<T?> TryAsync<T>(Task<T> value)
        where T : class?
    {
        try
        {
            return await value;
        }
        catch (AtErrorException)
        {
            return null;
        }
    }
}
