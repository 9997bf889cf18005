using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sim7600.Emulator.Broker;
using Sim7600.Protocol.Results;
using Sim7600.Testing;

namespace Sim7600.Emulator.Tests;

/// <summary>The bridge's TLS against a server of .NET: what the server sees, the modem's code, and the one warning that says why.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TlsBridgeTests : IDisposable
{
    private const string Host = "broker.example";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TestAuthority _authority = new();
    private readonly RecordedWarnings _log = new();
    private readonly FakeTimeProvider _time = new(Now);

    private TlsRequest Verified => new()
    {
        VerifiesServer = true,
        VerifiesHostName = true,
        Now = Now,
        NegotiationTime = TimeSpan.FromSeconds(300),
        Authority = Pem("ca.pem", _authority.Pem),
    };

    public void Dispose() => _authority.Dispose();

    [Test]
    public async Task A_server_of_the_given_CA_is_trusted([Values] bool sendsName)
    {
        using var server = new TlsServer(_authority.Issue(Host));
        (CmqttResultCode code, TlsServer.Seen? seen) = await ConnectAsync(server, Verified with { SendsServerName = sendsName });
        Assert.That(code, Is.EqualTo(CmqttResultCode.Success), string.Join('\n', _log.All));
        Assert.That(seen!.ServerName, Is.EqualTo(sendsName ? Host : ""), "SNI");
        Assert.That(seen.Protocol, Is.EqualTo(SslProtocols.Tls12), "a SIM7600 has no TLS 1.3");
        Assert.That(_log.Warnings, Is.Empty);
    }

    [Test]
    public async Task The_CA_may_be_DER_or_one_of_several_in_a_file()
    {
        using var other = new TestAuthority("Another CA");
        foreach (TlsFile file in new[]
        {
            new TlsFile("ca.der", _authority.Certificate.RawData),
            Pem("ca.pem", other.Pem + _authority.Pem),
            Pem("ca.pem", _authority.Pem.ReplaceLineEndings("\r\n")),
            Pem("ca.pem", _authority.Pem.TrimEnd('\n')),
        })
        {
            using var server = new TlsServer(_authority.Issue(Host));
            (CmqttResultCode code, _) = await ConnectAsync(server, Verified with { Authority = file });
            Assert.That(code, Is.EqualTo(CmqttResultCode.Success), string.Join('\n', _log.All));
        }
    }

    [Test]
    public async Task A_server_of_another_CA_is_32_and_without_verification_trusted()
    {
        using var other = new TestAuthority("Another CA");
        using var server = new TlsServer(other.Issue(Host));
        await FailsAsync(server, Verified, CmqttResultCode.HandshakeFailed, "issued by CN=Another CA", "'ca.pem'");
        using var again = new TlsServer(other.Issue(Host));
        (CmqttResultCode code, _) = await ConnectAsync(again, Verified with { VerifiesServer = false });
        Assert.That(code, Is.EqualTo(CmqttResultCode.Success));
    }

    [Test]
    public async Task An_expired_certificate_is_32_unless_dates_are_ignored()
    {
        using var server = new TlsServer(_authority.Issue(Host, until: 2025));
        await FailsAsync(server, Verified, CmqttResultCode.HandshakeFailed, "2025-01-01", "2026-03-01", "ignorelocaltime is 0");
        using var again = new TlsServer(_authority.Issue(Host, until: 2025));
        (CmqttResultCode code, _) = await ConnectAsync(again, Verified with { IgnoresDates = true });
        Assert.That(code, Is.EqualTo(CmqttResultCode.Success));
    }

    [Test]
    public async Task Dates_are_those_of_the_modem_and_not_of_this_computer()
    {
        using var server = new TlsServer(_authority.Issue(Host, until: 2025));
        (CmqttResultCode code, _) = await ConnectAsync(server, Verified with { Now = new DateTimeOffset(2024, 6, 1, 0, 0, 0, TimeSpan.Zero) });
        Assert.That(code, Is.EqualTo(CmqttResultCode.Success), string.Join('\n', _log.All));
    }

    [Test]
    public async Task Ignored_dates_do_not_make_a_strange_CA_trusted()
    {
        using var other = new TestAuthority("Another CA");
        using var server = new TlsServer(other.Issue(Host, until: 2025));
        await FailsAsync(server, Verified with { IgnoresDates = true }, CmqttResultCode.HandshakeFailed, "Another CA");
    }

    [Test]
    public async Task A_certificate_for_another_host_is_32_while_names_are_verified()
    {
        using var server = new TlsServer(_authority.Issue("else.example"));
        await FailsAsync(server, Verified, CmqttResultCode.HandshakeFailed, "CN=else.example", "'broker.example'");
        using var again = new TlsServer(_authority.Issue("else.example"));
        (CmqttResultCode code, _) = await ConnectAsync(again, Verified with { VerifiesHostName = false });
        Assert.That(code, Is.EqualTo(CmqttResultCode.Success));
    }

    [TestCase(3, SslProtocols.Tls12, true)]
    [TestCase(4, SslProtocols.Tls12, true)]
    [TestCase(4, SslProtocols.Tls13, false)]
    [TestCase(2, SslProtocols.Tls12, false)]
    [TestCase(1, SslProtocols.Tls12, false)]
    [TestCase(0, SslProtocols.Tls12, false)]
    public async Task The_version_is_limited_by_sslversion(int version, SslProtocols offered, bool succeeds)
    {
        using var server = new TlsServer(_authority.Issue(Host)) { Protocols = offered };
        if (succeeds)
        {
            (CmqttResultCode code, TlsServer.Seen? seen) = await ConnectAsync(server, Verified with { Version = version });
            Assert.That(code, Is.EqualTo(CmqttResultCode.Success));
            Assert.That(seen!.Protocol, Is.EqualTo(offered));
        }
        else
        {
            await FailsAsync(server, Verified with { Version = version }, CmqttResultCode.HandshakeFailed);
        }
    }

    [Test]
    public async Task A_profile_may_offer_TLS_1_3()
    {
        using var server = new TlsServer(_authority.Issue(Host));
        (_, TlsServer.Seen? seen) = await ConnectAsync(server, Verified with { OffersTls13 = true });
        Assert.That(seen!.Protocol, Is.EqualTo(SslProtocols.Tls13));
    }

    [Test]
    public async Task Cipher_suites_are_those_of_the_context()
    {
        using var server = new TlsServer(_authority.Issue(Host));
        (_, TlsServer.Seen? seen) = await ConnectAsync(server, Verified with { CipherSuites = [0xC02B] });
        Assert.That(seen!.Suite, Is.EqualTo(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256));
        using var again = new TlsServer(_authority.Issue(Host));
        await FailsAsync(again, Verified with { CipherSuites = [0x2F] }, CmqttResultCode.HandshakeFailed);
    }

    [TestCase("pkcs8", false)]
    [TestCase("pkcs8", true)]
    [TestCase("encrypted", false)]
    [TestCase("encrypted", true)]
    [TestCase("traditional", false)]
    [TestCase("traditional", true)]
    [TestCase("der", false)]
    [TestCase("der", true)]
    [TestCase("encrypted der", false)]
    [TestCase("traditional der", true)]
    [TestCase("traditional der", false)]
    public async Task A_client_certificate_is_shown_from_every_kind_of_file(string kind, bool rsa)
    {
        using X509Certificate2 client = _authority.Issue("node-7", rsa: rsa);
        AsymmetricAlgorithm key = TestAuthority.KeyOf(client);
        var pbe = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        byte[] content = kind switch
        {
            "pkcs8" => Ascii(key.ExportPkcs8PrivateKeyPem()),
            "encrypted" => Ascii(key.ExportEncryptedPkcs8PrivateKeyPem("open sesame", pbe)),
            "traditional" => Ascii(key is RSA pem ? pem.ExportRSAPrivateKeyPem() : "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + ((ECDsa)key).ExportECPrivateKeyPem()),
            "der" => key.ExportPkcs8PrivateKey(),
            "encrypted der" => key.ExportEncryptedPkcs8PrivateKey("open sesame", pbe),
            _ => key is RSA der ? der.ExportRSAPrivateKey() : ((ECDsa)key).ExportECPrivateKey(),
        };
        using var server = new TlsServer(_authority.Issue(Host)) { DemandsCertificate = true };
        (CmqttResultCode code, TlsServer.Seen? seen) = await ConnectAsync(server, Verified with
        {
            ClientCertificate = kind.EndsWith("der", StringComparison.Ordinal) ? new TlsFile("c.der", client.RawData) : Pem("c.pem", client.ExportCertificatePem()),
            ClientKey = new TlsFile("k.pem", content),
            KeyPassword = "open sesame",
        });
        Assert.That(code, Is.EqualTo(CmqttResultCode.Success), string.Join('\n', _log.All));
        Assert.That(seen!.ClientSubject, Is.EqualTo("CN=node-7"));
    }

    [Test]
    public async Task Files_that_are_not_what_they_should_be_are_34()
    {
        using X509Certificate2 client = _authority.Issue("node-7");
        using X509Certificate2 other = _authority.Issue("node-8");
        using X509Certificate2 rsa = _authority.Issue("node-9", rsa: true);
        TlsRequest mutual = Verified with { ClientCertificate = Pem("c.pem", client.ExportCertificatePem()), ClientKey = Pem("k.pem", TestAuthority.KeyPem(client)) };
        string encrypted = TestAuthority.KeyPem(client, "open sesame");
        using var server = new TlsServer(_authority.Issue(Host)); // nobody comes
        foreach ((TlsRequest request, string[] said) in new (TlsRequest, string[])[]
        {
            (mutual with { Authority = Pem("ca.pem", "rubbish") }, ["'ca.pem'", "neither PEM nor DER"]),
            (mutual with { Authority = Pem("ca.pem", _authority.Pem[..^40]) }, ["'ca.pem'"]),
            (mutual with { ClientCertificate = Pem("c.pem", "") }, ["'c.pem'"]),
            (mutual with { ClientCertificate = Pem("c.pem", TestAuthority.KeyPem(client)) }, ["'c.pem'", "BEGIN CERTIFICATE"]),
            (mutual with { ClientKey = Pem("k.pem", "rubbish") }, ["'k.pem'", "EC private key"]),
            (mutual with { ClientKey = Pem("k.pem", client.ExportCertificatePem()) }, ["'k.pem'", "EC private key"]),
            (mutual with { ClientKey = Pem("k.pem", TestAuthority.KeyPem(other)) }, ["'k.pem'", "does not belong", "'c.pem'"]),
            (mutual with { ClientKey = Pem("k.pem", TestAuthority.KeyPem(rsa)) }, ["'k.pem'"]),
            (mutual with { ClientKey = Pem("k.pem", encrypted) }, ["'k.pem'", "keypwd is not set"]),
            (mutual with { ClientKey = Pem("k.pem", encrypted), KeyPassword = "s3cr3t-guess" }, ["'k.pem'", "keypwd does not open it"]),
        })
        {
            CmqttResultCode code = await SessionAsync(server, request);
            Assert.That(code, Is.EqualTo(CmqttResultCode.SslSessionFailed), string.Join(' ', said));
            foreach (string text in said)
            {
                Assert.That(_log.Warnings.Last(), Does.Contain(text));
            }
        }

        Assert.That(_log.All, Has.None.Contains("s3cr3t-guess"));
    }

    [Test]
    public async Task A_server_that_closes_behind_the_handshake_is_26()
    {
        using var server = new TlsServer(_authority.Issue(Host)) { ClosesAfterHandshake = true };
        await FailsAsync(server, Verified, CmqttResultCode.SocketClosedByServer, "after the TLS handshake", "client certificate");
    }

    [Test]
    public async Task A_server_that_does_not_speak_TLS_is_32()
    {
        using var server = new TlsServer(_authority.Issue(Host));
        Task closing = server.AcceptAndCloseAsync();
        CmqttResultCode code = await SessionAsync(server, Verified);
        await closing;
        Assert.That(code, Is.EqualTo(CmqttResultCode.HandshakeFailed));
        Assert.That(_log.Warnings.Single(), Does.Contain("during the TLS handshake"));
    }

    [Test]
    public async Task A_handshake_that_takes_longer_than_negotiatetime_is_32()
    {
        using var server = new TlsServer(_authority.Issue(Host));
        Task<TcpClient> accepting = server.AcceptSilentlyAsync();
        Task<CmqttResultCode> connecting = SessionAsync(server, Verified with { NegotiationTime = TimeSpan.FromSeconds(10) });
        using TcpClient silent = await accepting;
        Assert.That(await silent.GetStream().ReadAsync(new byte[1]), Is.EqualTo(1), "the handshake has begun");
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(connecting.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.That(await connecting.WaitAsync(TimeSpan.FromSeconds(20)), Is.EqualTo(CmqttResultCode.HandshakeFailed));
        Assert.That(_log.Warnings.Single(), Does.Contain("10 s (negotiatetime)"));
    }

    [Test]
    public async Task A_port_where_nobody_listens_is_3()
    {
        int port;
        using (var server = new TlsServer(_authority.Issue(Host)))
        {
            port = server.Port;
        }

        Assert.That(await SessionAsync(port, Verified), Is.EqualTo(CmqttResultCode.SocketConnectFailed));
    }

    private static TlsFile Pem(string name, string text) => new(name, Ascii(text));

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private async Task FailsAsync(TlsServer server, TlsRequest request, CmqttResultCode expected, params string[] said)
    {
        (CmqttResultCode code, _) = await ConnectAsync(server, request);
        Assert.That(code, Is.EqualTo(expected), string.Join('\n', _log.All));
        Assert.That(_log.Warnings.Count(), Is.EqualTo(1), string.Join('\n', _log.All));
        foreach (string text in said)
        {
            Assert.That(_log.Warnings.Single(), Does.Contain(text));
        }
    }

    /// <summary>Connects; what the server saw is there unless the modem never came.</summary>
    private async Task<(CmqttResultCode Code, TlsServer.Seen? Seen)> ConnectAsync(TlsServer server, TlsRequest request)
    {
        Task<TlsServer.Seen> serving = server.ServeAsync();
        CmqttResultCode code = await SessionAsync(server, request);
        return (code, await serving);
    }

    private Task<CmqttResultCode> SessionAsync(TlsServer server, TlsRequest request) => SessionAsync(server.Port, request);

    private async Task<CmqttResultCode> SessionAsync(int port, TlsRequest request)
    {
        // As with a name server of our own: the firmware names broker.example, the connection goes to the server of the test.
        var here = new System.Net.DnsEndPoint("127.0.0.1", port);
        var bridge = new MqttBrokerBridge(new BrokerDestination { Plain = here, Tls = here }, _time, _log);
        await using IBrokerSession session = bridge.CreateSession(new NoEvents());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await session.ConnectAsync(
            new ConnectRequest { Host = Host, Port = 8883, ClientId = "dev-1", MqttVersion = 4, KeepAlive = 60, CleanSession = true, Tls = request }, limit.Token);
    }

    private sealed class NoEvents : ISessionEvents
    {
        public void MessageReceived(byte[] topic, byte[] payload)
        {
        }

        public void PacketPassed(MQTTnet.Packets.MqttPacket packet, bool toBroker)
        {
        }

        public void ConnectionLost(int cause)
        {
        }
    }
}
