using System.CommandLine;
using System.Globalization;
using MQTTnet.Protocol;
using Sim7600.Mqtt;

namespace Sim7600.Cli.Host;

/// <summary>Options that the commands of the host side share; the short ones mean what mosquitto_pub and mosquitto_sub users expect.</summary>
internal sealed class HostOptions
{
    private static readonly string[] Schemes = ["mqtt", "mqtts"];

    public Option<string> Modem { get; } = new("--modem") { Description = "device path, COM3, tcp://host:port, unix:///path or auto", HelpName = "PORT", Required = true };

    public Option<bool> Json { get; } = new("--json") { Description = "one JSON object a line on stdout" };

    public Option<string> Broker { get; } = new("--broker") { Description = "the broker as the modem reaches it", HelpName = "mqtt(s)://host:port", Required = true };

    public Option<int> Qos { get; } = new("-q", "--qos") { Description = "quality of service, 0, 1 or 2 (default 0)", HelpName = "0|1|2" };

    public Option<string?> ClientId { get; } = new("-i", "--id") { Description = "client id (default: made up)", HelpName = "ID" };

    public Option<string?> User { get; } = new("-u", "--username") { Description = "user name", HelpName = "USER" };

    public Option<string?> Password { get; } = new("-P", "--pw") { Description = "password", HelpName = "PASS" };

    public TlsHostOptions Tls { get; } = new();

    /// <summary>Adds what every command that talks to a modem has.</summary>
    public void AddModemTo(Command command)
    {
        command.Options.Add(Modem);
        command.Options.Add(Json);
    }

    /// <summary>Adds what every command that talks to a broker has.</summary>
    public void AddBrokerTo(Command command)
    {
        foreach (Option option in new Option[] { Broker, Qos, ClientId, User, Password }.Concat(Tls.All))
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The connection that the command line asks for.</summary>
    /// <exception cref="UsageException">It cannot be.</exception>
    /// <exception cref="IOException">A certificate file cannot be read.</exception>
    public MqttConnectOptions Connection(ParseResult parsed)
    {
        string text = parsed.GetValue(Broker)!;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? broker) || !Schemes.Contains(broker.Scheme) || broker.Host.Length == 0)
        {
            throw new UsageException($"--broker takes mqtt://host:port or mqtts://host:port, not '{text}'.");
        }

        string? password = parsed.GetValue(Password);
        if (password is not null && parsed.GetValue(User) is null)
        {
            throw new UsageException("-P needs a user name: add -u USER.");
        }

        var options = new MqttConnectOptions { Broker = broker, UserName = parsed.GetValue(User), Password = password, Tls = Tls.Read(parsed, broker) };
        return parsed.GetValue(ClientId) is { } id ? options with { ClientId = id } : options;
    }

    /// <summary>The quality of service that the command line asks for.</summary>
    public MqttQualityOfServiceLevel QosOf(ParseResult parsed) => parsed.GetValue(Qos) is >= 0 and <= 2 and int qos
        ? (MqttQualityOfServiceLevel)qos
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"-q takes 0, 1 or 2, not {parsed.GetValue(Qos)}."));
}
