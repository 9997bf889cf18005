using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Lifecycle;
using Sim7600.Driver.Recovery;
using Sim7600.Links;

namespace Sim7600.Mqtt.Hosting;

/// <summary>
/// What a host needs to know of one modem and its broker, as configuration keys. Times are written <c>hh:mm:ss</c>. Everything but
/// <see cref="PortName"/>, <see cref="Broker"/> and <see cref="ClientId"/> has a default.
/// </summary>
public sealed class Sim7600HostOptions
{
    /// <summary>A device path, <c>COM3</c>, <c>tcp://host:port</c>, a UNIX socket, or <c>auto</c>.</summary>
    public string? PortName { get; set; }

    /// <summary>Line speed in baud, 1 or more. A USB port ignores it.</summary>
    public int BaudRate { get; set; } = SerialSettings.Default.BaudRate;

    /// <summary>RTS/CTS flow control; the modem needs <c>AT+IFC=2,2</c> for it.</summary>
    public bool HardwareFlowControl { get; set; }

    /// <summary>The SIM's PIN, 4 to 8 digits; null when the SIM wants none. It is tried once. A secret: keep it out of appsettings.json.</summary>
    public string? Pin { get; set; }

    /// <summary>The access point name; null to leave it as the modem has it.</summary>
    public string? Apn { get; set; }

    /// <summary>The packet data context, 1 to 15; <c>AT+CMQTT*</c> uses 1.</summary>
    public int PacketDataContext { get; set; } = 1;

    /// <summary>The broker: <c>mqtt://host[:port]</c>, or <c>mqtts://host[:port]</c> for TLS.</summary>
    public string? Broker { get; set; }

    /// <summary>MQTT client id, 1 to 128 bytes. It must stay the same over restarts, and belong to this device alone.</summary>
    public string? ClientId { get; set; }

    /// <summary>User name, 1 to 256 bytes; null for none.</summary>
    public string? UserName { get; set; }

    /// <summary>Password, 1 to 256 bytes; null for none. A secret: keep it out of appsettings.json.</summary>
    public string? Password { get; set; }

    /// <summary>Keep-alive, whole seconds from 1 s to 18 h.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>False lets the broker keep subscriptions and messages for this client id.</summary>
    public bool CleanSession { get; set; } = true;

    /// <summary>True to go on with a connection that the modem still has when it is just as this one would be.</summary>
    public bool AdoptConnection { get; set; } = true;

    /// <summary>Which of the modem's two clients to use, 0 or 1.</summary>
    public int ClientIndex { get; set; }

    /// <summary>How long the modem waits for the broker's acknowledgement of a publish: 60 to 180 s.</summary>
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What the broker publishes when this client vanishes; null for nothing.</summary>
    public Sim7600HostWill? Will { get; set; }

    /// <summary>File of the certificate of the authority that signed the broker's certificate, PEM or DER; for <c>mqtts://</c>.</summary>
    public string? CaFile { get; set; }

    /// <summary>File of the certificate by which this device shows who it is; null for none. It needs <see cref="KeyFile"/>.</summary>
    public string? CertFile { get; set; }

    /// <summary>File of the private key of <see cref="CertFile"/>; null for none.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Password of <see cref="KeyFile"/>, 1 to 128 bytes; null for none. A secret: keep it out of appsettings.json.</summary>
    public string? KeyPassword { get; set; }

    /// <summary>True connects over TLS to whoever answers, without any check. For tests only.</summary>
    public bool AllowUntrusted { get; set; }

    /// <summary>True accepts certificates that have expired or are not valid yet: the modem's clock is often not set.</summary>
    public bool IgnoreCertificateDates { get; set; } = true;

    /// <summary>True names the broker's host in the TLS handshake; firmware of 2018 cannot.</summary>
    public bool ServerNameIndication { get; set; } = true;

    /// <summary>What to receive, on every connection from the first on.</summary>
    public IList<Sim7600HostSubscription> Subscriptions { get; } = [];

    /// <summary>How many received messages may wait to be read, 1 or more.</summary>
    public int ReceiveCapacity { get; set; } = 1024;

    /// <summary>What happens beyond <see cref="ReceiveCapacity"/>.</summary>
    public ReceiveOverflow ReceiveOverflow { get; set; } = ReceiveOverflow.DropOldest;

    /// <summary>The file of the outbox: messages in it outlive this process. Null keeps them in memory.</summary>
    public string? OutboxPath { get; set; }

    /// <summary>The outbox's limits.</summary>
    public OutboxOptions Outbox { get; set; } = new();

    /// <summary>
    /// How long stopping the host waits, while it is connected, until what is in the outbox is published; and then for the publish that is under way. Together
    /// with a few seconds for disconnecting this must fit into the host's shutdown time-out (30 s by default).
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How to recover, modem and connection.</summary>
    public RecoveryOptions Recovery { get; set; } = new();

    /// <summary>How often the broker may refuse for a reason that does not pass by itself before trying ends.</summary>
    public int RefusalLimit { get; set; } = 3;

    /// <summary>How long to look for the modem on a port.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a SIM may take to become ready.</summary>
    public TimeSpan SimTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long finding a network may take.</summary>
    public TimeSpan RegistrationTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a restart of the modem may take.</summary>
    public TimeSpan BootTimeout { get; set; } = TimeSpan.FromSeconds(40);

    /// <summary>How often a modem that is online is asked for its registration.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Changes what has no key of its own, after everything else and before it is checked; for code, not for configuration. Null for nothing.</summary>
    public Func<ManagedMqttOptions, ManagedMqttOptions>? Adjust { get; set; }

    /// <summary>The options of the client. They must have been checked.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    internal ManagedMqttOptions ToManaged(AtChannelOptions channel)
    {
        var options = new ManagedMqttOptions
        {
            Modem = new ModemSupervisorOptions
            {
                PortName = PortName!,
                Modem = new Sim7600ModemOptions
                {
                    Serial = SerialSettings.Default with { BaudRate = BaudRate, HardwareFlowControl = HardwareFlowControl },
                    Channel = channel,
                    ProbeTimeout = ProbeTimeout,
                    RegistrationTimeout = RegistrationTimeout,
                },
                Pin = Given(Pin),
                Apn = Given(Apn),
                PacketDataContext = PacketDataContext,
                Recovery = Recovery,
                SimTimeout = SimTimeout,
                BootTimeout = BootTimeout,
                HeartbeatInterval = HeartbeatInterval,
            },
            Connection = new MqttConnectOptions
            {
                Broker = new Uri(Broker!),
                Tls = ReadTls(),
                ClientId = ClientId!,
                UserName = Given(UserName),
                Password = Given(Password),
                KeepAlive = KeepAlive,
                CleanSession = CleanSession,
                AdoptConnection = AdoptConnection,
                ClientIndex = ClientIndex,
                PublishTimeout = PublishTimeout,
                Will = Will?.ToWill(),
            },
            OutboxPath = Given(OutboxPath),
            Outbox = Outbox,
            ReceiveCapacity = ReceiveCapacity,
            ReceiveOverflow = ReceiveOverflow,
            RefusalLimit = RefusalLimit,
            DrainTimeout = DrainTimeout,
        };
        return Adjust?.Invoke(options) ?? options;
    }

    // An empty environment variable is the usual way to say "not this one".
    internal static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private MqttTlsOptions? ReadTls() => new Uri(Broker!).Scheme != "mqtts" ? null : new MqttTlsOptions
    {
        CaCertificate = Read(CaFile),
        ClientCertificate = Read(CertFile),
        ClientKey = Read(KeyFile),
        ClientKeyPassword = Given(KeyPassword),
        AllowUntrusted = AllowUntrusted,
        IgnoreCertificateDates = IgnoreCertificateDates,
        ServerNameIndication = ServerNameIndication,
    };

    private static ReadOnlyMemory<byte> Read(string? path) => Given(path) is { } file ? File.ReadAllBytes(file) : default;
}
