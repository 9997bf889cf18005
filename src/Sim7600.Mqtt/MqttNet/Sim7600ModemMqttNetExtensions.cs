using MQTTnet;
using Sim7600.Driver;

namespace Sim7600.Mqtt;

/// <summary>MQTTnet's client on a modem.</summary>
public static class Sim7600ModemMqttNetExtensions
{
    /// <summary>
    /// Makes a client for code that is written for MQTTnet, over the modem's own MQTT client (MQTT 3.1.1, messages up to 10,240 bytes). It takes the
    /// first of the modem's two clients that is free when it connects, so two of them can be connected at a time. See <see cref="ModemMqttClient"/> for what differs.
    /// </summary>
    /// <param name="modem">The modem, registered on a network.</param>
    /// <returns>The client, not connected. Dispose it before the modem.</returns>
    public static IMqttClient CreateMqttClient(this Sim7600Modem modem)
    {
        ArgumentNullException.ThrowIfNull(modem);
        return new ModemMqttClient(modem);
    }
}
