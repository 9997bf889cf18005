using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using Sim7600.Driver.Features;
using Sim7600.Protocol;

namespace Sim7600.Mqtt;

/// <summary>Says in the modem's words what MQTTnet's options ask for.</summary>
internal static class ConnectOptionsOfMqttNet
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Translates options.</summary>
    /// <exception cref="NotSupportedException">An option that the modem cannot do is set; the message names it.</exception>
    /// <exception cref="ArgumentException">An option is out of the modem's range.</exception>
    public static MqttConnectOptions Translate(MqttClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Unsupported.ThrowIfMqtt5(options);
        if (options.ProtocolVersion is not (MqttProtocolVersion.V500 or MqttProtocolVersion.V311))
        {
            throw Unsupported.Property(nameof(options.ProtocolVersion), "The modem's own client speaks MQTT 3.1.1.");
        }

        if (string.IsNullOrEmpty(options.ClientId))
        {
            throw Unsupported.Property(nameof(options.ClientId), "It is empty, and the modem needs one of 1 to 128 bytes: set it.");
        }

        if (options.KeepAlivePeriod < TimeSpan.FromSeconds(CmqttLimits.KeepAliveMinimum))
        {
            throw Unsupported.Property(
                nameof(options.KeepAlivePeriod), $"The modem cannot do without keep-alive: set {CmqttLimits.KeepAliveMinimum} to {CmqttLimits.KeepAlive} seconds.");
        }

        (string host, int port, MqttClientTlsOptions? tls) = Endpoint(options.ChannelOptions);
        (string? user, string? password) = Credentials(options);
        var translated = new MqttConnectOptions
        {
            Broker = Address(tls is null ? "mqtt" : "mqtts", host, port),
            ClientId = options.ClientId,
            KeepAlive = TimeSpan.FromSeconds(Math.Ceiling(options.KeepAlivePeriod.TotalSeconds)),
            CleanSession = options.CleanSession,
            UserName = user,
            Password = password,
            Will = Will(options),
            Tls = tls is null ? null : Tls(tls, host),
        };
        translated.Validate();
        return translated;
    }

    private static Uri Address(string scheme, string host, int port) =>
        Uri.TryCreate($"{scheme}://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}", UriKind.Absolute, out Uri? address)
            ? address
            : throw new ArgumentException($"{host} is no host name and no IP address.");

    private static (string Host, int Port, MqttClientTlsOptions? Tls) Endpoint(IMqttClientChannelOptions? channel)
    {
        if (channel is null)
        {
            throw new ArgumentException("ChannelOptions are not set: call WithTcpServer.");
        }

        if (channel is not MqttClientTcpOptions tcp)
        {
            throw Unsupported.Property(nameof(MqttClientOptions.ChannelOptions), "The modem's own client does TCP and TLS, no WebSocket and no other transport.");
        }

        if (tcp.StreamProvider is not null)
        {
            throw Unsupported.Property(nameof(tcp.StreamProvider), "The modem's own client makes its connections itself.");
        }

        if (tcp.LocalEndpoint is not null)
        {
            throw Unsupported.Property(nameof(tcp.LocalEndpoint), "The modem chooses its own address.");
        }

        if (tcp.ProtocolType is not (ProtocolType.Tcp or ProtocolType.Unspecified))
        {
            throw Unsupported.Property(nameof(tcp.ProtocolType), "The modem's own client does TCP.");
        }

        MqttClientTlsOptions? tls = tcp.TlsOptions is { UseTls: true } ? tcp.TlsOptions : null;
        return tcp.RemoteEndpoint switch
        {
            DnsEndPoint dns => (dns.Host, PortOf(dns.Port, tls), tls),
            IPEndPoint ip => (ip.Address.ToString(), PortOf(ip.Port, tls), tls),
            null => throw new ArgumentException("RemoteEndpoint is not set: call WithTcpServer."),
            _ => throw Unsupported.Property(nameof(tcp.RemoteEndpoint), "The modem's own client takes a host name or an IP address."),
        };
    }

    private static int PortOf(int port, MqttClientTlsOptions? tls) => port != 0 ? port : tls is null ? 1883 : 8883;

    private static (string? User, string? Password) Credentials(MqttClientOptions options)
    {
        if (options.Credentials is not { } provider)
        {
            return (null, null);
        }

        string? user = provider.GetUserName(options) is { Length: > 0 } name ? name : null;
        if (provider.GetPassword(options) is not { Length: > 0 } bytes)
        {
            return (user, null);
        }

        if (user is null)
        {
            throw Unsupported.Property(nameof(options.Credentials), "MQTT 3.1.1 has no password without a user name.");
        }

        try
        {
            return (user, StrictUtf8.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            // Without the cause, which would hold bytes of the password.
            throw Unsupported.Property(nameof(options.Credentials), "The password is not UTF-8 text, and an AT command carries nothing else.");
        }
    }

    private static MqttWill? Will(MqttClientOptions options)
    {
        if (string.IsNullOrEmpty(options.WillTopic))
        {
            return null;
        }

        if (options.WillRetain)
        {
            throw Unsupported.Property(nameof(options.WillRetain), "The modem has no retain flag for the will.");
        }

        return options.WillPayload is { Length: > 0 } payload
            ? new MqttWill(options.WillTopic, payload, options.WillQualityOfServiceLevel)
            : throw Unsupported.Property(nameof(options.WillPayload), "The modem's will has at least one byte.");
    }

    private static MqttTlsOptions Tls(MqttClientTlsOptions tls, string host)
    {
        ThrowIfUnsupported(tls, host);
        bool unchecked_ = tls.AllowUntrustedCertificates || tls.IgnoreCertificateChainErrors;
        if (!unchecked_ && tls.TrustChain is not { Count: > 0 })
        {
            throw Unsupported.Property(
                nameof(tls.TrustChain),
                "It is empty, and the modem has no authorities of its own: add the certificate of the authority that signed the broker's, or set AllowUntrustedCertificates.");
        }

        (string certificate, string key) = ClientCertificate(tls);
        return new MqttTlsOptions
        {
            CaCertificate = unchecked_ ? default : Encoding.ASCII.GetBytes(string.Join('\n', tls.TrustChain.Select(one => one.ExportCertificatePem()))),
            AllowUntrusted = unchecked_,
            ClientCertificate = Encoding.ASCII.GetBytes(certificate),
            ClientKey = Encoding.ASCII.GetBytes(key),
            Version = Version(tls.SslProtocol),
        };
    }

    private static void ThrowIfUnsupported(MqttClientTlsOptions tls, string host)
    {
        if (tls.CertificateValidationHandler is { } handler && handler.Method.DeclaringType != typeof(MqttClientDefaultCertificateValidationHandler))
        {
            throw Unsupported.Property(
                nameof(tls.CertificateValidationHandler),
                "The modem does TLS and asks nobody: set TrustChain to the authority to trust, or AllowUntrustedCertificates to check nothing.");
        }

        if (tls.CertificateSelectionHandler is not null)
        {
            throw Unsupported.Property(nameof(tls.CertificateSelectionHandler), "The modem does TLS and asks nobody: set ClientCertificatesProvider.");
        }

        if (tls.CipherSuitesPolicy is not null)
        {
            throw Unsupported.Property(nameof(tls.CipherSuitesPolicy), "The modem chooses the cipher suites.");
        }

        if (tls.ApplicationProtocols is { Count: > 0 })
        {
            throw Unsupported.Property(nameof(tls.ApplicationProtocols), "The modem does no ALPN.");
        }

        if (tls.EncryptionPolicy != EncryptionPolicy.RequireEncryption)
        {
            throw Unsupported.Property(nameof(tls.EncryptionPolicy), "The modem always encrypts.");
        }

        if (!string.IsNullOrEmpty(tls.TargetHost) && !string.Equals(tls.TargetHost, host, StringComparison.OrdinalIgnoreCase))
        {
            throw Unsupported.Property(nameof(tls.TargetHost), "The modem names the host that it connects to, and no other.");
        }
    }

    private static (string Certificate, string Key) ClientCertificate(MqttClientTlsOptions tls)
    {
        if (tls.ClientCertificatesProvider?.GetCertificates() is not { Count: > 0 } certificates)
        {
            return ("", "");
        }

        X509Certificate2 certificate = certificates.OfType<X509Certificate2>().FirstOrDefault(one => one.HasPrivateKey)
            ?? throw Unsupported.Property(nameof(tls.ClientCertificatesProvider), "None of its certificates has a private key.");
        try
        {
            using AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey();
            return key is null
                ? throw Unsupported.Property(nameof(tls.ClientCertificatesProvider), "The client certificate's key is neither RSA nor ECDSA.")
                : (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        }
        catch (CryptographicException)
        {
            throw Unsupported.Property(
                nameof(tls.ClientCertificatesProvider), "The modem needs the client's private key, and this one cannot be exported: load it with X509KeyStorageFlags.Exportable.");
        }
    }

#pragma warning disable CA5397, CA5398, SYSLIB0039 // What the caller chose is passed on, not chosen.
    private static SslVersion Version(SslProtocols protocols) => protocols switch
    {
        SslProtocols.Tls => SslVersion.Tls10,
        SslProtocols.Tls11 => SslVersion.Tls11,
        SslProtocols.Tls12 => SslVersion.Tls12,
        SslProtocols.Tls13 => throw Unsupported.Property(nameof(MqttClientTlsOptions.SslProtocol), "The modem's newest version is TLS 1.2."),

        // The modem has one version or all. With Tls12 | Tls13, which is what MQTTnet's builder sets, only TLS 1.2 is within its reach.
        _ when protocols.HasFlag(SslProtocols.Tls12) && !protocols.HasFlag(SslProtocols.Tls11) && !protocols.HasFlag(SslProtocols.Tls) => SslVersion.Tls12,
        _ => SslVersion.All,
    };
#pragma warning restore CA5397, CA5398, SYSLIB0039
}
