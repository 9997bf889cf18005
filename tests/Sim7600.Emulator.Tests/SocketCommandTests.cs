using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sim7600.Emulator.Tests;

/// <summary>TCP, UDP, names and pings: conversations in raw bytes, with real connections on loopback.</summary>
[Parallelizable(ParallelScope.All)]
public class SocketCommandTests
{
    private const int Limit = 30_000;

    [Test]
    public async Task The_network_service_opens_reads_back_and_closes()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+NETOPEN?\r", "\r\n+NETOPEN: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+IPADDR\r", "\r\n+IP ERROR: Network not opened\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+NETCLOSE\r", "\r\n+NETCLOSE: 2\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+NETOPEN\r", "\r\nOK\r\n\r\n+NETOPEN: 0\r\n");
        await bench.SayAsync("AT+NETOPEN?\r", "\r\n+NETOPEN: 1\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+NETOPEN\r", "\r\n+IP ERROR: Network is already opened\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CIPCCFG=10,0,0,0\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+NETOPEN\r", "\r\n+IP ERROR: 4\r\n\r\nERROR\r\n", "error mode 0 shows the number");
        await bench.SayAsync("AT+IPADDR\r", "\r\n+IPADDR: 10.64.0.2\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+NETCLOSE\r", "\r\nOK\r\n\r\n+NETCLOSE: 0\r\n");
    }

    [Test]
    public async Task NETOPEN_fails_in_the_two_ways_that_units_show()
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() => bench.Modem.Network.RefusesPacketData = true);
        await bench.SayAsync("at+netopen\r", "\r\nERROR\r\n");
        await bench.SayAsync("at+cping=\"8.8.8.8\",1\r", "\r\nOK\r\n\r\n+CPING: 3,0,0,0,0,0,0\r\n");
        await bench.SayAsync("at+cdnsgip=\"google.com\"\r", "\r\n+CDNSGIP: 0,10\r\n\r\nERROR\r\n");
        bench.Modem.Post(() =>
        {
            bench.Modem.Network.RefusesPacketData = false;
            bench.Modem.Sockets.FailsToOpen = true;
        });
        await bench.SayAsync("AT+NETOPEN\r", "\r\nOK\r\n\r\n+NETOPEN: 1\r\n");
        await bench.SayAsync("AT+NETOPEN?\r", "\r\n+NETOPEN: 0\r\n\r\nOK\r\n");
    }

    [TestCase("AT+CIPMODE=?\r", "\r\n+CIPMODE: (0-1)\r\n\r\nOK\r\n")]
    [TestCase("AT+CIPMODE\r", "\r\nOK\r\n")]
    [TestCase("AT+CIPMODE?\r", "\r\n+CIPMODE: 0\r\n\r\nOK\r\n")]
    [TestCase("AT+CIPSENDMODE=0\r", "\r\nOK\r\n")]
    [TestCase("AT+CIPTIMEOUT?\r", "\r\n+CIPTIMEOUT: 120000,120000,120000\r\n\r\nOK\r\n")]
    [TestCase("AT+CIPTIMEOUT=75000,15000,15000;+CIPTIMEOUT?\r", "\r\n+CIPTIMEOUT: 75000,15000,15000\r\n\r\nOK\r\n")]
    [TestCase("AT+CIPCCFG?\r", "\r\n+CIPCCFG: 10,0,0,1,0,0,500\r\n\r\nOK\r\n")]
    [TestCase("AT+CIPCCFG=10,0,0,0,1,0,75000;+CIPCCFG?\r", "\r\n+CIPCCFG: 10,0,0,0,1,0,75000\r\n\r\nOK\r\n")]
    [TestCase("AT+CIPHEAD=0;+CIPHEAD?\r", "\r\n+CIPHEAD: 0\r\n\r\nOK\r\n")]
    [TestCase("AT+CIPSEND=?\r", "\r\n+CIPSEND: (0-9),(1-1500)\r\n\r\nOK\r\n")]
    [TestCase("AT+CIPCLOSE=?\r", "\r\n+CIPCLOSE: (0-9)\r\n\r\nOK\r\n")]
    [TestCase("AT+CIPOPEN=0,\"TCP\",\"h\",80\r", "\r\n+CIPOPEN: 0,2\r\n\r\nERROR\r\n", Description = "the network is closed")]
    [TestCase("AT+CIPOPEN=10,\"TCP\",\"h\",80\r", "\r\n+IP ERROR: Invalid parameter\r\n\r\nERROR\r\n")]
    [TestCase("AT+CIPOPEN=0,\"TCP\",\"h\",99999\r", "\r\n+CIPOPEN: 0,3\r\n\r\nERROR\r\n")]
    [TestCase("AT+CIPOPEN=0,\"SCTP\",\"h\",80\r", "\r\n+CIPOPEN: 0,3\r\n\r\nERROR\r\n")]
    [TestCase("AT+CIPOPEN=0,\"UDP\",\"192.0.2.7\",80\r", "\r\n+CIPOPEN: 0,3\r\n\r\nERROR\r\n", Description = "a SIM7600E-H wants the local port")]
    [TestCase("AT+CIPSEND=0,5\r", "\r\n+CIPERROR: 2\r\n\r\nERROR\r\n", Description = "the network is closed")]
    [TestCase("AT+CIPSEND=0,1501\r", "\r\n+CIPERROR: 3\r\n\r\nERROR\r\n")]
    [TestCase("AT+CIPCLOSE=0\r", "\r\n+CIPCLOSE: 0,4\r\n\r\nERROR\r\n")]
    [TestCase("AT+CIPRXGET=4,0\r", "\r\n+CIPRXGET: 4,0,0\r\n\r\nOK\r\n", Description = "a dead link answers normally")]
    [TestCase("AT+CIPRXGET=2,0\r", "\r\n+IP ERROR: No data\r\n\r\nERROR\r\n")]
    [TestCase("AT+CIPCLOSE?\r", "\r\n+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0\r\n\r\nOK\r\n")]
    public async Task Without_a_network_service_a_line_gets_its_answer(string typed, string printed)
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync(typed), Is.EqualTo(printed));
    }

    [Test]
    [CancelAfter(Limit)]
    public async Task Bytes_go_both_ways_over_a_real_connection_and_the_peer_ends_it(CancellationToken token)
    {
        await using var bench = new ModemBench();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await OpenAsync(bench);
        await bench.SayAsync($"AT+CIPOPEN=0,\"TCP\",\"127.0.0.1\",{port}\r", "\r\nOK\r\n\r\n+CIPOPEN: 0,0\r\n");
        using Socket peer = await listener.AcceptSocketAsync(token);
        await bench.SayAsync("AT+CIPCLOSE?\r", "\r\n+CIPCLOSE: 1,0,0,0,0,0,0,0,0,0\r\n\r\nOK\r\n");
        await bench.SayAsync($"AT+CIPOPEN=0,\"TCP\",\"127.0.0.1\",{port}\r", "\r\n+CIPOPEN: 0,4\r\n\r\nERROR\r\n", "the link is in use");

        await bench.SayAsync("AT+CIPSEND=0,5\r", "\r\n>");
        await bench.SayAsync("OK\r\n\0", "\r\nOK\r\n\r\n+CIPSEND: 0,5,5\r\n", "the data is counted, whatever it is");
        Assert.That(await TakeAsync(peer, 5, token), Is.EqualTo("OK\r\n\0"));

        await bench.SayAsync("AT+CIPSEND=0,\r", "\r\n>");
        await bench.SayAsync("a\u0003\u001ab\r\u001a", "\r\nOK\r\n\r\n+CIPSEND: 0,4,4\r\n", "0x03 lets Ctrl-Z be data");
        Assert.That(await TakeAsync(peer, 4, token), Is.EqualTo("a\u001ab\r"));
        await bench.SayAsync("AT+CIPSEND=0,\r", "\r\n>");
        await bench.SayAsync("never\u001b", "\r\nERROR\r\n");

        await peer.SendAsync("\r\nRDY\r\n"u8.ToArray(), token);
        await bench.ExpectAsync($"\r\nRECV FROM:127.0.0.1:{port}\r\n+IPD7\r\n\r\nRDY\r\n");
        await bench.SayAsync("AT+CIPACK=0\r", "\r\n+CIPACK: 9,9,7\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CIPSRIP=0;+CIPHEAD=0\r", "\r\nOK\r\n");
        await peer.SendAsync("x"u8.ToArray(), token);
        await bench.ExpectAsync("\r\nx");
        await bench.SayAsync($"AT+CIPOPEN?\r", $"\r\n+CIPOPEN: 0,\"TCP\",\"127.0.0.1\",{port},-1\r\n+CIPOPEN: 1\r\n");
        peer.Close();
        await bench.ExpectAsync(string.Concat(Enumerable.Range(2, 8).Select(n => $"+CIPOPEN: {n}\r\n")) + "\r\nOK\r\n\r\n+IPCLOSE: 0,1\r\n");
        await bench.SayAsync("AT+CIPSEND=0,5\r", "\r\n+CIPERROR: 4\r\n\r\nERROR\r\n", "a link that died");
    }

    [Test]
    [CancelAfter(Limit)]
    public async Task Received_bytes_wait_when_the_host_reads_by_hand(CancellationToken token)
    {
        await using var bench = new ModemBench();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await OpenAsync(bench);
        await bench.SayAsync("AT+CIPRXGET=1\r", "\r\nOK\r\n");
        await bench.SayAsync($"AT+CIPOPEN=3,\"TCP\",\"localhost\",{port}\r", "\r\nOK\r\n\r\n+CIPOPEN: 3,0\r\n");
        using Socket peer = await listener.AcceptSocketAsync(token);
        await peer.SendAsync("0123456789"u8.ToArray(), token);
        await bench.ExpectAsync("\r\n+CIPRXGET: 1,3\r\n");
        await bench.SayAsync("AT+CIPRXGET=4,3\r", "\r\n+CIPRXGET: 4,3,10\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CIPRXGET=2,3,4\r", "\r\n+CIPRXGET: 2,3,4,6\r\n0123\r\n\r\nOK\r\n");
        peer.Close();
        await bench.ExpectAsync("\r\n+IPCLOSE: 3,1\r\n");
        await bench.SayAsync("AT+CIPRXGET=3,3,2\r", "\r\n+CIPRXGET: 3,3,2,4\r\n3435\r\n\r\nOK\r\n", "what came before the end can still be read");
        await bench.SayAsync("AT+CIPRXGET=2,3\r", "\r\n+CIPRXGET: 2,3,4,0\r\n6789\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CIPRXGET=2,3\r", "\r\n+IP ERROR: No data\r\n\r\nERROR\r\n");
    }

    [Test]
    [CancelAfter(Limit)]
    public async Task Pushed_data_names_its_link_with_header_type_1(CancellationToken token)
    {
        await using var bench = new ModemBench();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await OpenAsync(bench);
        await bench.SayAsync("AT+CIPCCFG=10,0,0,1,1,0,500;+CIPSRIP=0\r", "\r\nOK\r\n");
        foreach (int link in new[] { 2, 9 })
        {
            await bench.SayAsync($"AT+CIPOPEN={link},\"TCP\",\"127.0.0.1\",{port}\r", $"\r\nOK\r\n\r\n+CIPOPEN: {link},0\r\n");
            using Socket peer = await listener.AcceptSocketAsync(token);
            await peer.SendAsync("OK\r\n"u8.ToArray(), token);
            await bench.ExpectAsync($"\r\n+RECEIVE,{link},4\r\nOK\r\n");
            peer.LingerState = new LingerOption(true, 0); // a reset ends the link as a close does
            peer.Close();
            await bench.ExpectAsync($"\r\n+IPCLOSE: {link},1\r\n");
        }
    }

    [Test]
    [CancelAfter(Limit)]
    public async Task Datagrams_go_both_ways(CancellationToken token)
    {
        await using var bench = new ModemBench();
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)peer.Client.LocalEndPoint!).Port;
        await OpenAsync(bench);
        await bench.SayAsync("AT+CIPOPEN=5,\"UDP\",,,0\r", "\r\n+CIPOPEN: 5,0\r\n\r\nOK\r\n", "UDP: result first");
        Assert.That(await bench.TypeAsync("AT+CIPOPEN?\r"), Does.Contain("+CIPOPEN: 5,\"UDP\",\"0.0.0.0\",0,-1\r\n"));
        await bench.SayAsync("AT+CIPSEND=8,5,\"183.230.174.137\",6031\r", "\r\n+CIPERROR: 3\r\n\r\nERROR\r\n");
        await bench.SayAsync($"AT+CIPSEND=5,5,\"127.0.0.1\",{port}\r", "\r\n>");
        await bench.SayAsync("12345", "\r\nOK\r\n\r\n+CIPSEND: 5,5,5\r\n");
        UdpReceiveResult got = await peer.ReceiveAsync(token);
        Assert.That(Encoding.ASCII.GetString(got.Buffer), Is.EqualTo("12345"));
        await peer.SendAsync("abc"u8.ToArray(), got.RemoteEndPoint, token);
        await bench.ExpectAsync($"\r\nRECV FROM:127.0.0.1:{port}\r\n+IPD3\r\nabc");
        await bench.SayAsync("AT+CIPCLOSE=5\r", "\r\n+CIPCLOSE: 5,0\r\n\r\nOK\r\n", "UDP: result first");
    }

    [TestCase(SocketError.HostNotFound, 11)]
    [TestCase(SocketError.TimedOut, 10)]
    [TestCase(SocketError.ConnectionRefused, 1)]
    public async Task A_connection_that_fails_is_told_after_OK(SocketError failure, int code)
    {
        await using var bench = new ModemBench();
        await OpenAsync(bench);
        bench.Modem.Post(() => bench.Modem.Dialer = new ScriptedNetwork { ConnectFailure = failure });
        await bench.SayAsync("AT+CIPOPEN=0,\"TCP\",\"host.example\",80\r", $"\r\nOK\r\n\r\n+CIPOPEN: 0,{code}\r\n");
        await bench.SayAsync("AT+CIPSEND=0,5\r", "\r\n+CIPERROR: 4\r\n\r\nERROR\r\n");
    }

    [Test]
    public async Task A_connection_that_never_comes_ends_with_the_time_of_CIPTIMEOUT()
    {
        await using var bench = new ModemBench();
        await OpenAsync(bench);
        bench.Modem.Post(() => bench.Modem.Dialer = new ScriptedNetwork());
        await bench.SayAsync("AT+CIPTIMEOUT=75000,15000,15000\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CIPOPEN=0,\"TCP\",\"host.example\",80\r", "\r\nOK\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(14.9)), Is.Empty);
        bench.Time.Advance(TimeSpan.FromSeconds(0.1));
        await bench.ExpectAsync("\r\n+CIPOPEN: 0,10\r\n");
    }

    [Test]
    [CancelAfter(Limit)]
    public async Task A_lost_network_is_told_once_and_before_MQTT(CancellationToken token)
    {
        await using var bench = new ModemBench(boot: BootMode.None);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await bench.ConnectAsync();
        await OpenAsync(bench);
        await bench.SayAsync($"AT+CIPOPEN=0,\"TCP\",\"127.0.0.1\",{((IPEndPoint)listener.LocalEndpoint).Port}\r", "\r\nOK\r\n\r\n+CIPOPEN: 0,0\r\n");
        using Socket peer = await listener.AcceptSocketAsync(token);
        await bench.SayAsync(
            "AT+CRESET\r", "\r\nOK\r\n\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n", "a SIM7600EI");
        Assert.That(await peer.ReceiveAsync(new byte[1], token), Is.Zero, "the connection is closed");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.PrintedAsync();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.PrintedAsync();
        bench.Modem.Post(() => bench.Modem.Line.Echo = false);
        await bench.SayAsync("AT+NETOPEN?\r", "\r\n+NETOPEN: 0\r\n\r\nOK\r\n");
    }

    [Test]
    public async Task Names_are_resolved_while_the_command_waits()
    {
        await using var bench = new ModemBench();
        var network = new ScriptedNetwork { Names = { ["broker.example"] = IPAddress.Parse("3.6.227.51") } };
        bench.Modem.Post(() => bench.Modem.Dialer = network);
        await bench.SayAsync("AT+CDNSGIP=\"broker.example\"\r", "\r\n+CDNSGIP: 1,\"broker.example\",\"3.6.227.51\"\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CDNSGIP=\"nobody.example\"\r", "\r\n+CDNSGIP: 0,10\r\n\r\nERROR\r\n");
    }

    [Test]
    public async Task Pings_come_one_after_the_other_and_end_with_a_summary()
    {
        await using var bench = new ModemBench();
        var network = new ScriptedNetwork { Names = { ["host.example"] = IPAddress.Parse("192.0.2.7") } };
        network.Echoes.Enqueue(TimeSpan.FromMilliseconds(40));
        network.Echoes.Enqueue(null);
        network.Echoes.Enqueue(TimeSpan.FromMilliseconds(60));
        bench.Modem.Post(() => bench.Modem.Dialer = network);
        await bench.SayAsync("AT+CPING=\"host.example\",1,3,64,1000\r", "\r\nOK\r\n\r\n+CPING: 1,192.0.2.7,64,40,255\r\n");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.ExpectAsync("\r\n+CPING: 2\r\n");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.ExpectAsync("\r\n+CPING: 1,192.0.2.7,64,60,255\r\n\r\n+CPING: 3,3,2,1,40,60,50\r\n");
    }

    private static Task OpenAsync(ModemBench bench) => bench.SayAsync("AT+NETOPEN\r", "\r\nOK\r\n\r\n+NETOPEN: 0\r\n");

    private static async Task<string> TakeAsync(Socket peer, int count, CancellationToken token)
    {
        byte[] buffer = new byte[count];
        for (int taken = 0; taken < count;)
        {
            int more = await peer.ReceiveAsync(buffer.AsMemory(taken), token);
            Assert.That(more, Is.Positive, "the connection ended early");
            taken += more;
        }

        return Encoding.Latin1.GetString(buffer);
    }
}
