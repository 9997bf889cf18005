using System.Net;

namespace Sim7600.Emulator.Broker;

/// <summary>Where connections really go, whatever address the firmware names; as a name server of its own would lead them.</summary>
internal sealed record BrokerDestination
{
    /// <summary>Every connection goes where the firmware says.</summary>
    public static BrokerDestination AsNamed { get; } = new();

    /// <summary>Where connections without TLS go, or null for where the firmware says.</summary>
    public DnsEndPoint? Plain { get; init; }

    /// <summary>Where connections with TLS go, or null for where the firmware says.</summary>
    public DnsEndPoint? Tls { get; init; }

    /// <summary>True when connections with TLS go nowhere: the embedded broker has no port for them.</summary>
    public bool RefusesTls { get; init; }

    /// <summary>
    /// True when connections of firmware that asked for none get TLS too; the server is then verified against the CAs of this
    /// computer and by its own name, because the modem has no say in it.
    /// </summary>
    public bool AddsTls { get; init; }

    /// <summary>Told from where a TLS connection comes and which host the firmware named.</summary>
    public Action<EndPoint, string>? Announce { get; init; }
}
