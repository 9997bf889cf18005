using System.Security.Cryptography.X509Certificates;
using Sim7600.EndToEnd.Processes;
using Sim7600.Testing;

namespace Sim7600.EndToEnd;

/// <summary>Raw bytes at the emulator's port, a real mosquitto with TLS at the far end.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TlsTests : IDisposable
{
    private readonly TlsFolder _tls = new();

    [OneTimeSetUp]
    public static void RequirePosix() => Tools.RequirePosix();

    public void Dispose() => _tls.Dispose();

    [Test]
    public async Task A_message_reaches_mosquitto_over_TLS_with_the_server_verified()
    {
        await using MosquittoBroker mosquitto = await _tls.StartMosquittoAsync();
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await OpenAsync(emulator);
        await modem.ConfigureAsync("authmode=1", "cacert=ca.pem", "enableSNI=1");
        await modem.AcquireAsync();
        await modem.SayAsync("AT+CMQTTSSLCFG=0,0");
        await modem.ConnectAsync($"localhost:{mosquitto.Port}");
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync($"localhost:{mosquitto.Port}", "plant/7", 1, "--cafile", _tls.CaFile);
        await modem.PublishAsync("plant/7", "21.5");
        Assert.That(await MosquittoBroker.PayloadAsync(subscriber), Is.EqualTo("21.5"u8.ToArray()));
        await modem.DisconnectAsync();
    }

    [Test]
    public async Task Another_CA_is_32_and_nobody_cares_with_authmode_0()
    {
        using var other = new TestAuthority("Another CA");
        await using MosquittoBroker mosquitto = await _tls.StartMosquittoAsync();
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await OpenAsync(emulator);
        await modem.LoadAsync("other.pem", other.Pem);
        await modem.ConfigureAsync("authmode=1", "cacert=other.pem");
        await modem.AcquireAsync();
        await modem.ConnectAsync($"localhost:{mosquitto.Port}", 32);
        await emulator.Process.ErrorLineAsync("does not lead to a CA in 'other.pem'");
        await modem.ConfigureAsync("authmode=0");
        await modem.ConnectAsync($"localhost:{mosquitto.Port}");
    }

    [Test]
    public async Task Dates_count_by_the_clock_of_the_modem_unless_ignorelocaltime_is_1()
    {
        await using MosquittoBroker good = await _tls.StartMosquittoAsync();
        using var expiredFiles = new TlsFolder();
        await using MosquittoBroker expired = await expiredFiles.StartMosquittoAsync("localhost", 2020);
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await OpenAsync(emulator);
        await modem.LoadAsync("expired-ca.pem", expiredFiles.Authority.Pem);
        await modem.ConfigureAsync("authmode=1", "cacert=expired-ca.pem", "ignorelocaltime=1");
        await modem.AcquireAsync();
        await modem.ConnectAsync($"localhost:{expired.Port}");
        await modem.DisconnectAsync();
        await modem.ConfigureAsync("ignorelocaltime=0");
        await modem.SayAsync("AT+CCLK=\"26/03/01,12:00:00+00\"");
        await modem.ConnectAsync($"localhost:{expired.Port}", 32);
        await emulator.Process.ErrorLineAsync("2020-01-01");
        await modem.ConfigureAsync("cacert=ca.pem");
        await modem.ConnectAsync($"localhost:{good.Port}");
        await modem.DisconnectAsync();
        await modem.SayAsync("AT+CCLK=\"80/01/06,00:00:00+00\"");
        await modem.ConnectAsync($"localhost:{good.Port}", 32);
        await emulator.Process.ErrorLineAsync("AT+CCLK");
    }

    [Test]
    public async Task A_certificate_for_another_host_is_32()
    {
        await using MosquittoBroker mosquitto = await _tls.StartMosquittoAsync();
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await OpenAsync(emulator);
        await modem.ConfigureAsync("authmode=1", "cacert=ca.pem");
        await modem.AcquireAsync();
        await modem.ConnectAsync($"127.0.0.1:{mosquitto.Port}", 32);
        await emulator.Process.ErrorLineAsync("does not name the host '127.0.0.1'");
    }

    [TestCase(2)]
    [TestCase(3)]
    public async Task A_broker_that_demands_a_certificate_gets_it(int mode)
    {
        await using MosquittoBroker mosquitto = await _tls.StartMosquittoAsync("require_certificate true");
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await OpenAsync(emulator);
        using X509Certificate2 client = _tls.Authority.Issue("node-7", rsa: mode == 2);
        await modem.LoadAsync("clientcert.pem", client.ExportCertificatePem());
        await modem.LoadAsync("clientkey.pem", TestAuthority.KeyPem(client));
        await modem.ConfigureAsync($"authmode={mode}", "cacert=ca.pem", "clientcert=clientcert.pem");
        await modem.AcquireAsync();
        await modem.ConnectAsync($"localhost:{mosquitto.Port}", 33);
        await emulator.Process.ErrorLineAsync("clientkey, which is not set");
        await modem.ConfigureAsync("clientkey=clientkey.pem");
        await modem.ConnectAsync($"localhost:{mosquitto.Port}");
        await modem.PublishAsync("a/b", "mutual");
        await modem.DisconnectAsync();
    }

    [Test]
    public async Task A_broker_that_demands_a_certificate_and_gets_none_ends_the_handshake()
    {
        await using MosquittoBroker mosquitto = await _tls.StartMosquittoAsync("require_certificate true");
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await OpenAsync(emulator);
        await modem.ConfigureAsync("authmode=1", "cacert=ca.pem");
        await modem.AcquireAsync();
        await modem.ConnectAsync($"localhost:{mosquitto.Port}", 32);
    }

    [Test]
    public async Task An_encrypted_key_opens_with_keypwd_only()
    {
        await using MosquittoBroker mosquitto = await _tls.StartMosquittoAsync("require_certificate true");
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await OpenAsync(emulator);
        using X509Certificate2 client = _tls.Authority.Issue("node-7");
        await modem.LoadAsync("clientcert.pem", client.ExportCertificatePem());
        await modem.LoadAsync("clientkey.pem", TestAuthority.KeyPem(client, "0pen-sesame"));
        await modem.ConfigureAsync("authmode=2", "cacert=ca.pem", "clientcert=clientcert.pem", "clientkey=clientkey.pem");
        await modem.AcquireAsync();
        await modem.ConnectAsync($"localhost:{mosquitto.Port}", 34);
        await emulator.Process.ErrorLineAsync("keypwd is not set");
        await modem.ConfigureAsync("keypwd=wr0ng-guess");
        await modem.ConnectAsync($"localhost:{mosquitto.Port}", 34);
        await emulator.Process.ErrorLineAsync("keypwd does not open it");
        await modem.ConfigureAsync("keypwd=0pen-sesame");
        await modem.ConnectAsync($"localhost:{mosquitto.Port}");
        Assert.That(emulator.Process.Output + emulator.Process.Errors, Does.Not.Contain("0pen-sesame").And.Not.Contain("wr0ng-guess").And.Not.Contain("PRIVATE KEY"));
    }

    [TestCase("tlsv1.2", 3, 0)]
    [TestCase("tlsv1.2", 4, 0)]
    [TestCase("tlsv1.2", 2, 32)]
    [TestCase("tlsv1.3", 4, 32)]
    public async Task The_version_must_be_one_of_both_sides(string offered, int version, int code)
    {
        await using MosquittoBroker mosquitto = await _tls.StartMosquittoAsync($"tls_version {offered}");
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await OpenAsync(emulator);
        await modem.ConfigureAsync("authmode=1", "cacert=ca.pem", $"sslversion={version}");
        await modem.AcquireAsync();
        await modem.ConnectAsync($"localhost:{mosquitto.Port}", code);
    }

    [Test]
    public async Task The_host_is_named_in_the_handshake_when_SNI_is_on([Values(0, 1)] int sni)
    {
        using var server = new TlsServer(_tls.Authority.Issue("broker.example"));
        await using EmulatorProcess emulator = await StartAsync($"mqtt://127.0.0.1:{server.Port}");
        using RawModem modem = await OpenAsync(emulator);
        await modem.ConfigureAsync("authmode=1", "cacert=ca.pem", $"enableSNI={sni}");
        await modem.AcquireAsync();
        Task<TlsServer.Seen> serving = server.ServeAsync();
        await modem.ConnectAsync("broker.example:8883");
        Assert.That((await serving).ServerName, Is.EqualTo(sni == 1 ? "broker.example" : ""));
    }

    [Test]
    public async Task A_plain_port_is_32_for_TLS_and_a_TLS_port_is_26_for_plain()
    {
        await using MosquittoBroker plain = await MosquittoBroker.StartAsync();
        await using MosquittoBroker secured = await _tls.StartMosquittoAsync();
        await using EmulatorProcess emulator = await StartAsync();
        using RawModem modem = await OpenAsync(emulator);
        await modem.AcquireAsync();
        await modem.ConnectAsync($"localhost:{plain.Port}", 32);
        await modem.SayAsync("AT+CMQTTREL=0");
        await modem.SayAsync("AT+CMQTTACCQ=0,\"plain\"");
        await modem.ConnectAsync($"localhost:{secured.Port}", 26);
    }

    [Test]
    public async Task The_route_mqtts_carries_firmware_with_TLS_and_without()
    {
        await using MosquittoBroker mosquitto = await _tls.StartMosquittoAsync();

        // The CA of the test as one that this computer trusts: where OpenSSL, and so .NET, looks for those.
        await using EmulatorProcess emulator = await EmulatorProcess.StartWithAsync(
            new Dictionary<string, string> { ["SSL_CERT_FILE"] = _tls.CaFile }, "--tcp", "127.0.0.1:0", "--broker", $"mqtts://localhost:{mosquitto.Port}");
        using RawModem modem = await OpenAsync(emulator);
        await modem.AcquireAsync(tls: false);
        await modem.ConnectAsync("any.example");
        await modem.PublishAsync("a", "plain firmware");
        await modem.DisconnectAsync();
        await modem.SayAsync("AT+CMQTTREL=0");
        await modem.SayAsync("AT+CMQTTACCQ=0,\"secured\",1");
        await modem.ConfigureAsync("authmode=1", "cacert=ca.pem");
        await modem.ConnectAsync("localhost:8883");
        await modem.DisconnectAsync();
        await modem.ConnectAsync("any.example:8883", 32);
        await emulator.Process.ErrorLineAsync("does not name the host 'any.example'");
    }

    [Test]
    public async Task The_route_mqtts_does_not_trust_a_CA_that_this_computer_does_not_know()
    {
        await using MosquittoBroker mosquitto = await _tls.StartMosquittoAsync();
        await using EmulatorProcess emulator = await StartAsync($"mqtts://localhost:{mosquitto.Port}");
        using RawModem modem = await OpenAsync(emulator);
        await modem.AcquireAsync(tls: false);
        await modem.ConnectAsync("any.example", 32);
        await emulator.Process.ErrorLineAsync("that this computer trusts");
    }

    private static Task<EmulatorProcess> StartAsync(string route = "direct") => EmulatorProcess.StartBareAsync("--tcp", "127.0.0.1:0", "--broker", route);

    /// <summary>A modem that has the CA of the test as <c>ca.pem</c>.</summary>
    private async Task<RawModem> OpenAsync(EmulatorProcess emulator)
    {
        RawModem modem = await RawModem.OpenAsync(emulator);
        await modem.LoadAsync("ca.pem", _tls.Authority.Pem);
        return modem;
    }
}
