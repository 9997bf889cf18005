using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Sim7600.Emulator;

namespace Sim7600.Cli.Emulate;

/// <summary>Turns the texts of the command line into what the emulator takes; what cannot be is a <see cref="UsageException"/>.</summary>
internal static class EmulateSettings
{
    public const string DefaultLink = "/tmp/ttySIM7600";

    /// <summary>
    /// Where the CA certificate of the embedded broker is written when there is no PTY link to write it beside: each emulator
    /// has its own.
    /// </summary>
    public static string DefaultCaFile => Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"sim7600-{Environment.ProcessId}-ca.pem"));

    /// <summary>Refuses a file that one option would read or write over what another has there.</summary>
    public static void RefuseOneFileForTwo(ParseResult parsed, params ReadOnlySpan<string> options)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string option in options)
        {
            if (parsed.GetResult(option) is OptionResult { Implicit: false, Tokens: [{ Value: { Length: > 0 } and not "-" and { } file }] } && !seen.TryAdd(Path.GetFullPath(file), option))
            {
                throw new UsageException($"{seen[Path.GetFullPath(file)]} and {option} both name '{file}': give each a file of its own.");
            }
        }
    }

    /// <summary>Parses <c>HOST:PORT</c>, <c>:PORT</c> or <c>PORT</c>; the host is 127.0.0.1 unless it is named.</summary>
    public static IPEndPoint EndPoint(string option, string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon <= 0 ? "127.0.0.1" : text[..colon].Trim('[', ']');
        if (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > 65535)
        {
            throw new UsageException($"{option} takes HOST:PORT with a port of 0 to 65535, not '{text}'.");
        }

        IPAddress? address = host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out IPAddress? parsed) ? parsed : null;
        return address is null
            ? throw new UsageException($"{option} takes an address of this machine, such as 127.0.0.1 or 0.0.0.0, not '{host}'.")
            : new IPEndPoint(address, port);
    }

    public static BrokerRoute Broker(string text)
    {
        switch (text.ToUpperInvariant())
        {
            case "EMBEDDED":
                return BrokerRoute.Embedded;
            case "DIRECT":
                return BrokerRoute.Direct;
            default:
                break;
        }

        return BrokerRoute.To(BrokerAddress.Parse(
            text, "embedded, direct, mqtt://host:port or mqtts://host:port", "the firmware gives them in AT+CMQTTCONNECT"));
    }

    /// <summary>Parses the port of the embedded broker's TLS side: a number, or <c>off</c> for none.</summary>
    public static int? TlsPort(string text) => text.Equals("off", StringComparison.OrdinalIgnoreCase) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= 65535 ? port
        : throw new UsageException($"--broker-tls-port takes 0 to 65535, or off, not '{text}'.");

    /// <summary>Parses the speed of the serial line: a number that the modem knows, or <c>off</c> for a line that takes no time.</summary>
    public static int? BaudRate(string text) => text.Equals("off", StringComparison.OrdinalIgnoreCase) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rate) && Sim7600Emulator.BaudRates.Contains(rate) ? rate
        : throw new UsageException($"--baud takes off or one of {string.Join(", ", Sim7600Emulator.BaudRates)}, not '{text}'. 0 follows the port's speed.");

    /// <summary>Checks the serial device to serve.</summary>
    public static string? Device(string? name, string baud) => name switch
    {
        null => null,
        "" => throw new UsageException("--port takes a serial device such as /dev/ttyUSB0 or COM3."),
        "auto" or "AUTO" => throw new UsageException("--port takes the serial device that is wired to your board, such as /dev/ttyUSB0 or COM3; 'auto' finds a real modem."),
        _ when name.Contains("://", StringComparison.Ordinal) => throw new UsageException($"--port takes a serial device such as /dev/ttyUSB0 or COM3, not '{name}'. For sockets there are --tcp and --unix."),
        _ when BaudRate(baud) == 0 => throw new UsageException("--baud 0 follows the port's speed, which a serial device does not show. Give the speed of the board's UART, such as 115200."),
        _ => name,
    };

    public static FirmwareProfile Profile(string name) => FirmwareProfiles.Find(name)
        ?? throw new UsageException($"There is no profile '{name}'. Known: {string.Join(", ", FirmwareProfiles.All.Select(profile => profile.Name))}.");

    /// <summary>Refuses an option whose feature this version does not have.</summary>
    public static void RefuseUnavailable(string option, string? value, string? harmless = null)
    {
        if (value is not null && value != harmless)
        {
            throw new UsageException($"{option} is not available in this version{(harmless is null ? "" : $"; only '{option} {harmless}' is accepted")}. Leave it out.");
        }
    }
}
