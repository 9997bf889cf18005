using System.Net;
using System.Text;
using MQTTnet;
using Sim7600.Driver.Sockets;

namespace Sim7600.Mqtt.Channels;

/// <summary>Where a client wants to go by MQTTnet's options, as far as the modem can go there.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Tls">How it is protected; null for plain TCP.</param>
internal sealed record MqttChannelTarget(string Host, int Port, SocketTlsOptions? Tls)
{
    public EndPoint EndPoint => IPAddress.TryParse(Host, out IPAddress? address) ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port);

    /// <exception cref="NotSupportedException">An option asks for what the modem's sockets cannot do.</exception>
    public static MqttChannelTarget Of(MqttClientOptions options, SocketTlsOptions? tls)
    {
        if (options.ChannelOptions is not MqttClientTcpOptions tcp)
        {
            throw new NotSupportedException($"{nameof(MqttClientOptions.ChannelOptions)}: the modem's sockets carry TCP only; use WithTcpServer.");
        }

        if (tcp.StreamProvider is not null)
        {
            throw new NotSupportedException($"{nameof(MqttClientTcpOptions.StreamProvider)}: the modem's socket is the stream here.");
        }

        if (tcp.LocalEndpoint is not null)
        {
            throw new NotSupportedException($"{nameof(MqttClientTcpOptions.LocalEndpoint)}: the modem chooses its own address.");
        }

        (string host, int port) = tcp.RemoteEndpoint switch
        {
            DnsEndPoint named => (named.Host, named.Port),
            IPEndPoint numbered => (numbered.Address.ToString(), numbered.Port),
            _ => throw new NotSupportedException($"{nameof(MqttClientTcpOptions.RemoteEndpoint)}: the modem goes to a host name or an IP address with a port."),
        };
        bool usesTls = tcp.TlsOptions is { UseTls: true };
        if (tls is not null && !usesTls)
        {
            throw new NotSupportedException(
                $"{nameof(MqttClientTcpOptions.TlsOptions)}: the factory was given {nameof(MqttChannelOptions)}.{nameof(MqttChannelOptions.Tls)}, but this client's options ask " +
                "for no TLS, and all it sends would be readable. Add WithTlsOptions(tls => tls.UseTls()), or make a factory without certificates for plain clients.");
        }

        return new MqttChannelTarget(host, port == 0 ? (usesTls ? 8883 : 1883) : port, usesTls ? tls ?? Translate(tcp.TlsOptions) : null);
    }

    private static SocketTlsOptions Translate(MqttClientTlsOptions options)
    {
        if (options.ClientCertificatesProvider?.GetCertificates() is { Count: > 0 })
        {
            throw new NotSupportedException(
                $"{nameof(MqttClientTlsOptions.ClientCertificatesProvider)}: the modem needs the key too; give both to CreateMqttChannelFactory (MqttChannelOptions.Tls).");
        }

        if (options.CertificateValidationHandler is not null)
        {
            throw new NotSupportedException(
                $"{nameof(MqttClientTlsOptions.CertificateValidationHandler)}: the modem checks certificates itself; give the CA by WithTrustChain or MqttChannelOptions.Tls.");
        }

        var authorities = new StringBuilder();
        foreach (System.Security.Cryptography.X509Certificates.X509Certificate2 authority in options.TrustChain ?? [])
        {
            authorities.Append(authority.ExportCertificatePem()).Append('\n');
        }

        return new SocketTlsOptions { CaCertificate = Encoding.ASCII.GetBytes(authorities.ToString()), AllowUntrusted = authorities.Length == 0 && options.AllowUntrustedCertificates };
    }
}
