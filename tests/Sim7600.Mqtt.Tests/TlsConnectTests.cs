using System.Text;
using Sim7600.Driver;
using Sim7600.Driver.Features;

namespace Sim7600.Mqtt.Tests;

/// <summary>Connecting over TLS: files, context, client, in this order, and the context again before each CONNECT.</summary>
[CancelAfter(60_000)]
public sealed class TlsConnectTests
{
    private const string Ca = "-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n";
    private const string Certificate = "-----BEGIN CERTIFICATE-----\nQ0xJRU5U\n-----END CERTIFICATE-----\n";
    private const string Key = "-----BEGIN PRIVATE KEY-----\nU0VDUkVU\n-----END PRIVATE KEY-----\n";
    private const string EncryptedKey = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nU0VDUkVU\n-----END ENCRYPTED PRIVATE KEY-----\n";

    // sha256sum of Ca, Certificate and Key.
    private const string CaName = "ca-c87eec099a7c3203.pem";
    private const string CertificateName = "cert-0fe907cb8b01f994.pem";
    private const string KeyName = "key-1b838498f39ef142.pem";

    private const string Connect = "AT+CMQTTCONNECT=0,\"tcp://b.example:8883\",60,1\r";

    private static readonly MqttConnectOptions Checked = Talk.Plain with { Broker = new("mqtts://b.example"), Tls = new() { CaCertificate = Bytes(Ca) } };

    private static readonly MqttConnectOptions Mutual = Checked with
    {
        Tls = new() { CaCertificate = Bytes(Ca), ClientCertificate = Bytes(Certificate), ClientKey = Bytes(Key), ClientKeyPassword = "hunter2" },
    };

    [Test]
    public async Task The_whole_way_with_a_client_certificate()
    {
        await using Talk talk = await Talk.Opened(byteByByte: true);
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Mutual with { Broker = new("mqtts://b.example:8884"), UserName = "u" });
        await talk.Peer.Answers("AT+CCERTLIST\r", "\r\nOK\r\n");
        await Stores(talk, CaName, Ca);
        await Stores(talk, CertificateName, Certificate);
        await Stores(talk, KeyName, Key);
        await Sets(talk, "\"sslversion\",0,4", "\"authmode\",0,2", "\"ignorelocaltime\",0,1", "\"negotiatetime\",0,120");
        await Sets(talk, $"\"cacert\",0,\"{CaName}\"", $"\"clientcert\",0,\"{CertificateName}\"", $"\"clientkey\",0,\"{KeyName}\"");
        await Sets(talk, "\"enableSNI\",0,1", "\"keypwd\",0,\"hunter2\"");
        await Acquires(talk);
        await talk.Peer.Answers("AT+CMQTTSSLCFG=0,0\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:8884\",60,1,\"u\"\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");

        Assert.That((await connecting).IsConnected);
        Assert.That(talk.Log.Text + Mutual + Mutual.Tls, Does.Not.Contain("hunter2").And.Not.Contain("U0VDUkVU").And.Not.Contain("PRIVATE"));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task A_certificate_that_is_stored_is_not_sent_again_and_the_port_is_8883()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Checked);
        await Prepares(talk);
        await talk.Peer.Answers(Connect, "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        Sim7600MqttClient client = await connecting;

        Task leaving = client.DisconnectAsync();
        await talk.Disconnects();
        await leaving;
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Nothing_is_checked_only_when_that_was_said()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(
            Checked with { Tls = new() { AllowUntrusted = true, ServerNameIndication = false, SslContext = 7, IgnoreCertificateDates = false, Version = SslVersion.Tls12 } });
        await Sets(talk, "\"sslversion\",7,3", "\"authmode\",7,0", "\"ignorelocaltime\",7,0", "\"negotiatetime\",7,120");
        await Acquires(talk);
        await talk.Peer.Answers("AT+CMQTTSSLCFG=0,7\r", "\r\nOK\r\n");
        await talk.Peer.Answers(Connect, "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");

        Assert.That((await connecting).IsConnected);
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task A_client_certificate_without_a_ca_shows_itself_and_checks_nothing()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(
            Mutual with { Tls = Mutual.Tls! with { CaCertificate = default, AllowUntrusted = true, ClientKeyPassword = null } });
        await talk.Peer.Answers("AT+CCERTLIST\r", $"\r\n+CCERTLIST: \"{KeyName}\"\r\n+CCERTLIST: \"{CertificateName}\"\r\n\r\nOK\r\n");
        await Sets(talk, "\"sslversion\",0,4", "\"authmode\",0,3", "\"ignorelocaltime\",0,1", "\"negotiatetime\",0,120");
        await Sets(talk, $"\"clientcert\",0,\"{CertificateName}\"", $"\"clientkey\",0,\"{KeyName}\"", "\"enableSNI\",0,1");
        await Acquires(talk);
        await talk.Peer.Answers("AT+CMQTTSSLCFG=0,0\r", "\r\nOK\r\n");
        await talk.Peer.Answers(Connect, "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");

        Assert.That((await connecting).IsConnected);
    }

    [Test]
    public async Task An_address_is_no_server_name_and_the_second_client_has_its_own_context()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Checked with { Broker = new("mqtts://10.0.0.7"), ClientIndex = 1 });
        await talk.Peer.Answers("AT+CCERTLIST\r", $"\r\n+CCERTLIST: \"{CaName}\"\r\n\r\nOK\r\n");
        await Sets(talk, "\"sslversion\",1,4", "\"authmode\",1,1", "\"ignorelocaltime\",1,1", "\"negotiatetime\",1,120", $"\"cacert\",1,\"{CaName}\"");
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=1,\"node-7\",1\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTSSLCFG=1,1\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=1,\"tcp://10.0.0.7:8883\",60,1\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 1,0\r\n");

        Assert.That((await connecting).IsConnected);
    }

    [Test]
    public async Task The_context_is_chosen_again_before_each_connect()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Checked);
        await Prepares(talk);
        await talk.Peer.Answers(Connect, "\r\n+CMQTTCONNECT: 0,14\r\n\r\nERROR\r\n");
        await talk.Time.Passes(TimeSpan.FromMilliseconds(250));
        await talk.Peer.Answers("AT+CMQTTSSLCFG=0,0\r", "\r\nOK\r\n");
        await talk.Peer.Answers(Connect, "\r\n+CMQTTCONNECT: 0,13\r\n\r\nERROR\r\n");
        await talk.Peer.Answers("AT+CMQTTDISC=0,60\r", "\r\nOK\r\n\r\n+CMQTTDISC: 0,0\r\n");
        await talk.Peer.Answers("AT+CMQTTSSLCFG=0,0\r", "\r\nOK\r\n");
        await talk.Peer.Answers(Connect, "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");

        Assert.That((await connecting).IsConnected);
        talk.Peer.ExpectsNothingMore();
    }

    [TestCase(true, ",1")]
    [TestCase(false, "")]
    public async Task A_client_that_was_acquired_for_the_other_kind_is_acquired_anew(bool tls, string serverType)
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(tls ? Checked : Talk.Plain);
        if (tls)
        {
            await Configures(talk);
        }

        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n");
        await talk.Peer.Answers($"AT+CMQTTACCQ=0,\"node-7\"{serverType}\r", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ?\r", $"\r\n+CMQTTACCQ: 0,\"node-7\",{(tls ? 0 : 1)},3\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTDISC?\r", "\r\n+CMQTTDISC: 0,1\r\n+CMQTTDISC: 1,1\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTREL=0\r", "\r\nOK\r\n");
        await talk.Peer.Answers($"AT+CMQTTACCQ=0,\"node-7\"{serverType}\r", "\r\nOK\r\n");
        if (tls)
        {
            await talk.Peer.Answers("AT+CMQTTSSLCFG=0,0\r", "\r\nOK\r\n");
        }

        await talk.Peer.Answers(tls ? Connect : "AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        Assert.That((await connecting).IsConnected);
    }

    [TestCase(26, "TLS", "client certificate")]
    [TestCase(32, "CA", "SNI", "clock", "client certificate")]
    public async Task A_failed_handshake_says_what_to_look_at(int code, params string[] hints)
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Checked);
        await Prepares(talk);
        await talk.Peer.Answers(Connect, $"\r\nOK\r\n\r\n+CMQTTCONNECT: 0,{code}\r\n");
        await talk.Releases();

        MqttConnectException error = (await Assert.ThrowsAsync<MqttConnectException>(() => connecting))!;
        Assert.That(error.Result!.Number, Is.EqualTo(code));
        foreach (string hint in hints)
        {
            Assert.That(error.Message, Does.Contain(hint));
        }

        talk.Peer.ExpectsNothingMore();
    }

    [TestCase(33, "cacert", "clientcert")]
    [TestCase(34, "AT+CCERTLIST", "LF")]
    public async Task Files_that_the_modem_cannot_use_are_explained_and_not_trusted_the_next_time(int code, params string[] hints)
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Checked);
        await Prepares(talk);
        await talk.Peer.Answers(Connect, $"\r\nOK\r\n\r\n+CMQTTCONNECT: 0,{code}\r\n");
        await talk.Releases();
        await talk.Peer.Answers($"AT+CCERTDELE=\"{CaName}\"\r", "\r\nOK\r\n");
        MqttConnectException error = (await Assert.ThrowsAsync<MqttConnectException>(() => connecting))!;
        foreach (string hint in hints)
        {
            Assert.That(error.Message, Does.Contain(hint));
        }

        // Sent anew; and when that does not help it is not the file, which stays.
        connecting = talk.Modem.ConnectMqttAsync(Checked);
        await talk.Peer.Answers("AT+CCERTLIST\r", "\r\nOK\r\n");
        await Stores(talk, CaName, Ca);
        await SetsChecked(talk);
        await Acquires(talk);
        await talk.Peer.Answers("AT+CMQTTSSLCFG=0,0\r", "\r\nOK\r\n");
        await talk.Peer.Answers(Connect, $"\r\nOK\r\n\r\n+CMQTTCONNECT: 0,{code}\r\n");
        await talk.Releases();
        await Assert.ThrowsAsync<MqttConnectException>(() => connecting);
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Firmware_without_sni_is_said_so_before_anything_is_started()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Checked);
        await talk.Peer.Answers("AT+CCERTLIST\r", $"\r\n+CCERTLIST: \"{CaName}\"\r\n\r\nOK\r\n");
        await Sets(talk, "\"sslversion\",0,4", "\"authmode\",0,1", "\"ignorelocaltime\",0,1", "\"negotiatetime\",0,120", $"\"cacert\",0,\"{CaName}\"");
        await talk.Peer.Answers("AT+CSSLCFG=\"enableSNI\",0,1\r", "\r\nERROR\r\n");

        SslSettingRefusedException error = (await Assert.ThrowsAsync<SslSettingRefusedException>(() => connecting))!;
        Assert.That(error.Message, Does.Contain("SNI").And.Contain("server name indication off"));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task A_refused_key_password_is_not_shown()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Mutual);
        await talk.Peer.Answers(
            "AT+CCERTLIST\r", $"\r\n+CCERTLIST: \"{CaName}\"\r\n+CCERTLIST: \"{CertificateName}\"\r\n+CCERTLIST: \"{KeyName}\"\r\n\r\nOK\r\n");
        await Sets(talk, "\"sslversion\",0,4", "\"authmode\",0,2", "\"ignorelocaltime\",0,1", "\"negotiatetime\",0,120");
        await Sets(talk, $"\"cacert\",0,\"{CaName}\"", $"\"clientcert\",0,\"{CertificateName}\"", $"\"clientkey\",0,\"{KeyName}\"", "\"enableSNI\",0,1");
        await talk.Peer.Answers("AT+CSSLCFG=\"keypwd\",0,\"hunter2\"\r", "AT+CSSLCFG=\"keypwd\",0,\"hunter2\"\r\r\nERROR\r\n");

        SslSettingRefusedException error = (await Assert.ThrowsAsync<SslSettingRefusedException>(() => connecting))!;
        Assert.That(error.Key, Is.EqualTo("keypwd"));
        Assert.That(error + talk.Log.Text, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task A_refused_upload_ends_the_connect_before_anything_is_started()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Checked);
        await talk.Peer.Answers("AT+CCERTLIST\r", "\r\nOK\r\n");
        await talk.Peer.Answers($"AT+CCERTDOWN=\"{CaName}\",{Ca.Length}\r", "\r\nERROR\r\n");

        await Assert.ThrowsAsync<CertificateUploadException>(() => connecting);
        talk.Peer.ExpectsNothingMore();
        await using Sim7600MqttClient client = await talk.Connected();
        Task leaving = client.DisconnectAsync();
        await talk.Disconnects();
        await leaving;
    }

    [Test]
    public async Task A_context_that_the_client_cannot_have_is_a_refusal()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Checked);
        await Configures(talk);
        await Acquires(talk);
        talk.Time.Forget();
        await talk.Peer.Answers("AT+CMQTTSSLCFG=0,0\r", "\r\nERROR\r\n");
        await talk.Time.Passes(talk.Options.ResultLineGrace);
        await talk.Releases();

        Assert.That((await Assert.ThrowsAsync<MqttConnectException>(() => connecting))!.Command, Is.EqualTo("AT+CMQTTSSLCFG"));
    }

    [TestCase(120, 150)]
    [TestCase(300, 330)]
    [TestCase(10, 130)]
    public async Task Connect_is_given_the_time_of_the_handshake(int negotiation, int limit)
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(
            Checked with { Tls = new() { AllowUntrusted = true, NegotiationTimeout = TimeSpan.FromSeconds(negotiation) } });
        await Sets(talk, "\"sslversion\",0,4", "\"authmode\",0,0", "\"ignorelocaltime\",0,1", $"\"negotiatetime\",0,{negotiation}", "\"enableSNI\",0,1");
        await Acquires(talk);
        await talk.Peer.Answers("AT+CMQTTSSLCFG=0,0\r", "\r\nOK\r\n");
        await talk.Peer.Expects(Connect);
        await talk.Time.Awaits(TimeSpan.FromSeconds(limit));
        await talk.Peer.Says("\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");

        Assert.That((await connecting).IsConnected);
    }

    [Test]
    public async Task Options_that_contradict_each_other_are_refused_before_anything_is_sent()
    {
        await using Talk talk = await Talk.Opened();
        foreach ((MqttConnectOptions bad, string named) in ((MqttConnectOptions, string)[])
            [
                (Checked with { Tls = null }, "AllowUntrusted"),
                (Checked with { Tls = new() }, "CaCertificate"),
                (Checked with { Tls = Checked.Tls! with { AllowUntrusted = true } }, "one of the two"),
                (Checked with { Broker = new("mqtt://b.example") }, "mqtts://"),
                (Checked with { Broker = new("ssl://b.example") }, "mqtts://"),
                (Checked with { Tls = Checked.Tls! with { CaCertificate = Bytes("x") } }, "PEM"),
                (Checked with { Tls = Checked.Tls! with { CaCertificate = Bytes(Key) } }, "CERTIFICATE"),
                (Checked with { Tls = Checked.Tls! with { ClientCertificate = Bytes(Certificate) } }, "ClientKey"),
                (Checked with { Tls = Checked.Tls! with { ClientKey = Bytes(Key) } }, "ClientCertificate"),
                (Checked with { Tls = Checked.Tls! with { ClientKeyPassword = "hunter2" } }, "ClientKey"),
                (Mutual with { Tls = Mutual.Tls! with { ClientKeyPassword = "hunter\"2" } }, "quote"),
                (Mutual with { Tls = Mutual.Tls! with { ClientKey = Bytes(EncryptedKey), ClientKeyPassword = null } }, "encrypted"),
                (Checked with { Tls = Checked.Tls! with { SslContext = 10 } }, "0 to 9"),
                (Checked with { Tls = Checked.Tls! with { NegotiationTimeout = TimeSpan.FromSeconds(301) } }, "10 to 300"),
            ])
        {
            ArgumentException error = (await Assert.CatchAsync<ArgumentException>(() => talk.Modem.ConnectMqttAsync(bad)))!;
            Assert.That(error.Message, Does.Contain(named));
            Assert.That(error.ToString(), Does.Not.Contain("hunter").And.Not.Contain("U0VDUkVU"));
        }

        talk.Peer.ExpectsNothingMore();
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private static async Task Stores(Talk talk, string name, string content)
    {
        await talk.Peer.Answers($"AT+CCERTDOWN=\"{name}\",{content.Length}\r", "\r\n>");
        await talk.Peer.Answers(content, "\r\nOK\r\n");
    }

    private static async Task Sets(Talk talk, params string[] settings)
    {
        foreach (string setting in settings)
        {
            await talk.Peer.Answers($"AT+CSSLCFG={setting}\r", "\r\nOK\r\n");
        }
    }

    private static Task SetsChecked(Talk talk) => Sets(
        talk, "\"sslversion\",0,4", "\"authmode\",0,1", "\"ignorelocaltime\",0,1", "\"negotiatetime\",0,120", $"\"cacert\",0,\"{CaName}\"", "\"enableSNI\",0,1");

    private static async Task Configures(Talk talk)
    {
        await talk.Peer.Answers("AT+CCERTLIST\r", $"\r\n+CCERTLIST: \"{CaName}\"\r\n\r\nOK\r\n");
        await SetsChecked(talk);
    }

    private static async Task Acquires(Talk talk)
    {
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\",1\r", "\r\nOK\r\n");
    }

    // Everything before CONNECT, with the CA stored already.
    private static async Task Prepares(Talk talk)
    {
        await Configures(talk);
        await Acquires(talk);
        await talk.Peer.Answers("AT+CMQTTSSLCFG=0,0\r", "\r\nOK\r\n");
    }
}
