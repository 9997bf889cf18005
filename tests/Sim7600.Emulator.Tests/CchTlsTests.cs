using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sim7600.Testing;

namespace Sim7600.Emulator.Tests;

/// <summary>CCH sessions with TLS: real handshakes by the SSL context and the uploaded files, in raw bytes.</summary>
[Parallelizable(ParallelScope.All)]
[CancelAfter(60_000)]
public class CchTlsTests
{
    private const string Ok = "\r\nOK\r\n";

    [TestCase("", TestName = "The_type_that_is_not_given_is_TLS")]
    [TestCase(",2", TestName = "Type_2_is_TLS")]
    [TestCase(",2,0", TestName = "Type_2_with_the_bind_port_that_client_code_sends_is_TLS")]
    public async Task TLS_goes_both_ways(string type)
    {
        using var authority = new TestAuthority();
        await using var bench = new ModemBench();
        using var server = new OneTlsPeer(authority.Issue("localhost"));
        Task<SslStream> serving = server.AcceptAsync();
        await StartAsync(bench, manual: 0);
        await bench.SayAsync($"AT+CCHOPEN=1,\"localhost\",{server.Port}{type}\r", Ok + "\r\n+CCHOPEN: 1,0\r\n");
        await using SslStream peer = await serving;
        await bench.SayAsync("AT+CCHSEND=1,5\r", "\r\n>");
        await bench.SayAsync("OK\r\n\0", Ok + "\r\n+CCHSEND: 1,0\r\n");
        Assert.That(await ReadAsync(peer, 5), Is.EqualTo("OK\r\n\0"));
        await peer.WriteAsync("\r\nRDY\r\n"u8.ToArray());
        await bench.ExpectAsync("\r\n+CCHRECV: DATA,1,7\r\n\r\nRDY\r\n\r\n");
        await peer.ShutdownAsync();
        await bench.ExpectAsync("\r\n+CCH_PEER_CLOSED: 1\r\n");
        await bench.SayAsync("AT+CCHSEND=1,5\r", "\r\nERROR\r\n", "the session is gone");
        await bench.SayAsync("AT+CCHCLOSE=1\r", "\r\nERROR\r\n");
    }

    [TestCase("localhost", true, 3, 0)]
    [TestCase("127.0.0.1", true, 3, 15, Description = "the certificate names another host")]
    [TestCase("localhost", false, 3, 15, Description = "another CA")]
    public async Task Authmode_1_verifies_the_server(string host, bool sameAuthority, int context, int code)
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority("Another CA");
        await using var bench = new ModemBench();
        using var server = new OneTlsPeer(authority.Issue("localhost"));
        Task<SslStream> serving = server.AcceptAsync();
        await LoadAsync(bench, "ca.pem", (sameAuthority ? authority : other).Pem);
        await StartAsync(bench, manual: 0);
        await bench.SayAsync($"AT+CSSLCFG=\"authmode\",{context},1;+CSSLCFG=\"cacert\",{context},\"ca.pem\";+CSSLCFG=\"enableSNI\",{context},1\r", Ok);
        await bench.SayAsync($"AT+CCHSSLCFG=0,{context}\r", Ok);
        await bench.SayAsync($"AT+CCHOPEN=0,\"{host}\",{server.Port},2\r", Ok + $"\r\n+CCHOPEN: 0,{code}\r\n");
        if (code == 0)
        {
            await using SslStream peer = await serving;
            Assert.That(server.ServerName, Is.EqualTo("localhost"));
            await bench.SayAsync("AT+CCHSSLCFG=0,5\r", "\r\nERROR\r\n", "only before CCHOPEN");
            await bench.SayAsync("AT+CCHCLOSE=0\r", Ok + "\r\n+CCHCLOSE: 0,0\r\n");
        }

        await bench.SayAsync("AT+CCHSSLCFG?\r", "\r\n+CCHSSLCFG: 0,0\r\n+CCHSSLCFG: 1,1\r\n" + Ok, "a close and a failed open forget the context");
    }

    [Test]
    public async Task Authmode_2_shows_the_client_certificate()
    {
        using var authority = new TestAuthority();
        await using var bench = new ModemBench();
        using var server = new OneTlsPeer(authority.Issue("localhost"));
        Task<SslStream> serving = server.AcceptAsync();
        using X509Certificate2 client = authority.Issue("device-7", rsa: true);
        await LoadAsync(bench, "ca.pem", authority.Pem);
        await LoadAsync(bench, "c.pem", client.ExportCertificatePem());
        await LoadAsync(bench, "k.pem", TestAuthority.KeyPem(client));
        await StartAsync(bench, manual: 0);
        await bench.SayAsync(
            "AT+CSSLCFG=\"authmode\",0,2;+CSSLCFG=\"cacert\",0,\"ca.pem\";+CSSLCFG=\"clientcert\",0,\"c.pem\";+CSSLCFG=\"clientkey\",0,\"k.pem\"\r", Ok);
        await bench.SayAsync($"AT+CCHOPEN=0,\"localhost\",{server.Port}\r", Ok + "\r\n+CCHOPEN: 0,0\r\n");
        await using SslStream peer = await serving;
        Assert.That(server.ClientSubject, Is.EqualTo("CN=device-7"));
    }

    [Test]
    public async Task What_authmode_needs_and_is_not_there_is_19_and_what_cannot_be_read_10()
    {
        await using var bench = new ModemBench();
        await StartAsync(bench, manual: 0);
        await bench.SayAsync("AT+CSSLCFG=\"authmode\",0,1;+CSSLCFG=\"cacert\",0,\"ca.pem\"\r", Ok);
        await bench.SayAsync("AT+CCHOPEN=0,\"127.0.0.1\",1\r", Ok + "\r\n+CCHOPEN: 0,19\r\n");
        await LoadAsync(bench, "ca.pem", "junk");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await bench.SayAsync($"AT+CCHOPEN=0,\"127.0.0.1\",{((IPEndPoint)listener.LocalEndpoint).Port}\r", Ok + "\r\n+CCHOPEN: 0,10\r\n");
    }

    [Test]
    public async Task A_server_that_speaks_no_TLS_is_15_and_one_that_says_nothing_after_negotiatetime()
    {
        await using var bench = new ModemBench();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await StartAsync(bench, manual: 0);
        Task<Socket> accepting = listener.AcceptSocketAsync();
        await bench.SayAsync($"AT+CCHOPEN=0,\"127.0.0.1\",{port}\r", Ok);
        using (Socket peer = await accepting)
        {
            await peer.SendAsync("220 smtp.example ESMTP\r\n"u8.ToArray());
            await bench.ExpectAsync("\r\n+CCHOPEN: 0,15\r\n");
        }

        accepting = listener.AcceptSocketAsync();
        await bench.SayAsync($"AT+CSSLCFG=\"negotiatetime\",0,10\r", Ok);
        await bench.SayAsync($"AT+CCHOPEN=0,\"127.0.0.1\",{port}\r", Ok);
        using Socket silent = await accepting;
        await silent.ReceiveAsync(new byte[1]); // the client hello: the handshake's clock runs
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(9)), Is.Empty);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.ExpectAsync("\r\n+CCHOPEN: 0,15\r\n");
        await bench.SayAsync("AT+CCHOPEN=0,\"127.0.0.1\",1,1\r", Ok + "\r\n+CCHOPEN: 0,14\r\n", "nobody listens there");
    }

    [Test]
    public async Task A_connection_that_does_not_come_about_is_5_after_120_seconds()
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() => bench.Modem.Dialer = new ScriptedNetwork());
        await StartAsync(bench, manual: 0);
        await bench.SayAsync("AT+CCHOPEN=0,\"host.example\",443,1\r", Ok);
        await bench.SayAsync("AT+CCHOPEN=0,\"host.example\",443,1\r", "\r\nERROR\r\n", "the session is in use");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(119)), Is.Empty);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.ExpectAsync("\r\n+CCHOPEN: 0,5\r\n");
    }

    [Test]
    public async Task Received_bytes_wait_in_the_manual_mode()
    {
        using var authority = new TestAuthority();
        await using var bench = new ModemBench();
        using var server = new OneTlsPeer(authority.Issue("localhost"));
        Task<SslStream> serving = server.AcceptAsync();
        await StartAsync(bench, manual: 1);
        await bench.SayAsync("AT+CCHSET=1,0\r", "\r\nERROR\r\n", "only before CCHSTART");
        await bench.SayAsync($"AT+CCHOPEN=0,\"localhost\",{server.Port}\r", Ok + "\r\n+CCHOPEN: 0,0\r\n");
        SslStream peer = await serving;
        await using (peer)
        {
            await peer.WriteAsync("0123456789"u8.ToArray());
            await bench.ExpectAsync("\r\n+CCHEVENT: 0,RECV EVENT\r\n");
            await bench.SayAsync("AT+CCHRECV?\r", "\r\n+CCHRECV: LEN,10,0\r\n" + Ok);
            await bench.SayAsync("AT+CCHRECV=0,4\r", Ok + "\r\n+CCHRECV: DATA,0,4\r\n0123\r\n\r\n+CCHRECV: 0,0\r\n");
            await peer.ShutdownAsync();
        }

        await bench.ExpectAsync("\r\n+CCH_PEER_CLOSED: 0\r\n");
        await bench.SayAsync("AT+CCHRECV=0\r", Ok + "\r\n+CCHRECV: DATA,0,6\r\n456789\r\n\r\n+CCHRECV: 0,0\r\n", "what came before the end can still be read");
        await bench.SayAsync("AT+CCHRECV=0\r", "\r\nERROR\r\n");
    }

    [Test]
    public async Task A_reader_by_hand_makes_the_peer_wait()
    {
        await using var bench = new ModemBench();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await StartAsync(bench, manual: 1);
        await bench.SayAsync($"AT+CCHOPEN=0,\"127.0.0.1\",{((IPEndPoint)listener.LocalEndpoint).Port},1\r", Ok + "\r\n+CCHOPEN: 0,0\r\n");
        using Socket peer = await listener.AcceptSocketAsync();
        byte[] sent = new byte[300_000];
        new Random(7).NextBytes(sent);
        Task<int> sending = peer.SendAsync(sent);
        const string announced = "\r\n+CCHEVENT: 0,RECV EVENT\r\n";
        await bench.ExpectAsync(announced);
        int taken = 0;
        while (taken < sent.Length)
        {
            // More can arrive, and be announced, before any command.
            string waiting = (await bench.TypeAsync("AT+CCHRECV?\r")).Replace(announced, "", StringComparison.Ordinal);
            int count = int.Parse(waiting["\r\n+CCHRECV: LEN,".Length..waiting.IndexOf(",0\r\n", StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
            Assert.That(count, Is.LessThan((64 * 1024) + 1500));
            if (count == 0)
            {
                continue;
            }

            string printed = await bench.TypeAsync("AT+CCHRECV=0,2048\r");
            printed = printed.StartsWith(announced, StringComparison.Ordinal) ? printed[announced.Length..] : printed;
            string head = Ok + "\r\n+CCHRECV: DATA,0,";
            Assert.That(printed, Does.StartWith(head));
            int length = int.Parse(printed[head.Length..printed.IndexOf("\r\n", head.Length, StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
            int start = printed.IndexOf("\r\n", head.Length, StringComparison.Ordinal) + 2;
            Assert.That(Encoding.Latin1.GetBytes(printed[start..(start + length)]).AsSpan().SequenceEqual(sent.AsSpan(taken, length)));
            taken += length;
        }

        Assert.That(await sending, Is.EqualTo(sent.Length));
    }

    [Test]
    public async Task A_send_that_the_peer_does_not_take_is_18_after_sendtimeout()
    {
        await using var bench = new ModemBench();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await StartAsync(bench, manual: 0);
        await bench.SayAsync("AT+CCHCFG=\"sendtimeout\",0,60\r", Ok);
        await bench.SayAsync($"AT+CCHOPEN=0,\"127.0.0.1\",{((IPEndPoint)listener.LocalEndpoint).Port},1\r", Ok + "\r\n+CCHOPEN: 0,0\r\n");
        await bench.SayAsync("AT+CCHCFG=\"sendtimeout\",0,70\r", "\r\nERROR\r\n", "only before CCHOPEN");
        using Socket peer = await listener.AcceptSocketAsync();
        string block = new('x', 2048);
        const string Sent = "\r\n+CCHSEND: 0,0\r\n";
        const string TimedOut = "\r\n+CCHSEND: 0,18\r\n\r\n+CCH_RECV_CLOSED: 0,18\r\n";
        string end = Sent;
        for (int i = 0; i < 20_000 && end == Sent; i++)
        {
            await bench.SayAsync("AT+CCHSEND=0,2048\r", "\r\n>");
            await bench.SayAsync(block, Ok);
            if (await IsUndecidedAsync(bench))
            {
                // The peer's window is full, or this machine is slow: whichever it is, the time that the send may take is over.
                bench.Time.Advance(TimeSpan.FromSeconds(60));
            }

            end = await bench.ExpectEitherAsync(Sent, TimedOut);
        }

        Assert.That(end, Is.EqualTo(TimedOut), "40 MB do not fit into a window");
    }

    /// <summary>False once the modem has said how the send ended, which takes a moment beside its loop.</summary>
    private static async Task<bool> IsUndecidedAsync(ModemBench bench)
    {
        for (int look = 0; look < 200 && !bench.HasPrinted; look++)
        {
            await bench.SettleAsync();
        }

        return !bench.HasPrinted;
    }

    [Test]
    public async Task HTTPS_uses_the_context_of_SSLCFG()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority("Another CA");
        await using var bench = new ModemBench();
        using var server = new OneTlsPeer(authority.Issue("localhost"));
        await LoadAsync(bench, "ca.pem", authority.Pem);
        await LoadAsync(bench, "other.pem", other.Pem);
        await bench.SayAsync($"AT+HTTPINIT;+HTTPPARA=\"URL\",\"https://localhost:{server.Port}/a\"\r", Ok);
        await AskAsync(200, "authmode 0 of context 0 takes any certificate");
        Assert.That(server.ServerName, Is.Empty, "enableSNI is 0 from the factory");
        await bench.SayAsync("AT+HTTPPARA=\"SSLCFG\",4;+CSSLCFG=\"authmode\",4,1;+CSSLCFG=\"enableSNI\",4,1\r", Ok);
        await bench.SayAsync("AT+HTTPACTION=0\r", Ok + "\r\n+HTTPACTION: 0,719,0\r\n", "no CA");
        await bench.SayAsync("AT+CSSLCFG=\"cacert\",4,\"other.pem\"\r", Ok);
        Task<SslStream> refused = server.AcceptAsync();
        await bench.SayAsync("AT+HTTPACTION=0\r", Ok + "\r\n+HTTPACTION: 0,715,0\r\n", "another CA");
        try
        {
            await using SslStream none = await refused;
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            // the modem refused
        }

        await bench.SayAsync("AT+CSSLCFG=\"cacert\",4,\"ca.pem\"\r", Ok);
        await AskAsync(204, "the right CA");
        Assert.That(server.ServerName, Is.EqualTo("localhost"));

        async Task AskAsync(int status, string why)
        {
            Task<SslStream> serving = server.AcceptAsync();
            await bench.SayAsync("AT+HTTPACTION=0\r", Ok);
            await using SslStream peer = await serving;
            string head = $"GET /a HTTP/1.1\r\nHost: localhost:{server.Port}\r\n";
            Assert.That(await ReadAsync(peer, head.Length), Is.EqualTo(head), why);
            await peer.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n"));
            await bench.ExpectAsync($"\r\n+HTTPACTION: 0,{status},0\r\n");
        }
    }

    private static async Task StartAsync(ModemBench bench, int manual)
    {
        await bench.SayAsync($"AT+CCHSET=1,{manual}\r", Ok);
        await bench.SayAsync("AT+CCHSTART\r", Ok + "\r\n+CCHSTART: 0\r\n");
    }

    private static async Task LoadAsync(ModemBench bench, string name, string content)
    {
        await bench.SayAsync($"AT+CCERTDOWN=\"{name}\",{content.Length}\r", "\r\n>");
        await bench.SayAsync(content, Ok);
    }

    private static async Task<string> ReadAsync(Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>A TLS server that accepts one connection at a time and says what the client showed.</summary>
    private sealed class OneTlsPeer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly X509Certificate2 _certificate;

        public OneTlsPeer(X509Certificate2 certificate)
        {
            _certificate = certificate;
            _listener.Start();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public string? ServerName { get; private set; }

        public string? ClientSubject { get; private set; }

        public async Task<SslStream> AcceptAsync()
        {
            Socket socket = await _listener.AcceptSocketAsync();
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsServerAsync(
                (_, hello, _, _) =>
                {
                    ServerName = hello.ServerName;
                    return ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificate = _certificate,
                        ClientCertificateRequired = true,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        {
                            ClientSubject = certificate?.Subject;
                            return certificate is null || ClientSubject is not null;
                        },
                    });
                },
                state: null);
            return stream;
        }

        public void Dispose()
        {
            _listener.Dispose();
            _certificate.Dispose();
        }
    }
}
