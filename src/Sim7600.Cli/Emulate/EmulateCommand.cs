using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Sim7600.Cli.Output;
using Sim7600.Emulator;
using Sim7600.Links;
using Spectre.Console;

namespace Sim7600.Cli.Emulate;

/// <summary><c>sim7600 emulate</c>: modems on virtual COM ports and sockets, with a broker, until Ctrl-C.</summary>
internal static class EmulateCommand
{
    /// <summary>Ports that are listed above the live table; the table lists them too.</summary>
    private const int MaximumPortLines = 3;

    private static readonly Option<string?> Pty = new("--pty")
    {
        Description = $"a virtual COM port under this path (default {EmulateSettings.DefaultLink})",
        HelpName = "LINK",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Tcp = new("--tcp") { Description = "accept raw TCP connections, one modem a connection", HelpName = "HOST:PORT" };
    private static readonly Option<string?> Unix = new("--unix") { Description = "accept UNIX socket connections, one modem a connection", HelpName = "PATH" };
    private static readonly Option<int> Modems = new("--modems") { Description = "how many modems", HelpName = "N", DefaultValueFactory = _ => 1 };

    private static readonly Option<string> Broker = new("--broker")
    {
        Description = "embedded, direct, or mqtt://host:port, mqtts://host:port for all connections",
        HelpName = "ROUTE",
        DefaultValueFactory = _ => "embedded",
    };

    private static readonly Option<int> BrokerPort = new("--broker-port")
    {
        Description = "port of the embedded broker on 127.0.0.1, 0 for any",
        HelpName = "N",
        DefaultValueFactory = _ => 1883,
    };

    private static readonly Option<string> BrokerTlsPort = new("--broker-tls-port")
    {
        Description = "port of the embedded broker for TLS on 127.0.0.1, 0 for any",
        HelpName = "N|off",
        DefaultValueFactory = _ => "0",
    };

    private static readonly Option<string?> CaFile = new("--ca-file")
    {
        Description = "where to write the CA certificate of that port (default beside the virtual COM port, else in the folder for temporary files)",
        HelpName = "FILE",
    };

    private static readonly Option<string> Profile = new("--profile")
    {
        Description = $"the firmware to stand for: {string.Join(", ", FirmwareProfiles.All.Select(profile => profile.Name))}",
        HelpName = "NAME",
        DefaultValueFactory = _ => FirmwareProfiles.Sim7600.Name,
    };

    private static readonly Option<string> Boot = new("--boot")
    {
        Description = "real: silence and boot lines as on a real unit; fast: the same, shorter; none: booted from the start",
        HelpName = "real|fast|none",
        DefaultValueFactory = _ => "none",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object a line on stdout, the first when all is open (\"event\":\"ready\"); the log goes to stderr" };
    private static readonly Option<string?> Web = Later("--web", "HOST:PORT|off");

    private static readonly Option<string> Baud = new("--baud")
    {
        Description = "the modems' speed: bytes take their time, a port that is set to another speed reads garbage; 0 follows the port",
        HelpName = "N|off",
        DefaultValueFactory = _ => "off",
    };

    private static readonly Option<string?> Port = new("--port")
    {
        Description = "serve a modem on this serial device, a USB-UART that is wired to a board; --baud sets its speed (default 115200)",
        HelpName = "DEVICE",
    };

    private static readonly Option<FileInfo?> ScenarioFile = new("--scenario") { Description = "a file with the state to start in and what goes wrong (JSON with comments; see sim7600 faults)", HelpName = "FILE" };
    private static readonly Option<int?> Seed = new("--seed") { Description = "the seed of all that is random in faults (default the scenario's, else 0)", HelpName = "N" };
    private static readonly Option<FileInfo?> Trace = new("--trace")
    {
        Description = "write what happens to this file, one JSON object a line: bytes, commands, states, MQTT packets, faults; no passwords, PINs and keys",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command("emulate", "Run software modems on virtual COM ports, bridged to an MQTT broker.")
        {
            Pty, Tcp, Unix, Modems, Broker, BrokerPort, BrokerTlsPort, CaFile, Profile, Boot, Json, Web, Baud, Port, ScenarioFile, Seed, Trace,
        };
        foreach (Option option in LintOutput.CommandLine)
        {
            command.Add(option);
        }

        command.SetAction(RunAsync);
        return command;
    }

    private static Option<string?> Later(string name, string help) => new(name) { HelpName = help, Hidden = true };

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        EmulateSettings.RefuseUnavailable("--web", parsed.GetValue(Web), harmless: "off");

        bool json = parsed.GetValue(Json);
        bool live = !json && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;
        using var recent = new RecentLog(capacity: 8);
        using ILoggerFactory loggers = LoggerFactory.Create(logging => _ = live ? logging.AddProvider(recent) : ToStandardError(logging));
        EmulateSettings.RefuseOneFileForTwo(parsed, "--scenario", "--trace", "--ca-file", "--lint");
        EmulatorOptions options = await OptionsAsync(parsed, cancellationToken);
        LintOutput? lint = LintOutput.Of(parsed, loggers.CreateLogger("Sim7600.Lint"));
        await using TraceFile? trace = parsed.GetValue(Trace) is { } file
            ? await PatientFile.RunAsync(() => TraceFile.Open(file.ToString(), loggers.CreateLogger("Sim7600.Trace")), cancellationToken) : null;
        options = options with { LoggerFactory = loggers, Timeline = trace is null ? null : trace.Add, Lint = lint?.Options };
        await using (Sim7600Emulator emulator = await StartAsync(options, cancellationToken))
        {
            lint?.Open(emulator);
            await RunUntilCancelledAsync(emulator, options, json, live ? recent : null, cancellationToken);
        }

        if (lint is not null)
        {
            await lint.CloseAsync();
        }

        return ExitCode.Done;
    }

    private static async Task<Sim7600Emulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await Sim7600Emulator.StartAsync(options, cancellationToken);
        }
        catch (OperationCanceledException) when (options.Lint is not null)
        {
            throw new CommandFailedException("Stopped before the modem was there: nothing was heard, and the linter wrote no report.");
        }
    }

    private static async Task RunUntilCancelledAsync(Sim7600Emulator emulator, EmulatorOptions options, bool json, RecentLog? recent, CancellationToken cancellationToken)
    {
        if (json)
        {
            JsonLines.Write(Ready(emulator, options));
        }
        else
        {
            int lines = Describe(emulator, options, recent is null ? int.MaxValue : MaximumPortLines);
            if (recent is not null)
            {
                await LiveTable.ShowAsync(emulator, recent, BrokerText(emulator) ?? "as the firmware names it", lines, cancellationToken);
            }
        }

        if (recent is null)
        {
            await UntilCancelledAsync(cancellationToken);
        }

        if (!json)
        {
            Console.WriteLine("Closing.");
        }
    }

    private static async Task<EmulatorOptions> OptionsAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string? tcp = parsed.GetValue(Tcp);
        string? unix = parsed.GetValue(Unix);
        string? device = EmulateSettings.Device(parsed.GetValue(Port), parsed.GetValue(Baud)!);
        bool pty = parsed.GetResult(Pty) is { Implicit: false } || (tcp is null && unix is null && device is null);
        int modems = parsed.GetValue(Modems);
        if (modems is < 1 or > Sim7600Emulator.MaximumModems)
        {
            throw new UsageException($"--modems takes 1 to {Sim7600Emulator.MaximumModems}, not {modems}.");
        }

        if (device is not null && !pty && tcp is null && unix is null)
        {
            RefuseWith(parsed, Modems, "a serial device has one modem; --pty, --tcp and --unix have more");
        }

        int brokerPort = parsed.GetValue(BrokerPort);
        if (brokerPort is < 0 or > 65535)
        {
            throw new UsageException($"--broker-port takes 0 to 65535, not {brokerPort}.");
        }

        Scenario? scenario = parsed.GetValue(ScenarioFile) is { } file ? await PatientFile.RunAsync(() => Scenario.Load(file.ToString()), cancellationToken) : null;
        bool namesProfile = parsed.GetResult(Profile) is { Implicit: false };
        string? link = pty ? parsed.GetValue(Pty) ?? EmulateSettings.DefaultLink : null;
        BrokerRoute broker = EmulateSettings.Broker(parsed.GetValue(Broker)!);
        int? tlsPort = EmulateSettings.TlsPort(parsed.GetValue(BrokerTlsPort)!);
        if (broker != BrokerRoute.Embedded)
        {
            RefuseWith(parsed, BrokerPort, $"there is no embedded broker with --broker {parsed.GetValue(Broker)}");
            if (tlsPort is not null)
            {
                RefuseWith(parsed, BrokerTlsPort, $"there is no embedded broker with --broker {parsed.GetValue(Broker)}");
            }

            RefuseWith(parsed, CaFile, $"there is no embedded broker with --broker {parsed.GetValue(Broker)}");
        }
        else if (tlsPort is null)
        {
            RefuseWith(parsed, CaFile, "with --broker-tls-port off the broker needs no certificate");
        }

        bool hasTls = broker == BrokerRoute.Embedded && tlsPort is not null;
        return new EmulatorOptions
        {
            Profile = EmulateSettings.Profile(namesProfile ? parsed.GetValue(Profile)! : scenario?.Profile ?? parsed.GetValue(Profile)!),
            Scenario = scenario,
            Seed = parsed.GetValue(Seed),
            Modems = modems,
            Pty = pty,
            PtyLink = link,
            Tcp = tcp is null ? null : EmulateSettings.EndPoint("--tcp", tcp),
            UnixSocket = unix,
            Device = device,
            BaudRate = EmulateSettings.BaudRate(parsed.GetValue(Baud)!),
            Broker = broker,
            BrokerPort = brokerPort,
            BrokerTlsPort = hasTls ? tlsPort : null,
            CaFile = hasTls ? parsed.GetValue(CaFile) ?? (link is null ? EmulateSettings.DefaultCaFile : $"{link}-ca.pem") : null,
            Boot = Enum.TryParse(parsed.GetValue(Boot), ignoreCase: true, out BootMode boot) && Enum.IsDefined(boot) && !char.IsDigit(parsed.GetValue(Boot)![0])
                ? boot
                : throw new UsageException($"--boot takes real, fast or none, not '{parsed.GetValue(Boot)}'."),
        };
    }

    /// <summary>Refuses an option that would do nothing.</summary>
    private static void RefuseWith(ParseResult parsed, Option option, string reason)
    {
        if (parsed.GetResult(option) is { Implicit: false })
        {
            throw new UsageException($"{option.Name} would do nothing: {reason}. Leave one of them out.");
        }
    }

    private static ILoggingBuilder ToStandardError(ILoggingBuilder logging) => logging
        .SetMinimumLevel(LogLevel.Information)
        .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>()
        .AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = LineFormatter.Id;

            // Where nobody reads stderr, log lines are lost; waiting for a reader would stop the modems.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            console.MaxQueueLength = 1024;
        });

    private static JsonObject Ready(Sim7600Emulator emulator, EmulatorOptions options) => new()
    {
        ["event"] = "ready",
        ["ports"] = new JsonArray([.. emulator.PortNames.Select(name => (JsonNode)name)]),
        ["tcp"] = emulator.TcpEndPoint?.ToString(),
        ["unix"] = options.UnixSocket,
        ["broker"] = BrokerText(emulator),
        ["brokerTls"] = options.CaFile is null ? null : emulator.Broker.TlsEndPoint?.ToString(),
        ["caFile"] = options.CaFile,
        ["web"] = null,
    };

    private static string? BrokerText(Sim7600Emulator emulator) =>
        emulator.BrokerEndPoint is { } broker ? $"{broker.Host}:{broker.Port}" : null;

    /// <summary>Prints where everything is and what to type next.</summary>
    /// <returns>How many lines of the terminal that were.</returns>
    private static int Describe(Sim7600Emulator emulator, EmulatorOptions options, int portLines)
    {
        int? rate = options.BaudRate;
        string speed = rate switch { null => "", 0 => " at the speed of whoever opens it", _ => $" at {rate} baud" };
        var lines = new List<string>(emulator.PortNames.Take(portLines).Select(name =>
            name == options.Device ? $"Modem on   {name} at {rate ?? SerialSettings.Default.BaudRate} baud: wire it to the board's UART, crossed" : $"Modem on   {name}{speed}"));
        if (emulator.PortNames.Count > portLines)
        {
            lines.Add($"           … and {emulator.PortNames.Count - portLines} more, up to {emulator.PortNames[^1]}");
        }

        if (emulator.TcpEndPoint is { } tcp)
        {
            lines.Add($"Modem on   tcp://{tcp}");
        }

        if (options.UnixSocket is { } unix)
        {
            lines.Add($"Modem on   unix://{unix}");
        }

        bool tls = options.Broker.Address?.Scheme == "mqtts";
        lines.Add($"Broker     {(tls ? "mqtts://" : "")}{BrokerText(emulator) ?? "the address that the firmware names"}{(options.Broker == BrokerRoute.Embedded ? " (embedded)" : "")}{(tls ? " (with TLS, checked with this computer's CAs unless the firmware acquires its client with server type 1)" : "")}");
        if (options.CaFile is { } caFile)
        {
            lines.Add($"  with TLS {emulator.Broker.TlsEndPoint}, its CA certificate is {caFile}");
        }

        lines.Add($"Profile    {options.Profile.Name}: {options.Profile.Description}");
        lines.Add("");
        string port = emulator.PortName;
        if (port == options.Device)
        {
            lines.Add("Let the board send AT. Ctrl-C ends it.");
            lines.Add("");
            return Write(lines);
        }

        lines.Add("Try in another terminal:");
        string broker = BrokerText(emulator) ?? "broker.example:1883";
        lines.Add($"  dotnet run --project src/Sim7600.Cli -- info --modem {port}");
        lines.Add($"  dotnet run --project src/Sim7600.Cli -- sub --modem {port} --broker {(tls ? "mqtts" : "mqtt")}://{broker}{(tls ? " --cafile CA.pem" : "")} -t 'demo/#' -v");
        if (emulator.PortNames.Count > 0)
        {
            lines.Add($"  picocom {port}        then type AT and Enter; the modem echoes by itself");
        }

        lines.Add("Ctrl-C ends it.");
        lines.Add("");
        return Write(lines);
    }

    /// <returns>How many lines of the terminal that were.</returns>
    private static int Write(IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            Console.WriteLine(line);
        }

        return lines.Sum(line => 1 + (Math.Max(0, line.Length - 1) / AnsiConsole.Profile.Width));
    }

    private static async Task UntilCancelledAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C or SIGTERM
        }
    }
}
