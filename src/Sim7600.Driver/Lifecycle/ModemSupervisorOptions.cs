using Sim7600.Driver.Recovery;
using Sim7600.Links;

namespace Sim7600.Driver.Lifecycle;

/// <summary>How to bring a modem online and keep it there. Immutable; change a copy with <c>with</c>.</summary>
public sealed record ModemSupervisorOptions
{
    /// <summary>A device path, <c>COM3</c>, <c>tcp://host:port</c>, a UNIX socket, or <c>auto</c>.</summary>
    public required string PortName { get; init; }

    /// <summary>How to talk to the modem.</summary>
    public Sim7600ModemOptions Modem { get; init; } = new();

    /// <summary>The SIM's PIN, 4 to 8 digits; null when the SIM wants none. It is tried once, and reaches no log and no exception.</summary>
    public string? Pin { get; init; }

    /// <summary>The access point name of packet data context <see cref="PacketDataContext"/>; null to leave it as the modem has it.</summary>
    public string? Apn { get; init; }

    /// <summary>The packet data context, 1 to 15; <c>AT+CMQTT*</c> uses 1.</summary>
    public int PacketDataContext { get; init; } = 1;

    /// <summary>How to recover.</summary>
    public RecoveryOptions Recovery { get; init; } = new();

    /// <summary>How long a SIM may take to become ready.</summary>
    public TimeSpan SimTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a restart may take until the modem says <c>RDY</c> or its port goes away; 8 to 12 s were seen (<c>core.md</c> 4.2).</summary>
    public TimeSpan BootTimeout { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How often a modem that is online is asked for its registration, so that one that died without a word is found.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Opens the line instead of <see cref="PortName"/>, which then is only a name; null for the port.</summary>
    public Func<CancellationToken, Task<ISerialLink>>? OpenLink { get; init; }

    internal Func<IReadOnlyList<Sim7600Port>> FindPorts { get; init; } = Sim7600Ports.Find;

    /// <summary>The options without the PIN.</summary>
    public override string ToString() => $"{PortName}{(Apn is null ? "" : $", APN {Apn}")}{(Pin is null ? "" : ", with a PIN")}";

    /// <summary>Refuses what makes no sense. Starting does so too.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message never holds the PIN.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(PortName);
        Recovery.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(PacketDataContext, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PacketDataContext, 15);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SimTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(BootTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HeartbeatInterval, TimeSpan.Zero);
        if (Pin is not null && (Pin.Length is < 4 or > 8 || Pin.AsSpan().ContainsAnyExceptInRange('0', '9')))
        {
            throw new ArgumentException("A PIN is 4 to 8 digits.", nameof(Pin));
        }

        if (Apn is { } apn && (apn.Length is 0 or > 100 || apn.AsSpan().ContainsAny("\"\r\n\0")))
        {
            throw new ArgumentException("An APN is 1 to 100 characters without quotes and line ends.", nameof(Apn));
        }
    }
}
