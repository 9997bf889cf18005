using Sim7600.Driver;
using Sim7600.Mqtt.Channels;

namespace Sim7600.Mqtt;

/// <summary>MQTTnet's own client on a modem.</summary>
public static class Sim7600ModemMqttChannelExtensions
{
    /// <summary>
    /// Makes a factory of MQTTnet clients that go through the modem's sockets: MQTT 5 and packets of any size, where the modem's own MQTT client
    /// has 3.1.1 and 10,240 bytes.
    /// </summary>
    /// <param name="modem">The modem, registered on a network.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The factory; it may be kept.</returns>
    public static ModemMqttChannelFactory CreateMqttChannelFactory(this Sim7600Modem modem, MqttChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(modem);
        return new ModemMqttChannelFactory(modem, options ?? new MqttChannelOptions());
    }
}
