using System.CommandLine;
using System.Globalization;
using MQTTnet.Protocol;
using Sim7600.Cli.Output;
using Sim7600.Driver;
using Sim7600.Driver.Features;
using Sim7600.Mqtt;

namespace Sim7600.Cli.Host;

/// <summary>Options that the commands of the host side share; the short ones mean what mosquitto_pub and mosquitto_sub users expect.</summary>
internal sealed class HostOptions
{
    public Option<string> Modem { get; } = new("--modem") { Description = "device path, COM3, tcp://host:port, unix:///path or auto", HelpName = "PORT", Required = true };

    public Option<bool> Json { get; } = new("--json") { Description = "one JSON object a line on stdout" };

    public Option<string> Broker { get; } = new("--broker") { Description = "the broker as the modem reaches it", HelpName = "mqtt(s)://host:port", Required = true };

    public Option<int> Qos { get; } = new("-q", "--qos") { Description = "quality of service, 0, 1 or 2 (default 0)", HelpName = "0|1|2" };

    public Option<string?> ClientId { get; } = new("-i", "--id") { Description = "client id (default: made up)", HelpName = "ID" };

    public Option<string?> User { get; } = new("-u", "--username") { Description = "user name", HelpName = "USER" };

    public Option<string?> Password { get; } = new("-P", "--pw") { Description = "password", HelpName = "PASS" };

    public Option<int> Registration { get; } = new("--registration-timeout")
    {
        Description = "how long to wait until the modem is registered; 0 does not wait",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };

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
        foreach (Option option in new Option[] { Broker, Qos, ClientId, User, Password, Registration }.Concat(Tls.All))
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Opens the modem and waits until it is registered, as a modem that was just switched on is not.</summary>
    /// <exception cref="UsageException">The options cannot be.</exception>
    /// <exception cref="CommandFailedException">The SIM is locked, or there is no registration in time.</exception>
    public async Task<Sim7600Modem> OpenRegisteredAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TimeSpan limit = RegistrationLimit(parsed);
        Sim7600Modem modem = await Sim7600Modem.OpenAsync(parsed.GetValue(Modem)!, new Sim7600ModemOptions { RegistrationTimeout = limit }, cancellationToken);
        try
        {
            if (limit > TimeSpan.Zero)
            {
                await RegisterAsync(modem, cancellationToken);
            }

            return modem;
        }
        catch
        {
            await modem.DisposeAsync();
            throw;
        }
    }

    /// <summary>How long to wait for registration.</summary>
    /// <exception cref="UsageException">It cannot be.</exception>
    public TimeSpan RegistrationLimit(ParseResult parsed) => parsed.GetValue(Registration) is >= 0 and <= 3600 and int seconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--registration-timeout takes 0 to 3600 seconds, not {parsed.GetValue(Registration)}."));

    /// <summary>The connection that the command line asks for.</summary>
    /// <exception cref="UsageException">It cannot be.</exception>
    /// <exception cref="IOException">A certificate file cannot be read.</exception>
    public MqttConnectOptions Connection(ParseResult parsed)
    {
        Uri broker = BrokerAddress.Parse(parsed.GetValue(Broker)!, "mqtt://host:port or mqtts://host:port", "give them with -u USER and -P PASS");
        string? password = parsed.GetValue(Password);
        if (password is not null && parsed.GetValue(User) is null)
        {
            throw new UsageException("-P needs a user name: add -u USER.");
        }

        var options = new MqttConnectOptions { Broker = broker, UserName = parsed.GetValue(User), Password = password, Tls = Tls.Read(parsed, broker) };
        options = parsed.GetValue(ClientId) is { } id ? options with { ClientId = id } : options;
        try
        {
            TlsHostOptions.EnsureKeyOpens(options.Tls);
            options.Validate();
            return options;
        }
        catch (ArgumentException error)
        {
            throw new UsageException(Failure.Sentence(error));
        }
    }

    /// <summary>The quality of service that the command line asks for.</summary>
    public MqttQualityOfServiceLevel QosOf(ParseResult parsed) => parsed.GetValue(Qos) is >= 0 and <= 2 and int qos
        ? (MqttQualityOfServiceLevel)qos
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"-q takes 0, 1 or 2, not {parsed.GetValue(Qos)}."));

    private static async Task RegisterAsync(Sim7600Modem modem, CancellationToken cancellationToken)
    {
        if ((await modem.Network.RegistrationAsync(cancellationToken)).IsRegistered)
        {
            return;
        }

        SimState sim = await modem.Sim.StateAsync(cancellationToken);
        string? needs = sim switch
        {
            SimState.PinRequired => "The SIM needs its PIN: enter it (AT+CPIN)",
            SimState.PukRequired => "The SIM is blocked and needs its PUK",
            SimState.Locked => "The SIM or the modem is locked to another network",
            _ => null,
        };
        if (needs is not null)
        {
            throw new CommandFailedException($"{needs}, then try again. The modem does not register without it.");
        }

        try
        {
            await modem.Network.WaitForRegistrationAsync(cancellationToken);
        }
        catch (RegistrationTimeoutException) when (sim is SimState.Absent or SimState.Failed)
        {
            throw new CommandFailedException("The modem does not register, and its SIM is missing or broken (AT+CPIN?). Insert one, restart the modem and try again.");
        }
    }
}
