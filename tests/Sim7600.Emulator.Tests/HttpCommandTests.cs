using System.Net;
using System.Net.Sockets;
using System.Text;
using Sim7600.Emulator.Network;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Tests;

/// <summary>HTTP: the session, its parameters, answers read by count, and one real exchange on loopback.</summary>
[Parallelizable(ParallelScope.All)]
public class HttpCommandTests
{
    [TestCase("AT+HTTPTERM\r", "\r\nOK\r\n", Description = "without a session; two SIM7600 logs")]
    [TestCase("AT+HTTPPARA=\"URL\",\"http://h/\"\r", "\r\nERROR\r\n")]
    [TestCase("AT+HTTPACTION=0\r", "\r\nERROR\r\n")]
    [TestCase("AT+HTTPINIT;+HTTPINIT\r", "\r\nERROR\r\n")]
    [TestCase("AT+HTTPINIT;+HTTPACTION=0\r", "\r\nERROR\r\n", Description = "no URL")]
    [TestCase("AT+HTTPINIT;+HTTPPARA=\"URL\",http://www.google.com\r", "\r\nOK\r\n", Description = "quotes may be missing")]
    [TestCase("AT+HTTPINIT;+HTTPPARA=\"URL\",\"www.google.com\"\r", "\r\nERROR\r\n")]
    [TestCase("AT+HTTPINIT;+HTTPPARA=\"CONNECTTO\",20\r", "\r\nOK\r\n")]
    [TestCase("AT+HTTPINIT;+HTTPPARA=\"CONNECTTO\",19\r", "\r\nERROR\r\n")]
    [TestCase("AT+HTTPINIT;+HTTPPARA=\"NOSUCH\",1\r", "\r\nERROR\r\n")]
    [TestCase("AT+HTTPINIT;+HTTPREAD?\r", "\r\n+HTTPREAD: LEN,0\r\n\r\nOK\r\n")]
    [TestCase("AT+HTTPINIT;+HTTPHEAD\r", "\r\nERROR\r\n")]
    [TestCase("AT+HTTPACTION=?\r", "\r\n+HTTPACTION: (0-3)\r\n\r\nOK\r\n")]
    [TestCase("AT+HTTPDATA=?\r", "\r\n+HTTPDATA: (1-153600),(10-65535)\r\n\r\nOK\r\n")]
    public async Task A_line_gets_its_answer(string typed, string printed)
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync(typed), Is.EqualTo(printed));
    }

    [Test]
    public async Task A_GET_is_read_by_count()
    {
        await using var bench = new ModemBench();
        var server = new ScriptedServer(_ => new HttpAnswer(200, "HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), "0123456789"u8.ToArray()));
        bench.Modem.Post(() => bench.Modem.HttpExchange = server);
        await bench.SayAsync("AT+HTTPINIT;+HTTPPARA=\"URL\",\"http://host.example/x\"\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+HTTPACTION=0\r", "\r\nOK\r\n\r\n+HTTPACTION: 0,200,10\r\n");
        await bench.SayAsync("AT+HTTPHEAD\r", "\r\n+HTTPHEAD: DATA,19\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+HTTPREAD?\r", "\r\n+HTTPREAD: LEN,10\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+HTTPREAD=2,4\r", "\r\nOK\r\n\r\n+HTTPREAD: DATA,4\r\n2345\r\n+HTTPREAD: 0\r\n");
        await bench.SayAsync("AT+HTTPREAD=500\r", "\r\nOK\r\n\r\n+HTTPREAD: DATA,10\r\n0123456789\r\n+HTTPREAD: 0\r\n", "asking for more is allowed");
        await bench.SayAsync("AT+HTTPREAD=10,1\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+HTTPTERM\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+HTTPREAD?\r", "\r\nERROR\r\n");
    }

    [Test]
    public async Task A_POST_sends_the_data_and_a_failure_has_a_number()
    {
        await using var bench = new ModemBench();
        HttpQuestion? asked = null;
        bench.Modem.Post(() => bench.Modem.HttpExchange = new ScriptedServer(question =>
        {
            asked = question;
            throw new HttpExchangeException(HttpResultCode.ConnectFailed, "refused");
        }));
        await bench.SayAsync("AT+HTTPINIT;+HTTPPARA=\"URL\",\"http://host.example/x\";+HTTPPARA=\"CONTENT\",\"application/json\"\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+HTTPDATA=5,10\r", "\r\nDOWNLOAD\r\n");
        await bench.SayAsync("{\r\n\0}", "\r\nOK\r\n");
        await bench.SayAsync("AT+HTTPACTION=1\r", "\r\nOK\r\n\r\n+HTTPACTION: 1,714,0\r\n");
        Assert.That(asked!.Body, Is.EqualTo("{\r\n\0}"u8.ToArray()));
        Assert.That((asked.Method, asked.ContentType), Is.EqualTo(("POST", "application/json")));
        await bench.SayAsync("AT+HTTPHEAD\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+HTTPREAD?\r", "\r\n+HTTPREAD: LEN,0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+HTTPDATA=5,10\r", "\r\nDOWNLOAD\r\n");
        await bench.TypeAsync("{}");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(10)), Is.EqualTo("\r\nERROR\r\n"), "too few bytes in time");
        await bench.SayAsync("AT\r", "\r\nOK\r\n", "and the line is free again");
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task A_real_server_answers(CancellationToken token)
    {
        await using var bench = new ModemBench();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await bench.SayAsync($"AT+HTTPINIT;+HTTPPARA=\"URL\",\"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/a?b\"\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+HTTPACTION=0\r", "\r\nOK\r\n");
        using TcpClient peer = await listener.AcceptTcpClientAsync(token);
        byte[] buffer = new byte[4096];
        int count = await peer.GetStream().ReadAsync(buffer, token);
        Assert.That(Encoding.ASCII.GetString(buffer, 0, count), Does.StartWith("GET /a?b HTTP/1.1\r\n").And.EndWith("\r\n\r\n"));
        await peer.GetStream().WriteAsync("HTTP/1.1 404 Not Found\r\nX-A: b\r\nContent-Length: 4\r\n\r\ngone"u8.ToArray(), token);
        await bench.ExpectAsync("\r\n+HTTPACTION: 0,404,4\r\n");
        await bench.SayAsync("AT+HTTPHEAD\r", "\r\n+HTTPHEAD: DATA,53\r\nHTTP/1.1 404 Not Found\r\nX-A: b\r\nContent-Length: 4\r\n\r\n\r\n\r\nOK\r\n");
    }

    private sealed class ScriptedServer(Func<HttpQuestion, HttpAnswer> answer) : IHttpExchange
    {
        public Task<HttpAnswer> SendAsync(HttpQuestion question, CancellationToken cancellationToken) => Task.FromResult(answer(question));
    }
}
