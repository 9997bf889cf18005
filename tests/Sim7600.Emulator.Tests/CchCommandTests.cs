using System.Net;
using System.Net.Sockets;

namespace Sim7600.Emulator.Tests;

/// <summary>The CCH sockets.</summary>
[Parallelizable(ParallelScope.All)]
public class CchCommandTests
{
    [TestCase("AT+CCHRECV?\r", "\r\n+CCHRECV: LEN,0,0\r\n\r\nOK\r\n", Description = "answers without a session")]
    [TestCase("AT+CCHSTOP\r", "\r\nERROR\r\n")]
    [TestCase("AT+CCHADDR\r", "\r\nERROR\r\n")]
    [TestCase("AT+CCHCLOSE=0\r", "\r\nERROR\r\n")]
    [TestCase("AT+CCHSEND=0,5\r", "\r\nERROR\r\n")]
    [TestCase("AT+CCHOPEN=0,\"h\",443\r", "\r\nERROR\r\n")]
    [TestCase("AT+CCHSET=1,1;+CCHSET?\r", "\r\n+CCHSET: 1,1\r\n\r\nOK\r\n")]
    [TestCase("AT+CCHSET=?\r", "\r\n+CCHSET: (0-1),(0-1)\r\n\r\nOK\r\n")]
    public async Task Without_a_session_a_line_gets_its_answer(string typed, string printed)
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync(typed), Is.EqualTo(printed));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Bytes_go_both_ways_over_a_plain_session(CancellationToken token)
    {
        await using var bench = new ModemBench();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await bench.SayAsync("AT+CCHSTART\r", "\r\nOK\r\n\r\n+CCHSTART: 0\r\n");
        await bench.SayAsync("AT+CCHSTART\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+CCHADDR\r", "\r\n+CCHADDR: 10.64.0.2\r\n\r\nOK\r\n");
        await bench.SayAsync($"AT+CCHOPEN=0,\"127.0.0.1\",{((IPEndPoint)listener.LocalEndpoint).Port},1\r", "\r\nOK\r\n\r\n+CCHOPEN: 0,0\r\n");
        using Socket peer = await listener.AcceptSocketAsync(token);
        await bench.SayAsync("AT+CCHSEND=0,5\r", "\r\n>");
        await bench.SayAsync("hello", "\r\nOK\r\n");
        byte[] buffer = new byte[5];
        await peer.ReceiveAsync(buffer, token);
        Assert.That(buffer, Is.EqualTo("hello"u8.ToArray()));
        await peer.SendAsync("yes"u8.ToArray(), token);
        await bench.ExpectAsync("\r\n+CCHRECV: DATA,0,3\r\nyes\r\n");
        peer.Close();
        await bench.ExpectAsync("\r\n+CCH_PEER_CLOSED: 0\r\n");
        await bench.SayAsync("AT+CCHSTOP\r", "\r\nOK\r\n\r\n+CCHSTOP: 0\r\n");
    }
}
