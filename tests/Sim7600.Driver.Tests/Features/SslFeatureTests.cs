using Sim7600.Driver.Channel;
using Sim7600.Driver.Features;
using Sim7600.Driver.Tests.Channel;

namespace Sim7600.Driver.Tests.Features;

/// <summary>SSL contexts, setting by setting.</summary>
[CancelAfter(60_000)]
public sealed class SslFeatureTests
{
    private static readonly SslContextSettings Whole = new()
    {
        Version = SslVersion.Tls12,
        AuthMode = SslAuthMode.Mutual,
        IgnoreLocalTime = false,
        NegotiationTimeout = TimeSpan.FromSeconds(60),
        CaCertificate = "ca.pem",
        ClientCertificate = "cert.pem",
        ClientKey = "key.der",
        ServerNameIndication = true,
        KeyPassword = "hunter2",
    };

    [Test]
    public async Task A_whole_context_is_written_setting_by_setting_and_the_password_is_not_shown()
    {
        await using var talk = new Conversation(byteByByte: true);
        Task writing = new SslFeature(talk.Channel).WriteContextAsync(9, Whole);
        foreach (string setting in new[]
            {
                "\"sslversion\",9,3", "\"authmode\",9,2", "\"ignorelocaltime\",9,0", "\"negotiatetime\",9,60", "\"cacert\",9,\"ca.pem\"",
                "\"clientcert\",9,\"cert.pem\"", "\"clientkey\",9,\"key.der\"", "\"enableSNI\",9,1", "\"keypwd\",9,\"hunter2\"",
            })
        {
            // With echo on, which would show the password if anything did.
            await talk.Modem.Answers($"AT+CSSLCFG={setting}\r", $"AT+CSSLCFG={setting}\r\r\nOK\r\n");
        }

        await writing;
        Assert.That(talk.Log.Text + Whole, Does.Not.Contain("hunter2").And.Contain("\"keypwd\",9,\"****\""));
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task What_is_not_needed_is_not_sent()
    {
        await using var talk = new Conversation();
        Task writing = new SslFeature(talk.Channel).WriteContextAsync(0, new());
        foreach (string setting in new[] { "\"sslversion\",0,4", "\"authmode\",0,0", "\"ignorelocaltime\",0,1", "\"negotiatetime\",0,300" })
        {
            await talk.Modem.Answers($"AT+CSSLCFG={setting}\r", "\r\nOK\r\n");
        }

        await writing;
        talk.Modem.ExpectsNothingMore();
    }

    [TestCase("enableSNI", "SNI")]
    [TestCase("keypwd", "without a password")]
    [TestCase("clientkey", "missing")]
    [TestCase("negotiatetime", "AT+CSSLCFG=?")]
    public async Task A_refused_setting_that_is_needed_says_what_to_do(string key, string advice)
    {
        await using var talk = new Conversation();
        Task writing = new SslFeature(talk.Channel).WriteContextAsync(0, Whole);
        foreach (string setting in new[]
            {
                "\"sslversion\",0,3", "\"authmode\",0,2", "\"ignorelocaltime\",0,0", "\"negotiatetime\",0,60", "\"cacert\",0,\"ca.pem\"",
                "\"clientcert\",0,\"cert.pem\"", "\"clientkey\",0,\"key.der\"", "\"enableSNI\",0,1", "\"keypwd\",0,\"hunter2\"",
            })
        {
            bool refused = setting.StartsWith($"\"{key}\"", StringComparison.Ordinal);
            await talk.Modem.Answers($"AT+CSSLCFG={setting}\r", refused ? "\r\nERROR\r\n" : "\r\nOK\r\n");
            if (refused)
            {
                break;
            }
        }

        SslSettingRefusedException error = (await Assert.ThrowsAsync<SslSettingRefusedException>(() => writing))!;
        Assert.That(error.Key, Is.EqualTo(key));
        Assert.That(error.Message, Does.Contain(key).And.Contain(advice));
        Assert.That(error + talk.Log.Text, Does.Not.Contain("hunter2"));
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task A_read_back_with_its_password_is_not_logged()
    {
        await using var talk = new Conversation();
        Task<AtReply> reading = talk.Channel.ExecuteAsync(AtCommand.Query("AT+CSSLCFG=0", "+CSSLCFG:"));
        await talk.Modem.Answers("AT+CSSLCFG=0\r", "\r\n+CSSLCFG: 0,4,2,1,300,\"ca.pem\",\"cert.pem\",\"key.pem\",1,\"hunter2\",0xFFFF\r\n\r\nOK\r\n");

        Assert.That((await reading).Lines[0], Does.Contain("hunter2"));
        Assert.That(talk.Log.Text, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Settings_that_the_modem_cannot_take_are_refused_before_anything_is_sent()
    {
        await using var talk = new Conversation();
        var ssl = new SslFeature(talk.Channel);
        foreach (SslContextSettings bad in (SslContextSettings[])
            [
                Whole with { NegotiationTimeout = TimeSpan.FromSeconds(9) },
                Whole with { NegotiationTimeout = TimeSpan.FromSeconds(301) },
                Whole with { CaCertificate = "ca.crt" },
                Whole with { ClientCertificate = "c\".pem" },
                Whole with { ClientKey = new string('k', 125) + ".pem" },
                Whole with { KeyPassword = "" },
                Whole with { KeyPassword = "hunter\"2" },
                Whole with { KeyPassword = "hunter" + new string('2', 123) },
                Whole with { AuthMode = (SslAuthMode)4 },
                Whole with { Version = (SslVersion)5 },
            ])
        {
            ArgumentException error = (await Assert.CatchAsync<ArgumentException>(() => ssl.WriteContextAsync(0, bad)))!;
            Assert.That(error.ToString(), Does.Not.Contain("hunter"));
        }

        await Assert.CatchAsync<ArgumentException>(() => ssl.WriteContextAsync(10, Whole));
        await Assert.CatchAsync<ArgumentException>(() => ssl.WriteContextAsync(-1, Whole));
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task A_lease_of_another_modem_is_refused()
    {
        await using var talk = new Conversation();
        await using var other = new Conversation();
        using AtLease lease = await other.Channel.AcquireAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => new SslFeature(talk.Channel).WriteContextAsync(lease, 0, Whole));
        await Assert.ThrowsAsync<ArgumentException>(() => new CertificatesFeature(talk.Channel).EnsureAsync(lease, []));
        other.Modem.ExpectsNothingMore();
    }
}
