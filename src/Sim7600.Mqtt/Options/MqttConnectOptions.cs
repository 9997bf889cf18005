using System.Globalization;
using System.Text;
using Sim7600.Mqtt.Commands;
using Sim7600.Mqtt.Session;
using Sim7600.Protocol;

namespace Sim7600.Mqtt;

/// <summary>How to connect to a broker through the modem's own MQTT client. Immutable; change a copy with <c>with</c>.</summary>
public sealed record MqttConnectOptions
{
    private const int DefaultTlsPort = 8883;

    /// <summary>
    /// The broker: <c>mqtt://host[:port]</c>, port 1883 when it names none, or <c>mqtts://host[:port]</c> for TLS, port 8883 when it names none.
    /// </summary>
    public required Uri Broker { get; init; }

    /// <summary>How to do TLS; needed for <c>mqtts://</c>, null otherwise.</summary>
    public MqttTlsOptions? Tls { get; init; }

    /// <summary>MQTT client id, 1 to 128 bytes (firmware of 2018: 23). By default one that is unique for this object.</summary>
    public string ClientId { get; init; } = "sim7600-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..12];

    /// <summary>User name, 1 to 256 bytes; null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password, 1 to 256 bytes; null for none. It needs a user name, and reaches no log and no exception.</summary>
    public string? Password { get; init; }

    /// <summary>Keep-alive, whole seconds from 1 to 64800 (firmware of 2018: from 60). The modem sends the pings itself.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>False lets the broker keep subscriptions and messages for this client id.</summary>
    public bool CleanSession { get; init; } = true;

    /// <summary>
    /// True to go on with a connection that the modem still has when it is just as this one would be: same client id, address, keep-alive, clean session
    /// and credentials. So a program that restarts misses nothing. A connection with TLS or where a will is wanted is always made anew, since the modem
    /// tells neither its certificates nor its will.
    /// </summary>
    public bool AdoptConnection { get; init; } = true;

    /// <summary>What the broker publishes when this client vanishes; null for nothing.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>Which of the modem's two clients to use, 0 or 1.</summary>
    public int ClientIndex { get; init; }

    /// <summary>How long the modem waits for the broker's acknowledgement of a publish: whole seconds, 60 to 180.</summary>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(CmqttLimits.PublishTimeoutMinimum);

    /// <summary>How long the connect itself may take; 120 s are documented. With TLS at least the time for the handshake and 30 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = Cmqtt.NetworkTimeout;

    /// <summary>How long to repeat an operation that the modem answers with 14 (busy) before giving that answer to the caller.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many received messages may wait in one subscription; beyond that the newest are dropped and counted.</summary>
    public int SubscriptionCapacity { get; init; } = 1024;

    /// <summary>The options without the password, and without one that was put into the address.</summary>
    public override string ToString() =>
        $"{ClientId} at {(Broker.IsAbsoluteUri ? Broker.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped) : "?")} (client {ClientIndex})";

    internal string Address => string.Create(
        CultureInfo.InvariantCulture, $"{CmqttLimits.AddressScheme}{(Broker.HostNameType == UriHostNameType.IPv6 ? $"[{Broker.IdnHost}]" : Broker.IdnHost)}:{(Broker.IsDefaultPort || Broker.Port < 0 ? DefaultPort : Broker.Port)}");

    internal bool UsesTls => Broker.Scheme == "mqtts";

    // The modem takes tcp:// and 1883 with TLS too, so the port is always given (cmqtt.md 5.8).
    private int DefaultPort => UsesTls ? DefaultTlsPort : CmqttLimits.DefaultPort;

    internal int KeepAliveSeconds => (int)KeepAlive.TotalSeconds;

    internal int PublishTimeoutSeconds => (int)PublishTimeout.TotalSeconds;

    /// <summary>Refuses what the modem cannot take. Connecting does so too, before anything is sent.</summary>
    /// <exception cref="ArgumentException">An option is out of range or cannot be carried by an AT command; the message never holds a password.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Broker);
        if (!Broker.IsAbsoluteUri || Broker.IdnHost.Length == 0)
        {
            throw new ArgumentException("The broker is an address such as mqtt://broker.example:1883.", nameof(Broker));
        }

        if (FindSchemeError(Broker) is { } error)
        {
            throw new ArgumentException(error, nameof(Broker));
        }

        if (Broker.UserInfo.Length > 0)
        {
            throw new ArgumentException("The broker's address must not hold credentials: put them into UserName and Password.", nameof(Broker));
        }

        if (Broker.PathAndQuery.Trim('/').Length > 0 || Broker.Fragment.Length > 0)
        {
            throw new ArgumentException("The broker's address must not have a path or a query: write mqtt://host:port.", nameof(Broker));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(ClientIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ClientIndex, CmqttLimits.Clients);
        ArgumentOutOfRangeException.ThrowIfLessThan(SubscriptionCapacity, 1);
        EnsureSeconds(KeepAlive, CmqttLimits.KeepAliveMinimum, CmqttLimits.KeepAlive, nameof(KeepAlive));
        EnsureSeconds(PublishTimeout, CmqttLimits.PublishTimeoutMinimum, CmqttLimits.PublishTimeout, nameof(PublishTimeout));
        Cmqtt.EnsureLength(ClientId, CmqttLimits.ClientId, "client id", nameof(ClientId));
        EnsureAddress();
        _ = Cmqtt.ConnectCommand(ClientIndex, Address, KeepAliveSeconds, CleanSession, UserName, Password, ConnectTimeout);
        _ = TlsSetup.Of(this);
        if (Will is { } will)
        {
            _ = Cmqtt.PublishTopicBytes(will.Topic, nameof(Will));
            Cmqtt.EnsureLength(will.Payload.Length, 1, CmqttLimits.WillMessage, "will message", nameof(Will));
        }
    }

    internal static string? FindSchemeError(Uri broker) =>
        broker.Scheme is "mqtt" or "tcp" or "mqtts" ? null : $"The broker's scheme {broker.Scheme}:// is not one of mqtt:// and mqtts://.";

    private static void EnsureSeconds(TimeSpan value, int minimum, int maximum, string name)
    {
        if (value.TotalSeconds < minimum || value.TotalSeconds > maximum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {minimum} to {maximum} seconds.");
        }
    }

    private void EnsureAddress() => Cmqtt.EnsureLength(
        Encoding.UTF8.GetByteCount(Address), CmqttLimits.ServerAddressMinimum, CmqttLimits.ServerAddress, "broker address", nameof(Broker));
}
