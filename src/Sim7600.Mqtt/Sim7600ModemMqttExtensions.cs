using Sim7600.Driver;

namespace Sim7600.Mqtt;

/// <summary>MQTT on a modem.</summary>
public static class Sim7600ModemMqttExtensions
{
    /// <summary>
    /// Connects to a broker through the modem's own MQTT client: for TLS the certificates and the SSL context, then START, ACCQ, the will,
    /// CONNECT. What an earlier run of the host left in the modem (service started, client acquired or connected) is taken over.
    /// </summary>
    /// <param name="modem">The modem, registered on a network.</param>
    /// <param name="options">The broker, the client id and the rest.</param>
    /// <param name="ct">Gives up; the modem is then left as it was found, as far as it answers.</param>
    /// <returns>The connected client. Dispose it before the modem.</returns>
    /// <exception cref="MqttConnectException">The modem or the broker refused; it has the number, its meaning and advice.</exception>
    /// <exception cref="ArgumentException">An option is out of range or cannot be carried by an AT command; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">The client index is in use by another client object of this modem.</exception>
    /// <exception cref="CertificateUploadException">The modem refused to store a certificate.</exception>
    /// <exception cref="SslSettingRefusedException">The modem refused a TLS setting; old firmware does not know SNI and key passwords.</exception>
    /// <exception cref="AtException">There was no answer in time, the modem restarted, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<Sim7600MqttClient> ConnectMqttAsync(this Sim7600Modem modem, MqttConnectOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(modem);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return Sim7600MqttClient.ConnectAsync(modem, options, ct);
    }
}
