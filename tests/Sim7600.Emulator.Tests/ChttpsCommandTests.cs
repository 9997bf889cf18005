using System.Net;
using System.Net.Sockets;

namespace Sim7600.Emulator.Tests;

/// <summary>The CHTTPS commands of older firmware: one connection over which the host speaks HTTP itself.</summary>
[Parallelizable(ParallelScope.All)]
public class ChttpsCommandTests
{
    [TestCase("AT+CHTTPSSTATE\r", "\r\n+CHTTPSSTATE: 0\r\n\r\nOK\r\n")]
    [TestCase("AT+CHTTPSSTOP\r", "\r\nERROR\r\n")]
    [TestCase("AT+CHTTPSOPSE=\"h\",443,2\r", "\r\nERROR\r\n")]
    [TestCase("AT+CHTTPSCLSE\r", "\r\nERROR\r\n")]
    [TestCase("AT+CHTTPSSEND=5\r", "\r\nERROR\r\n")]
    [TestCase("AT+CHTTPSRECV?\r", "\r\nERROR\r\n")]
    [TestCase("AT+CHTTPSOPSE=?\r", "\r\n+CHTTPSOPSE: \"ADDRESS\",(1-65535)[,(1-2)]\r\n\r\nOK\r\n")]
    public async Task Before_its_start_a_line_gets_its_answer(string typed, string printed)
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync(typed), Is.EqualTo(printed));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task A_page_is_fetched_by_hand(CancellationToken token)
    {
        await using var bench = new ModemBench();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await bench.SayAsync("AT+CHTTPSSTART\r", "\r\nOK\r\n\r\n+CHTTPSSTART: 0\r\n");
        await bench.SayAsync("AT+CHTTPSSTART\r", "\r\nERROR\r\n", "a SIM7600CE session: started already");
        await bench.SayAsync("AT+CHTTPSSTATE\r", "\r\n+CHTTPSSTATE: 4\r\n\r\nOK\r\n");
        await bench.SayAsync($"AT+CHTTPSOPSE=\"127.0.0.1\",{((IPEndPoint)listener.LocalEndpoint).Port},1\r", "\r\nOK\r\n\r\n+CHTTPSOPSE:0\r\n");
        await bench.SayAsync("AT+CHTTPSSTATE\r", "\r\n+CHTTPSSTATE: 7\r\n\r\nOK\r\n");
        using Socket peer = await listener.AcceptSocketAsync(token);
        await bench.SayAsync("AT+CHTTPSSEND=5\r", "\r\n>");
        await bench.SayAsync("GET /", "\r\nOK\r\n");
        await bench.SayAsync("AT+CHTTPSSEND\r", "\r\nOK\r\n\r\n+CHTTPSSEND:0\r\n");
        byte[] buffer = new byte[5];
        await peer.ReceiveAsync(buffer, token);
        Assert.That(buffer, Is.EqualTo("GET /"u8.ToArray()));
        await peer.SendAsync("200 OK"u8.ToArray(), token);
        await bench.ExpectAsync("\r\n+CHTTPS: RECV EVENT\r\n");
        await bench.SayAsync("AT+CHTTPSRECV?\r", "\r\n+CHTTPSRECV: LEN,6\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CHTTPSRECV=4\r", "\r\nOK\r\n\r\n+CHTTPSRECV: DATA,4\r\n200 \r\n\r\n+CHTTPSRECV: 0\r\n");
        peer.Close();
        await bench.ExpectAsync("\r\n+CHTTPSNOTIFY: PEER CLOSED\r\n");
        await bench.SayAsync("AT+CHTTPSRECV=64\r", "\r\nOK\r\n\r\n+CHTTPSRECV: DATA,2\r\nOK\r\n\r\n+CHTTPSRECV: 0\r\n");
        await bench.SayAsync("AT+CHTTPSSTOP\r", "\r\nOK\r\n\r\n+CHTTPSSTOP: 0\r\n");
    }

    [TestCase(SocketError.HostNotFound, 13)]
    [TestCase(SocketError.TimedOut, 5)]
    [TestCase(SocketError.ConnectionRefused, 14)]
    [CancelAfter(30_000)]
    public async Task An_open_that_fails_tells_why(SocketError failure, int code, CancellationToken token)
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() => bench.Modem.Dialer = new ScriptedNetwork { ConnectFailure = failure });
        await bench.SayAsync("AT+CHTTPSSTART\r", "\r\nOK\r\n\r\n+CHTTPSSTART: 0\r\n");
        await bench.SayAsync("AT+CHTTPSOPSE=\"h\",443,2\r", $"\r\nOK\r\n\r\n+CHTTPSOPSE:{code}\r\n");
        await bench.SayAsync("AT+CHTTPSSTATE\r", "\r\n+CHTTPSSTATE: 4\r\n\r\nOK\r\n");
    }
}
