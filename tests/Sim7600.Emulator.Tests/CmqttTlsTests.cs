using Sim7600.Emulator.Broker;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Tests;

/// <summary>What AT+CMQTTCONNECT makes of an SSL context and the files in the modem.</summary>
[Parallelizable(ParallelScope.All)]
public class CmqttTlsTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Connect = "AT+CMQTTCONNECT=0,\"tcp://broker.example:8883\",60,1\r";

    [Test]
    public async Task A_client_of_server_type_0_has_no_TLS_and_one_of_type_1_has_that_of_its_context()
    {
        await using var bench = new ModemBench();
        await AcquireAsync(bench, serverType: 0);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
        Assert.That(bench.Broker.Sessions.Single().Request!.Tls, Is.Null);
        await bench.SayAsync("AT+CMQTTACCQ=1,\"x\",1\r", Ok);
        await bench.SayAsync("AT+CSSLCFG=\"enableSNI\",1,1\r", Ok);
        await bench.SayAsync("AT+CMQTTCONNECT=1,\"tcp://broker.example:8883\",60,1\r", Ok + "\r\n+CMQTTCONNECT: 1,0\r\n");
        TlsRequest tls = bench.Broker.Sessions.Last().Request!.Tls!;
        Assert.That(tls.SendsServerName, Is.True, "no CMQTTSSLCFG: the context with the client's number");
        Assert.That(tls, Has.Property("Version").EqualTo(4).And.Property("VerifiesServer").False.And.Property("IgnoresDates").True.And.Property("OffersTls13").False);
    }

    [Test]
    public async Task All_of_a_context_reaches_the_bridge()
    {
        await using var bench = new ModemBench();
        await LoadAsync(bench, "ca.pem", "the CA");
        await LoadAsync(bench, "c.pem", "the certificate");
        await LoadAsync(bench, "k.der", "\0\u0001key");
        foreach (string setting in new[]
        {
            "\"sslversion\",7,3", "\"authmode\",7,2", "\"ignorelocaltime\",7,0", "\"negotiatetime\",7,20", "\"cacert\",7,\"ca.pem\"", "\"clientcert\",7,\"c.pem\"",
            "\"clientkey\",7,\"k.der\"", "\"keypwd\",7,\"pw\"", "\"ciphersuites\",7,0xC02B,0xC02F",
        })
        {
            await bench.SayAsync($"AT+CSSLCFG={setting}\r", Ok);
        }

        await bench.SayAsync("AT+CCLK=\"26/03/01,12:00:00+04\"\r", Ok);
        await AcquireAsync(bench);
        await bench.SayAsync("AT+CMQTTSSLCFG=0,7\r", Ok);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
        TlsRequest tls = bench.Broker.Sessions.Single().Request!.Tls!;
        Assert.That(tls, Has.Property("Version").EqualTo(3).And.Property("VerifiesServer").True.And.Property("IgnoresDates").False.And.Property("VerifiesHostName").True);
        Assert.That(tls.NegotiationTime, Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(tls.Now, Is.EqualTo(new DateTimeOffset(2026, 3, 1, 11, 0, 0, TimeSpan.Zero)), "the modem's own clock");
        Assert.That(tls.Authority!.Content, Is.EqualTo("the CA"u8.ToArray()));
        Assert.That(tls.ClientCertificate!.Content, Is.EqualTo("the certificate"u8.ToArray()));
        Assert.That(tls.ClientKey!.Content, Is.EqualTo("\0\u0001key"u8.ToArray()));
        Assert.That(tls.KeyPassword, Is.EqualTo("pw"));
        Assert.That(tls.CipherSuites, Is.EqualTo(new[] { 0xC02B, 0xC02F }));
        Assert.That(tls.ToString(), Does.Not.Contain("pw"));
    }

    [TestCase(0, true, false)]
    [TestCase(3, false, true)]
    [TestCase(1, true, false)]
    public async Task Only_what_authmode_asks_for_is_used(int mode, bool hasAuthority, bool hasClient)
    {
        await using var bench = new ModemBench();
        await ConfigureAsync(bench, mode, "ca.pem", "c.pem", "k.pem");
        foreach (string name in new[] { "ca.pem", "c.pem", "k.pem" })
        {
            await LoadAsync(bench, name, "x");
        }

        await AcquireAsync(bench);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
        TlsRequest tls = bench.Broker.Sessions.Single().Request!.Tls!;
        Assert.That(tls.Authority is not null, Is.EqualTo(hasAuthority && mode != 0));
        Assert.That(tls.ClientCertificate is not null, Is.EqualTo(hasClient));
        Assert.That(tls.VerifiesServer, Is.EqualTo(mode == 1));
    }

    [TestCase(1, "", "c.pem", "k.pem", "cacert, which is not set")]
    [TestCase(2, "", "c.pem", "k.pem", "cacert, which is not set")]
    [TestCase(2, "ca.pem", "", "k.pem", "clientcert, which is not set")]
    [TestCase(2, "ca.pem", "c.pem", "", "clientkey, which is not set")]
    [TestCase(3, "", "", "k.pem", "clientcert, which is not set")]
    [TestCase(1, "other.pem", "", "", "cacert, and there is no file 'other.pem' in the modem")]
    [TestCase(2, "ca.pem", "c.pem", "other.der", "clientkey, and there is no file 'other.der' in the modem")]
    public async Task What_authmode_needs_and_is_not_there_is_33(int mode, string authority, string certificate, string key, string reason)
    {
        var log = new RecordedWarnings();
        await using var bench = new ModemBench(log: log);
        await ConfigureAsync(bench, mode, authority, certificate, key);
        foreach (string name in new[] { "ca.pem", "c.pem", "k.pem" })
        {
            await LoadAsync(bench, name, "x");
        }

        await AcquireAsync(bench);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,33\r\n");
        Assert.That(bench.Broker.Log, Has.None.EqualTo("connect"), "nothing is dialled");
        Assert.That(log.Warnings.Single(), Does.Contain(reason));
        await bench.SayAsync("AT+CSSLCFG=\"authmode\",0,0\r", Ok);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,0\r\n", "the client is still acquired (log 117)");
    }

    [Test]
    public async Task CMQTTSSLCFG_is_taken_before_ACCQ_and_forgotten_by_a_failed_CONNECT_and_by_DISC()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTSSLCFG=0,3\r", Ok, "log 016");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"x\",1\r", Ok);
        await bench.SayAsync("AT+CMQTTSSLCFG?\r", "\r\n+CMQTTSSLCFG: 0,3\r\n+CMQTTSSLCFG: 1\r\n" + Ok);
        bench.Broker.Answer = _ => CmqttResultCode.HandshakeFailed;
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,32\r\n");
        await bench.SayAsync("AT+CMQTTSSLCFG?\r", "\r\n+CMQTTSSLCFG: 0\r\n+CMQTTSSLCFG: 1\r\n" + Ok);
        bench.Broker.Answer = _ => CmqttResultCode.Success;
        await bench.SayAsync("AT+CMQTTSSLCFG=0,4\r", Ok);
        await bench.SayAsync(Connect, Ok + "\r\n+CMQTTCONNECT: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTSSLCFG?\r", "\r\n+CMQTTSSLCFG: 0,4\r\n+CMQTTSSLCFG: 1\r\n" + Ok);
        await bench.SayAsync("AT+CMQTTDISC=0,60\r", Ok + "\r\n+CMQTTDISC: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTSSLCFG?\r", "\r\n+CMQTTSSLCFG: 0\r\n+CMQTTSSLCFG: 1\r\n" + Ok);
    }

    [Test]
    public async Task A_handshake_may_outlast_the_120_seconds_of_a_plain_connection()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CSSLCFG=\"negotiatetime\",0,200\r", Ok);
        await AcquireAsync(bench);
        bench.Broker.Answer = _ => null;
        await bench.SayAsync(Connect, Ok);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(319)), Is.Empty);
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(1)), Is.EqualTo("\r\n+CMQTTCONNECT: 0,17\r\n"));
    }

    private static async Task AcquireAsync(ModemBench bench, int serverType = 1)
    {
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
        await bench.SayAsync($"AT+CMQTTACCQ=0,\"dev-1\",{serverType}\r", Ok);
    }

    private static async Task ConfigureAsync(ModemBench bench, int mode, string authority, string certificate, string key)
    {
        await bench.SayAsync($"AT+CSSLCFG=\"authmode\",0,{mode}\r", Ok);
        await bench.SayAsync($"AT+CSSLCFG=\"cacert\",0,\"{authority}\"\r", Ok);
        await bench.SayAsync($"AT+CSSLCFG=\"clientcert\",0,\"{certificate}\"\r", Ok);
        await bench.SayAsync($"AT+CSSLCFG=\"clientkey\",0,\"{key}\"\r", Ok);
    }

    private static async Task LoadAsync(ModemBench bench, string name, string content)
    {
        await bench.SayAsync($"AT+CCERTDOWN=\"{name}\",{content.Length}\r", "\r\n>");
        await bench.SayAsync(content, Ok);
    }
}
