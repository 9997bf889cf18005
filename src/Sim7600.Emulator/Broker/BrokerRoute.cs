using Sim7600.Protocol;

namespace Sim7600.Emulator;

/// <summary>Where the modem's MQTT connections go.</summary>
public sealed record BrokerRoute
{
    private const int DefaultTlsPort = 8883;

    private BrokerRoute(string name, Uri? address)
    {
        Name = name;
        Address = address;
    }

    /// <summary>A broker inside the emulator, on loopback; every address that the firmware names leads to it.</summary>
    public static BrokerRoute Embedded { get; } = new("embedded", null);

    /// <summary>The address that the firmware names is dialled.</summary>
    public static BrokerRoute Direct { get; } = new("direct", null);

    /// <summary>How the command line writes it.</summary>
    public string Name { get; }

    /// <summary>The one broker that every address leads to, or null.</summary>
    public Uri? Address { get; }

    /// <summary>True when every connection to <see cref="Address"/> has TLS.</summary>
    internal bool IsTls => Address?.Scheme == "mqtts";

    /// <summary>Port of <see cref="Address"/>.</summary>
    internal int Port => Address is not { Port: > 0 } ? (IsTls ? DefaultTlsPort : CmqttLimits.DefaultPort) : Address.Port;

    /// <summary>One given broker; every address that the firmware names leads to it.</summary>
    /// <param name="address"><c>mqtt://host[:port]</c> or <c>mqtts://host[:port]</c>; the port is 1883 or 8883 when it is left out. With
    /// <c>mqtts</c>, connections of firmware that asked for no TLS get it on the way, verified against the CAs of this computer.</param>
    /// <returns>The route.</returns>
    /// <exception cref="ArgumentException">The address is not of that form.</exception>
    public static BrokerRoute To(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("mqtt" or "mqtts") || address.Host.Length == 0
            || address.PathAndQuery.Trim('/').Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
        {
            // The address itself is not shown: it may hold a password, which the firmware gives in AT+CMQTTCONNECT instead.
            throw new ArgumentException("A broker address is mqtt://host:port or mqtts://host:port, without user name, password, path and query.", nameof(address));
        }

        return new BrokerRoute(address.ToString(), address);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
