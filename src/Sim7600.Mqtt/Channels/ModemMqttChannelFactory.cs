using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using Sim7600.Driver;

namespace Sim7600.Mqtt.Channels;

/// <summary>
/// Lets MQTTnet's own client run over the modem's TCP and TLS sockets instead of this computer's: MQTT 5, packets of any size, up to ten
/// plain clients and two with TLS.
/// </summary>
/// <remarks>
/// <para>The client's options are MQTTnet's: <c>WithTcpServer(host, port)</c>, and <c>WithTlsOptions</c> for TLS, which the modem does. What the modem
/// cannot do throws <see cref="NotSupportedException"/>, which names the option, when the client connects.</para>
/// <para>The keep-alive is MQTTnet's, through the modem; every packet costs AT commands, so 30 s and more suit a UART.</para>
/// </remarks>
/// <example>
/// <code>
/// using IMqttClient client = modem.CreateMqttChannelFactory().CreateMqttClient();
/// await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("broker.example", 1883).WithProtocolVersion(MqttProtocolVersion.V500).Build(), ct);
/// </code>
/// </example>
public sealed class ModemMqttChannelFactory : IMqttClientAdapterFactory
{
    private readonly Sim7600Modem _modem;
    private readonly MqttChannelOptions _options;

    internal ModemMqttChannelFactory(Sim7600Modem modem, MqttChannelOptions options)
    {
        _modem = modem;
        _options = options;
    }

    /// <summary>Creates MQTTnet's client over the modem's sockets. It opens a socket when it connects, and closes it when it disconnects.</summary>
    /// <returns>The client; dispose it before the modem.</returns>
    public IMqttClient CreateMqttClient() => new MqttClientFactory().CreateMqttClient(this);

    /// <summary>Creates what MQTTnet's client speaks through; called by the client when it connects.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="packetInspector">MQTTnet's.</param>
    /// <param name="logger">MQTTnet's.</param>
    /// <returns>The adapter.</returns>
    /// <exception cref="NotSupportedException">An option asks for what the modem's sockets cannot do; the message names it.</exception>
    public IMqttChannelAdapter CreateClientAdapter(MqttClientOptions options, MqttPacketInspector packetInspector, IMqttNetLogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        MqttChannelTarget target = MqttChannelTarget.Of(options, _options.Tls);
        var formatter = new MqttPacketFormatterAdapter(options.ProtocolVersion, new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax));
        var channel = new ModemMqttChannel(_modem.Sockets, target, _options.Socket);
        return new MqttChannelAdapter(channel, formatter, logger)
        {
            AllowPacketFragmentation = options.AllowPacketFragmentation,
            PacketInspector = packetInspector,
        };
    }
}
