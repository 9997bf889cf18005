using Sim7600.Driver.Sockets;
using static Sim7600.Driver.Tests.Sockets.SocketTalk;

namespace Sim7600.Driver.Tests.Sockets;

/// <summary>TLS sessions as streams, byte by byte.</summary>
[CancelAfter(60_000)]
[Parallelizable(ParallelScope.All)]
public sealed class TlsSocketTests
{
    private const string Pem = "-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n";

    // sha256sum of Pem.
    private const string PemName = "ca-c87eec099a7c3203.pem";

    private static readonly SocketTlsOptions Checked = new() { CaCertificate = Bytes(Pem) };

    [Test]
    public async Task A_session_is_opened_written_read_and_closed([Values] bool byteByByte)
    {
        await using var talk = new SocketTalk(byteByByte);
        SocketStream socket = await OpensAsync(talk);

        string text = "\r\nOK\r\n" + new string('x', 2100);
        Task writing = socket.WriteAsync(Bytes(text)).AsTask();
        await talk.Modem.Answers("AT+CCHSEND=0,2048\r", "\r\n>");
        await talk.Modem.Answers(text[..2048], Ok + "\r\n+CCHSEND: 0,0\r\n");
        await talk.Modem.Answers($"AT+CCHSEND=0,{text.Length - 2048}\r", "\r\n>");
        await talk.Modem.Answers(text[2048..], "\r\n+CCHSEND: 0,0\r\n" + Ok);
        await writing;

        await talk.Modem.Says("\r\n+CCHEVENT: 0,RECV EVENT\r\n");
        await talk.Modem.Answers("AT+CCHRECV?\r", "\r\n+CCHRECV: LEN,2050,7\r\n" + Ok);
        string first = "\r\n+CCHRECV: 0,0\r\nOK\r\n";
        string second = new('y', 2048 - first.Length);
        await talk.Modem.Answers(
            "AT+CCHRECV=0,2048\r",
            Ok + $"\r\n+CCHRECV: DATA,0,{first.Length}\r\n{first}\r\n\r\n+CCHRECV: DATA,0,{second.Length}\r\n{second}\r\n\r\n+CCHRECV: 0,0\r\n");
        await talk.Modem.Answers("AT+CCHRECV?\r", "\r\n+CCHRECV: LEN,2,7\r\n" + Ok);
        await talk.Modem.Answers("AT+CCHRECV=0,2\r", Ok + "\r\n+CCHRECV: DATA,0,2\r\nzz\r\n\r\n+CCHRECV: 0,0\r\n");
        await talk.Modem.Answers("AT+CCHRECV?\r", "\r\n+CCHRECV: LEN,0,7\r\n" + Ok);
        Assert.That(await Reads(socket, 2050), Is.EqualTo(first + second + "zz"));
        await talk.Closes(socket, "AT+CCHCLOSE=0\r", Ok + "\r\n+CCHCLOSE: 0,0\r\n");
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task Pushed_bytes_and_the_peers_end_are_read()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await OpensAsync(talk, Push);
        await talk.Modem.Says("\r\n+CCHRECV: DATA,0,6\r\n\r\nOK\r\n\r\n\r\n+CCHRECV: DATA,1,1\r\nx\r\n\r\n+CCH_PEER_CLOSED: 0\r\n");
        Assert.That(await Reads(socket, 6), Is.EqualTo("\r\nOK\r\n"));
        Assert.That(await ReadsEnd(socket), Is.Zero);
        await socket.DisposeAsync();
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task What_came_before_the_peers_end_is_fetched_first()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await OpensAsync(talk);
        await talk.Modem.Says("\r\n+CCH_PEER_CLOSED: 0\r\n");
        await talk.Modem.Answers("AT+CCHRECV?\r", "\r\n+CCHRECV: LEN,3,0\r\n" + Ok);
        await talk.Modem.Answers("AT+CCHRECV=0,3\r", Ok + "\r\n+CCHRECV: DATA,0,3\r\nbye\r\n\r\n+CCHRECV: 0,0\r\n");
        await talk.Modem.Answers("AT+CCHRECV?\r", "\r\n+CCHRECV: LEN,0,0\r\n" + Ok);
        Assert.That(await Reads(socket, 3), Is.EqualTo("bye"));
        Assert.That(await ReadsEnd(socket), Is.Zero);
    }

    [TestCase("\r\n+CCHSEND: 0,18\r\n", "SendTimeout")]
    [TestCase("\r\n+CCHSEND: 0,4\r\n", "ClosedByPeer")]
    public async Task A_send_that_fails_breaks_the_socket(string result, string reason)
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await OpensAsync(talk);
        Task writing = socket.WriteAsync(Bytes("hello")).AsTask();
        await talk.Modem.Answers("AT+CCHSEND=0,5\r", "\r\n>");
        await talk.Modem.Answers("hello", Ok + result);
        Assert.That((await Assert.ThrowsAsync<SocketBrokenException>(() => writing))!.Message, Does.Contain(reason));
    }

    [Test]
    public async Task A_service_of_an_earlier_run_is_adopted_with_its_send_reports_as_they_are()
    {
        await using var talk = new SocketTalk();
        Task<SocketStream> opening = talk.Sockets.OpenTlsAsync("203.0.113.7", 8883, new() { AllowUntrusted = true, SslContext = 9 });
        await talk.Modem.Answers("AT+CCHSET=1,1\r", "\r\nERROR\r\n");
        await talk.Modem.Answers("AT+CCHSET?\r", "\r\n+CCHSET: 0,1\r\n" + Ok);
        await ConfiguresAsync(talk, 9, "0");
        await talk.Modem.Answers("AT+CCHSSLCFG=0,9\r", Ok);
        await talk.Modem.Answers("AT+CCHOPEN=0,\"203.0.113.7\",8883,2\r", "\r\n+CCHOPEN: 0,0\r\n" + Ok);
        SocketStream socket = await opening;
        Task writing = socket.WriteAsync(Bytes("hello")).AsTask();
        await talk.Modem.Answers("AT+CCHSEND=0,5\r", "\r\n>");
        await talk.Modem.Answers("hello", Ok);
        await writing;
    }

    [Test]
    public async Task A_service_in_the_other_mode_is_restarted()
    {
        await using var talk = new SocketTalk();
        Task<SocketStream> opening = talk.Sockets.OpenTlsAsync("203.0.113.7", 8883, new() { AllowUntrusted = true }, Push);
        await talk.Modem.Answers("AT+CCHSET=1,0\r", "\r\nERROR\r\n");
        await talk.Modem.Answers("AT+CCHSET?\r", "\r\n+CCHSET: 1,1\r\n" + Ok);
        await talk.Modem.Answers("AT+CCHSTOP\r", Ok + "\r\n+CCHSTOP: 0\r\n");
        await talk.Modem.Answers("AT+CCHSET=1,0\r", Ok);
        await talk.Modem.Answers("AT+CCHSTART\r", "\r\n+CCHSTART: 0\r\n" + Ok);
        await ConfiguresAsync(talk, 2, "0");
        await talk.Modem.Answers("AT+CCHSSLCFG=0,2\r", Ok);
        await talk.Modem.Answers("AT+CCHOPEN=0,\"203.0.113.7\",8883,2\r", Ok + "\r\n+CCHOPEN: 0,0\r\n");
        await opening;
    }

    [Test]
    public async Task Sessions_of_an_earlier_run_are_taken_over()
    {
        await using var talk = new SocketTalk();
        Task<SocketStream> opening = talk.Sockets.OpenTlsAsync("203.0.113.7", 8883, new() { AllowUntrusted = true });
        await talk.Modem.Answers("AT+CCHSET=1,1\r", "\r\nERROR\r\n");
        await talk.Modem.Answers("AT+CCHSET?\r", "\r\n+CCHSET: 1,1\r\n" + Ok);
        for (int session = 0; session < 2; session++)
        {
            await ConfiguresAsync(talk, session + 2, "0");
            await talk.Modem.Answers($"AT+CCHSSLCFG={session},{session + 2}\r", "\r\nERROR\r\n");
            await talk.Modem.Answers($"AT+CCHOPEN={session},\"203.0.113.7\",8883,2\r", "\r\nERROR\r\n");
            await talk.Talk.Time.Passes(talk.Talk.Options.ResultLineGrace);
            await talk.Modem.Answers("AT+CCHADDR\r", "\r\n+CCHADDR: 10.64.0.2\r\n" + Ok);
        }

        await talk.Modem.Answers("AT+CCHCLOSE=0\r", Ok + "\r\n+CCHCLOSE: 0,0\r\n");
        await ConfiguresAsync(talk, 2, "0");
        await talk.Modem.Answers("AT+CCHSSLCFG=0,2\r", Ok);
        await talk.Modem.Answers("AT+CCHOPEN=0,\"203.0.113.7\",8883,2\r", Ok + "\r\n+CCHOPEN: 0,0\r\n");
        Assert.That((await opening).Number, Is.Zero);
    }

    [Test]
    public async Task A_service_that_is_gone_is_started_again()
    {
        await using var talk = new SocketTalk();
        SocketStream first = await OpensAsync(talk);
        await talk.Modem.Says("\r\n+CCH_PEER_CLOSED: 0\r\n");
        await talk.Modem.Answers("AT+CCHRECV?\r", "\r\n+CCHRECV: LEN,0,0\r\n" + Ok);
        Assert.That(await ReadsEnd(first), Is.Zero);
        await first.DisposeAsync();

        Task<SocketStream> opening = talk.Sockets.OpenTlsAsync("203.0.113.7", 8883, new() { AllowUntrusted = true });
        await ConfiguresAsync(talk, 2, "0");
        await talk.Modem.Answers("AT+CCHSSLCFG=0,2\r", "\r\nERROR\r\n");
        await talk.Modem.Answers("AT+CCHOPEN=0,\"203.0.113.7\",8883,2\r", "\r\nERROR\r\n");
        await talk.Talk.Time.Passes(talk.Talk.Options.ResultLineGrace);
        await talk.Modem.Answers("AT+CCHADDR\r", "\r\nERROR\r\n");
        await talk.Modem.Answers("AT+CCHSET=1,1\r", Ok);
        await talk.Modem.Answers("AT+CCHSTART\r", Ok + "\r\n+CCHSTART: 0\r\n");
        await ConfiguresAsync(talk, 2, "0");
        await talk.Modem.Answers("AT+CCHSSLCFG=0,2\r", Ok);
        await talk.Modem.Answers("AT+CCHOPEN=0,\"203.0.113.7\",8883,2\r", Ok + "\r\n+CCHOPEN: 0,0\r\n");
        await opening;
    }

    [Test]
    public async Task Files_that_the_modem_cannot_use_are_deleted_so_that_they_are_sent_anew()
    {
        await using var talk = new SocketTalk();
        Task<SocketStream> opening = talk.Sockets.OpenTlsAsync("203.0.113.7", 8883, Checked);
        await talk.Modem.Answers("AT+CCHSET=1,1\r", Ok);
        await talk.Modem.Answers("AT+CCHSTART\r", Ok + "\r\n+CCHSTART: 0\r\n");
        await talk.Modem.Answers("AT+CCERTLIST\r", $"\r\n+CCERTLIST: \"{PemName}\"\r\n" + Ok);
        await ConfiguresAsync(talk, 2, "1", $"\"cacert\",2,\"{PemName}\"");
        await talk.Modem.Answers("AT+CCHSSLCFG=0,2\r", Ok);
        await talk.Modem.Answers("AT+CCHOPEN=0,\"203.0.113.7\",8883,2\r", Ok + "\r\n+CCHOPEN: 0,19\r\n");
        await talk.Modem.Answers($"AT+CCERTDELE=\"{PemName}\"\r", Ok);
        SocketOpenException error = (await Assert.ThrowsAsync<SocketOpenException>(() => opening))!;
        Assert.That(error.Code, Is.EqualTo(19));
        Assert.That(error.Message, Does.Contain("sent anew"));
    }

    [Test]
    public async Task Options_that_contradict_each_other_are_not_sent()
    {
        await using var talk = new SocketTalk();
        foreach (SocketTlsOptions wrong in new SocketTlsOptions[]
            {
                new(),
                Checked with { AllowUntrusted = true },
                Checked with { ClientCertificate = Bytes(Pem) },
                Checked with { ClientKeyPassword = "x" },
                Checked with { SslContext = 10 },
                Checked with { CaCertificate = Bytes("junk") },
                Checked with { NegotiationTimeout = TimeSpan.FromSeconds(9) },
            })
        {
            await Assert.CatchAsync<ArgumentException>(async () => await talk.Sockets.OpenTlsAsync("h", 1, wrong));
        }

        talk.Modem.ExpectsNothingMore();
    }

    private static async Task<SocketStream> OpensAsync(SocketTalk talk, SocketOptions? options = null)
    {
        Task<SocketStream> opening = talk.Sockets.OpenTlsAsync("host.example", 8883, Checked, options);
        await talk.Modem.Answers($"AT+CCHSET=1,{(options is null ? 1 : 0)}\r", Ok);
        await talk.Modem.Answers("AT+CCHSTART\r", Ok + "\r\n+CCHSTART: 0\r\n");
        await talk.Modem.Answers("AT+CCERTLIST\r", Ok);
        await talk.Modem.Answers($"AT+CCERTDOWN=\"{PemName}\",{Pem.Length}\r", "\r\n>");
        await talk.Modem.Answers(Pem, Ok);
        await ConfiguresAsync(talk, 2, "1", $"\"cacert\",2,\"{PemName}\"", "\"enableSNI\",2,1");
        await talk.Modem.Answers("AT+CCHSSLCFG=0,2\r", Ok);
        await talk.Modem.Answers("AT+CCHOPEN=0,\"host.example\",8883,2\r", Ok + "\r\n+CCHOPEN: 0,0\r\n");
        return await opening;
    }

    private static async Task ConfiguresAsync(SocketTalk talk, int context, string mode, params string[] more)
    {
        foreach (string setting in new[]
            {
                $"\"sslversion\",{context},4", $"\"authmode\",{context},{mode}", $"\"ignorelocaltime\",{context},1", $"\"negotiatetime\",{context},60",
            }.Concat(more))
        {
            await talk.Modem.Answers($"AT+CSSLCFG={setting}\r", Ok);
        }
    }
}
