using System.Text;
using CsCheck;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Features;
using Sim7600.Driver.Tests.Channel;

namespace Sim7600.Driver.Tests.Features;

/// <summary>The store of certificate files, byte by byte.</summary>
[CancelAfter(60_000)]
public sealed class CertificatesFeatureTests
{
    private const string Pem = "-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n";
    private const string Key = "-----BEGIN PRIVATE KEY-----\nU0VDUkVU\n-----END PRIVATE KEY-----\n";

    // sha256sum of Pem and of Key.
    private const string PemName = "ca-c87eec099a7c3203.pem";
    private const string KeyName = "key-1b838498f39ef142.pem";

    private static readonly TimeSpan UploadTimeout = TimeSpan.FromSeconds(30);

    [TestCase("\r\nOK\r\n")]
    [TestCase("\r\n+CCERTLIST: \"cacert.pem\"\r\n\r\nOK\r\n", "cacert.pem")]
    [TestCase("\r\n+CCERTLIST: \"cacert.pem\"\r\n+CCERTLIST: \"client cert.der\"\r\n\r\nOK\r\n", "cacert.pem", "client cert.der")]
    [TestCase("\r\n+CCERTLIST: \"a.pem\"\r\n\r\n+CREG: 1\r\n\r\n+CCERTLIST: \"b.pem\"\r\n\r\nOK\r\n", "a.pem", "b.pem")]
    public async Task Files_are_listed(string answer, params string[] names)
    {
        await using var talk = new Conversation(byteByByte: true);
        Task<IReadOnlyList<string>> listing = new CertificatesFeature(talk.Channel).ListAsync();
        await talk.Modem.Answers("AT+CCERTLIST\r", answer);

        Assert.That(await listing, Is.EqualTo(names));
    }

    [Test]
    public async Task A_file_is_sent_after_the_prompt_and_counted([Values("\r\n>", "\r\n> ")] string prompt)
    {
        await using var talk = new Conversation(byteByByte: true);
        Task storing = new CertificatesFeature(talk.Channel).UploadAsync("c.der", "0\x01OK\r\n>"u8.ToArray());
        await talk.Modem.Expects("AT+CCERTDOWN=\"c.der\",7\r");
        talk.Modem.ExpectsNothingMore();
        await talk.Modem.Says(prompt);
        await talk.Modem.Answers("0\x01OK\r\n>", "\r\nOK\r\n");

        await storing;
        await talk.StillWorks();
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public void Whatever_bytes_a_file_has_they_are_carried_counted()
    {
        string[] answers = ["OK\r\n", "\r\nOK\r\n", "\r\nERROR\r\n", ">", "\r\n> ", "\r\nRDY\r\n", "\r\n+CCERTLIST: \"x.pem\"\r\n", "AT+CSQ\r", "\0", "\x1A"];
        Gen<byte[]> piece = Gen.OneOf(Gen.Byte.Array[1, 40], Gen.Int[0, answers.Length - 1].Select(index => Encoding.Latin1.GetBytes(answers[index])));
        Gen.Select(piece.Array[1, 12].Select(pieces => pieces.SelectMany(bytes => bytes).ToArray()), Gen.Bool).Sample(
            (bytes, echo) => CarriesAsync(bytes, echo).GetAwaiter().GetResult(), iter: 200, threads: 1);
    }

    [Test]
    public async Task Pem_gets_line_feeds_and_its_length_is_the_one_sent()
    {
        await using var talk = new Conversation();
        Task storing = new CertificatesFeature(talk.Channel).UploadAsync("ca.pem", Encoding.UTF8.GetBytes("\uFEFF" + Pem.Replace("\n", "\r\n", StringComparison.Ordinal)));
        await talk.Modem.Answers($"AT+CCERTDOWN=\"ca.pem\",{Pem.Length}\r", "\r\n>");
        await talk.Modem.Answers(Pem, "\r\nOK\r\n");

        await storing;
    }

    [TestCase("a.pe", "4 characters")]
    [TestCase("", "0 characters")]
    [TestCase("ca.crt", ".pem or .der")]
    [TestCase("ca\".pem", "quote")]
    [TestCase("ca\r.pem", "CR")]
    [TestCase("cä.pem", "ASCII")]
    public async Task A_name_that_the_modem_cannot_take_is_refused_before_anything_is_sent(string name, string fault)
    {
        await using var talk = new Conversation();
        ArgumentException error = (await Assert.ThrowsAsync<ArgumentException>(() => new CertificatesFeature(talk.Channel).UploadAsync(name, new byte[1])))!;

        Assert.That(error.Message, Does.Contain(fault));
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task Lengths_outside_the_limits_are_refused_before_anything_is_sent([Values(0, 10_241)] int length)
    {
        await using var talk = new Conversation();
        var certificates = new CertificatesFeature(talk.Channel);
        Assert.That((await Assert.ThrowsAsync<ArgumentException>(() => certificates.UploadAsync("c.der", new byte[length])))!.Message, Does.Contain($"{length} bytes"));
        Assert.That(
            (await Assert.ThrowsAsync<ArgumentException>(() => certificates.UploadAsync(new string('c', 125) + ".pem", new byte[1])))!.Message, Does.Contain("129"));
        talk.Modem.ExpectsNothingMore();
    }

    [TestCase("")]
    [TestCase("\r\n>")]
    public async Task A_refused_upload_says_what_to_try_before_or_after_the_data(string prompt)
    {
        await using var talk = new Conversation();
        Task storing = new CertificatesFeature(talk.Channel).UploadAsync("c.der", "data"u8.ToArray());
        await talk.Modem.Answers("AT+CCERTDOWN=\"c.der\",4\r", prompt);
        if (prompt.Length > 0)
        {
            await talk.Modem.Expects("data");
        }

        await talk.Modem.Says("\r\nERROR\r\n");
        CertificateUploadException error = (await Assert.ThrowsAsync<CertificateUploadException>(() => storing))!;
        Assert.That(error.FileName, Is.EqualTo("c.der"));
        Assert.That(error.Message, Does.Contain("c.der").And.Contain("4 bytes").And.Contain("may be full"));
        await talk.StillWorks();
    }

    [Test]
    public async Task A_file_is_deleted()
    {
        await using var talk = new Conversation();
        var certificates = new CertificatesFeature(talk.Channel);
        Task deleting = certificates.DeleteAsync("ca.pem");
        await talk.Modem.Answers("AT+CCERTDELE=\"ca.pem\"\r", "\r\nOK\r\n");
        await deleting;

        deleting = certificates.DeleteAsync("ca.pem");
        await talk.Modem.Answers("AT+CCERTDELE=\"ca.pem\"\r", "\r\nERROR\r\n");
        await Assert.ThrowsAsync<AtErrorException>(() => deleting);
        await Assert.ThrowsAsync<ArgumentException>(() => certificates.DeleteAsync("c\"a.pem"));
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task What_is_stored_already_is_not_sent_again_whatever_its_line_ends()
    {
        await using var talk = new Conversation();
        var certificates = new CertificatesFeature(talk.Channel);
        Task<string> ensuring = certificates.EnsureAsync(Encoding.ASCII.GetBytes(Pem), CertificateKind.CertificateAuthority);
        await talk.Modem.Answers("AT+CCERTLIST\r", "\r\n+CCERTLIST: \"cacert.pem\"\r\n\r\nOK\r\n");
        await talk.Modem.Answers($"AT+CCERTDOWN=\"{PemName}\",{Pem.Length}\r", "\r\n>");
        await talk.Modem.Answers(Pem, "\r\nOK\r\n");
        Assert.That(await ensuring, Is.EqualTo(PemName));

        ensuring = certificates.EnsureAsync(Encoding.ASCII.GetBytes(Pem.Replace("\n", "\r\n", StringComparison.Ordinal)), CertificateKind.CertificateAuthority);
        await talk.Modem.Answers("AT+CCERTLIST\r", $"\r\n+CCERTLIST: \"cacert.pem\"\r\n+CCERTLIST: \"{PemName}\"\r\n\r\nOK\r\n");
        Assert.That(await ensuring.WaitAsync(TimeSpan.FromSeconds(20)), Is.EqualTo(PemName));
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task A_key_reaches_no_log_and_no_exception_even_when_it_is_echoed()
    {
        await using var talk = new Conversation(byteByByte: true);
        Task<string> ensuring = new CertificatesFeature(talk.Channel).EnsureAsync(Encoding.ASCII.GetBytes(Key), CertificateKind.ClientKey);
        await talk.Modem.Answers("AT+CCERTLIST\r", "AT+CCERTLIST\r\r\nOK\r\n");
        string command = $"AT+CCERTDOWN=\"{KeyName}\",{Key.Length}\r";
        await talk.Modem.Answers(command, command + "\r\n>");

        // A garbled echo: it is not recognised, so its lines are nobody's.
        await talk.Modem.Answers(Key, Key.Replace("BEGIN", "BEG", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\nERROR\r\n");
        CertificateUploadException error = (await Assert.ThrowsAsync<CertificateUploadException>(() => ensuring))!;

        Assert.That(error + talk.Log.Text, Does.Not.Contain("U0VDUkVU").And.Not.Contain("PRIVATE"));
        Assert.That(CertificateFile.Create(Encoding.ASCII.GetBytes(Key), CertificateKind.ClientKey).ToString(), Is.EqualTo(KeyName));
    }

    [Test]
    public async Task An_upload_without_a_prompt_is_given_up_and_the_doubtful_file_deleted()
    {
        await using var talk = new Conversation();
        Task<string> ensuring = new CertificatesFeature(talk.Channel).EnsureAsync(Encoding.ASCII.GetBytes(Pem), CertificateKind.CertificateAuthority);
        await talk.Modem.Answers("AT+CCERTLIST\r", "\r\nOK\r\n");
        await talk.Modem.Answers($"AT+CCERTDOWN=\"{PemName}\",{Pem.Length}\r", "\r\nDOWNLOAD\r\n");
        await talk.StillBusy();
        talk.Modem.ExpectsNothingMore();
        await talk.Time.Passes(AtCommand.DefaultTimeout);

        // The channel keeps what it promised, in case the prompt was lost; what that makes of the file is why it has to go.
        await talk.Time.Passes(talk.Options.LatePromptTime);
        await talk.Modem.Expects(new string('\r', Pem.Length));
        await talk.GetsBackInStep();
        await talk.Modem.Answers($"AT+CCERTDELE=\"{PemName}\"\r", "\r\nOK\r\n");

        AtTimeoutException error = (await Assert.ThrowsAsync<AtTimeoutException>(() => ensuring))!;
        Assert.That(error.State, Is.EqualTo("waiting for the prompt"));
        await talk.StillWorks();
    }

    [Test]
    public async Task A_cancelled_upload_leaves_no_file_that_claims_to_be_whole()
    {
        await using var talk = new Conversation();
        using var cancel = new CancellationTokenSource();
        Task<string> ensuring = new CertificatesFeature(talk.Channel).EnsureAsync(Encoding.ASCII.GetBytes(Pem), CertificateKind.CertificateAuthority, cancel.Token);
        await talk.Modem.Answers("AT+CCERTLIST\r", "\r\nOK\r\n");
        await talk.Modem.Answers($"AT+CCERTDOWN=\"{PemName}\",{Pem.Length}\r", "\r\n>");
        await talk.Modem.Expects(Pem);
        await cancel.CancelAsync();
        await talk.Time.Awaits(talk.Options.LatePromptTime);
        await talk.Modem.Says("\r\nOK\r\n");
        await talk.GetsBackInStep();
        await talk.Modem.Answers($"AT+CCERTDELE=\"{PemName}\"\r", "\r\nERROR\r\n");

        await Assert.CatchAsync<OperationCanceledException>(() => ensuring);
        await talk.StillWorks();
    }

    [Test]
    public async Task A_list_that_prompts_is_not_waited_for()
    {
        await using var talk = new Conversation();
        Task<IReadOnlyList<string>> listing = new CertificatesFeature(talk.Channel).ListAsync();
        await talk.Modem.Answers("AT+CCERTLIST\r", "\r\n>");

        await Assert.ThrowsAsync<AtUnexpectedAnswerException>(() => listing);
    }

    [TestCase("hello", CertificateKind.CertificateAuthority, "neither PEM")]
    [TestCase("", CertificateKind.Client, "neither PEM")]
    [TestCase(Key, CertificateKind.CertificateAuthority, "another of the files")]
    [TestCase(Pem, CertificateKind.ClientKey, "another of the files")]
    public async Task Content_of_another_kind_is_refused_before_anything_is_sent(string content, CertificateKind kind, string fault)
    {
        await using var talk = new Conversation();
        ArgumentException error = (await Assert.ThrowsAsync<ArgumentException>(
            () => new CertificatesFeature(talk.Channel).EnsureAsync(Encoding.ASCII.GetBytes(content), kind)))!;

        Assert.That(error.Message, Does.Contain(fault).And.Not.Contain("U0VDUkVU"));
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public void A_bundle_that_is_too_long_says_what_to_give_instead()
    {
        byte[] bundle = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Pem, 200)));

        Assert.That(
            Assert.Throws<ArgumentException>(() => CertificateFile.Create(bundle, CertificateKind.CertificateAuthority))!.Message,
            Does.Contain("10240").And.Contain("bundle"));
    }

    [Test]
    public void Der_keeps_its_bytes_and_gets_its_own_ending()
    {
        byte[] der = [0x30, 0x82, .. "OK\r\n>"u8];
        CertificateFile file = CertificateFile.Create(der, CertificateKind.Client);

        Assert.That(file.Content.ToArray(), Is.EqualTo(der));
        Assert.That(file.Name, Is.EqualTo("cert-389846bc6b191682.der"));
        Assert.That(file.IsEncrypted, Is.False);
    }

    [TestCase("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n", true)]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n-----END RSA PRIVATE KEY-----\n", true)]
    [TestCase(Key, false)]
    public void An_encrypted_key_is_known(string key, bool isEncrypted) =>
        Assert.That(CertificateFile.Create(Encoding.ASCII.GetBytes(key), CertificateKind.ClientKey).IsEncrypted, Is.EqualTo(isEncrypted));

    private static async Task CarriesAsync(byte[] bytes, bool echo)
    {
        await using var talk = new Conversation();
        string data = Encoding.Latin1.GetString(bytes);
        string command = $"AT+CCERTDOWN=\"c.der\",{bytes.Length}\r";
        Task storing = new CertificatesFeature(talk.Channel).UploadAsync("c.der", bytes);
        await talk.Modem.Answers(command, (echo ? command : "") + "\r\n>");
        await talk.Modem.Answers(data, (echo ? data : "") + "\r\nOK\r\n");
        await storing;
        await talk.StillWorks();
        talk.Modem.ExpectsNothingMore();
    }
}
