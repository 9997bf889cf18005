using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using Sim7600.Driver.Sockets;
using Sim7600.Mqtt.Channels;

namespace Sim7600.Mqtt.Tests;

/// <summary>What MQTTnet's options become on the modem's sockets, and which of them say that they cannot.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class MqttChannelTargetTests
{
    [TestCase("broker.example", 1883, false)]
    [TestCase("203.0.113.7", 8884, true)]
    public void Host_port_and_TLS_are_taken(string host, int port, bool tls)
    {
        SocketTlsOptions? given = tls ? new SocketTlsOptions { AllowUntrusted = true } : null;
        MqttChannelTarget target = MqttChannelTarget.Of(Options(host, port, tls), given);
        Assert.That((target.Host, target.Port, target.Tls), Is.EqualTo((host, port, given)));
        Assert.That(target.EndPoint, host[0] == '2' ? Is.EqualTo(new IPEndPoint(IPAddress.Parse(host), port)) : Is.EqualTo(new DnsEndPoint(host, port)));
    }

    [Test]
    public void Certificates_are_not_ignored_by_a_client_without_TLS() => Assert.That(
        () => MqttChannelTarget.Of(Options("h", 1883, tls: false), new SocketTlsOptions { AllowUntrusted = true }),
        Throws.TypeOf<NotSupportedException>().With.Message.Contains("WithTlsOptions"));

    [Test]
    public void The_trust_chain_of_MQTTnet_becomes_the_CA_file()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 authority = new CertificateRequest("CN=CA", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(70));
        MqttClientOptions options = new MqttClientOptionsBuilder().WithTcpServer("h", 8883)
            .WithTlsOptions(tls => tls.UseTls().WithTrustChain([authority])).Build();
        SocketTlsOptions translated = MqttChannelTarget.Of(options, tls: null).Tls!;
        Assert.That(Encoding.ASCII.GetString(translated.CaCertificate.Span), Is.EqualTo(authority.ExportCertificatePem() + "\n"));
        Assert.That(translated.AllowUntrusted, Is.False);
    }

    [Test]
    public void Untrusted_certificates_are_taken_only_when_MQTTnet_was_told_so()
    {
        MqttClientOptions options = new MqttClientOptionsBuilder().WithTcpServer("h", 8883)
            .WithTlsOptions(tls => tls.UseTls().WithAllowUntrustedCertificates()).Build();
        Assert.That(MqttChannelTarget.Of(options, tls: null).Tls!.AllowUntrusted);
        Assert.That(MqttChannelTarget.Of(Options("h", 8883, tls: true), tls: null).Tls!.AllowUntrusted, Is.False);
    }

    [Test]
    public void What_the_modem_cannot_do_is_named()
    {
        Refuses("ChannelOptions", new MqttClientOptionsBuilder().WithWebSocketServer(web => web.WithUri("ws://h/mqtt")).Build());
        MqttClientOptions bound = Options("h", 1, tls: false);
        ((MqttClientTcpOptions)bound.ChannelOptions).LocalEndpoint = new IPEndPoint(IPAddress.Loopback, 1);
        Refuses("LocalEndpoint", bound);
        Refuses("CertificateValidationHandler", new MqttClientOptionsBuilder().WithTcpServer("h", 1).WithTlsOptions(tls => tls.UseTls().WithCertificateValidationHandler(_ => false)).Build());
    }

    private static void Refuses(string option, MqttClientOptions options) =>
        Assert.That(() => MqttChannelTarget.Of(options, tls: null), Throws.TypeOf<NotSupportedException>().With.Message.Contains(option));

    private static MqttClientOptions Options(string host, int port, bool tls)
    {
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder().WithTcpServer(host, port);
        return (tls ? options.WithTlsOptions(secured => secured.UseTls()) : options).Build();
    }
}
