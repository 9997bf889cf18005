using System.Text;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Sockets;
using static Sim7600.Driver.Tests.Sockets.SocketTalk;

namespace Sim7600.Driver.Tests.Sockets;

/// <summary>TCP links as streams, byte by byte.</summary>
[CancelAfter(60_000)]
[Parallelizable(ParallelScope.All)]
public sealed class TcpSocketTests
{
    private const string Tricky = "\r\nOK\r\n\r\nERROR\r\n\r\n+IPCLOSE: 0,1\r\n\r\nRDY\r\n\r\n+RECEIVE,0,9\r\n>";

    [Test]
    public async Task Received_bytes_are_asked_for_and_taken_by_count([Values] bool byteByByte)
    {
        await using var talk = new SocketTalk(byteByByte);
        SocketStream socket = await talk.OpensTcp();
        await talk.Modem.Says("\r\n+CIPRXGET: 1,0\r\n");
        await talk.Modem.Answers("AT+CIPRXGET=2,0,1500\r", $"\r\n+CIPRXGET: 2,0,{Tricky.Length},4\r\n{Tricky}\r\n{Ok}");
        await talk.Modem.Answers("AT+CIPRXGET=2,0,1500\r", $"\r\n+CIPRXGET: 2,0,4,0\r\nmore\r\n{Ok}");
        Assert.That(await Reads(socket, Tricky.Length + 4), Is.EqualTo(Tricky + "more"));
        Assert.That(socket.IsConnected);
        await talk.Closes(socket, "AT+CIPCLOSE=0\r", Ok + "\r\n+CIPCLOSE: 0,0\r\n");
        await talk.Talk.StillWorks();
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task Pushed_bytes_are_taken_by_count_wherever_they_are_cut()
    {
        string pushed = $"\r\nRECV FROM:203.0.113.7:1883\r\n+RECEIVE,0,{Tricky.Length}\r\n{Tricky}";
        for (int cut = 1; cut < pushed.Length; cut++)
        {
            await using var talk = new SocketTalk();
            SocketStream socket = await talk.OpensTcp(Push);
            await talk.Modem.Says(pushed[..cut]);
            await talk.Modem.Says(pushed[cut..]);
            Assert.That(await Reads(socket, Tricky.Length), Is.EqualTo(Tricky), $"cut at {cut}");
            await talk.Talk.StillWorks();
        }
    }

    [Test]
    public async Task What_is_written_is_counted_in_pieces_that_the_modem_takes()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        string text = Tricky + new string('x', 1600);
        Task writing = socket.WriteAsync(Bytes(text)).AsTask();
        await talk.Modem.Answers("AT+CIPSEND=0,1500\r", "\r\n>");
        await talk.Modem.Answers(text[..1500], Ok + "\r\n+CIPSEND: 0,1500,1500\r\n");
        int rest = text.Length - 1500;
        await talk.Modem.Answers($"AT+CIPSEND=0,{rest}\r", "\r\n> ");
        Assert.That(writing.IsCompleted, Is.False);
        await talk.Modem.Answers(text[1500..], Ok + $"\r\n+CIPSEND: 0,{rest},{rest}\r\n");
        await writing;
        talk.Modem.ExpectsNothingMore();
    }

    [TestCase("\r\nOK\r\n\r\n+CIPSEND: 0,5,-1\r\n", "the link was gone")]
    [TestCase("\r\nOK\r\n\r\n+CIPSEND: 0,5,3\r\n", "+CIPSEND: 0,5,3")]
    [TestCase("\r\nOK\r\n\r\n+CIPSEND: 0,5,0\r\n", "+CIPSEND: 0,5,0")]
    public async Task A_piece_that_was_not_sent_whole_breaks_the_socket(string answer, string reason)
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        Task writing = socket.WriteAsync(Bytes("hello")).AsTask();
        await talk.Modem.Answers("AT+CIPSEND=0,5\r", "\r\n>");
        await talk.Modem.Answers("hello", answer);
        SocketBrokenException error = (await Assert.ThrowsAsync<SocketBrokenException>(() => writing))!;
        Assert.That(error.End, Is.EqualTo(SocketEnd.SendFailed));
        Assert.That(error.Message, Does.Contain(reason).And.Contain("TCP link 0 to host.example:1883"));
        await Assert.ThrowsAsync<SocketBrokenException>(() => socket.WriteAsync(Bytes("x")).AsTask());
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task A_peer_that_closes_in_mid_send_ends_the_write_and_what_came_before_is_read()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        Task writing = socket.WriteAsync(Bytes("hello")).AsTask();
        await talk.Modem.Answers("AT+CIPSEND=0,5\r", "\r\n>");
        await talk.Modem.Answers("hello", "\r\n+CIPRXGET: 1,0\r\n\r\n+IPCLOSE: 0,1\r\n");

        // Both are noticed before the channel is free to fetch: noticing the end later would be a reason to ask once more.
        await talk.Talk.Time.PassesUntil(talk.Talk.Options.QuietTime, () => !socket.IsConnected);
        await talk.Modem.Says(Ok + "\r\n+CIPSEND: 0,5,-1\r\n");
        await Assert.ThrowsAsync<SocketBrokenException>(() => writing);
        await talk.Modem.Answers("AT+CIPRXGET=2,0,1500\r", $"\r\n+CIPRXGET: 2,0,3,0\r\nbye\r\n{Ok}");
        Assert.That(await Reads(socket, 3), Is.EqualTo("bye"));
        Assert.That(await ReadsEnd(socket), Is.Zero);
        Assert.That(await ReadsEnd(socket), Is.Zero, "and it stays so");
        SocketBrokenException error = (await Assert.ThrowsAsync<SocketBrokenException>(() => socket.WriteAsync(Bytes("x")).AsTask()))!;
        Assert.That(error.End, Is.EqualTo(SocketEnd.ClosedByPeer));
        await socket.DisposeAsync();
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task A_send_on_a_dead_link_is_refused_before_its_data()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        Task writing = socket.WriteAsync(Bytes("hello")).AsTask();
        await talk.Modem.Answers("AT+CIPSEND=0,5\r", "\r\n+CIPERROR: 4\r\n\r\nERROR\r\n");
        Assert.That((await Assert.ThrowsAsync<SocketBrokenException>(() => writing))!.Message, Does.Contain("+CIPERROR: 4"));
        await talk.Talk.StillWorks();
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task A_send_that_is_cancelled_completes_the_count_and_takes_no_more()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        using var cancel = new CancellationTokenSource();
        Task writing = socket.WriteAsync(Bytes("he\rlo"), cancel.Token).AsTask();
        await talk.Modem.Expects("AT+CIPSEND=0,5\r");
        await cancel.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => writing);

        Task<AtReply> next = talk.Talk.Channel.ExecuteAsync(Channel.Conversation.Csq);
        await talk.Modem.Says("\r\n>");
        await talk.Modem.Answers("he\rlo", Ok + "\r\n+CIPSEND: 0,5,5\r\n");
        await talk.Talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 21,99\r\n" + Ok);
        await next;

        SocketBrokenException error = (await Assert.ThrowsAsync<SocketBrokenException>(() => socket.WriteAsync(Bytes("x")).AsTask()))!;
        Assert.That(error.End, Is.EqualTo(SocketEnd.WriteInterrupted));
        await talk.Modem.Says("\r\n+CIPRXGET: 1,0\r\n");
        await talk.Modem.Answers("AT+CIPRXGET=2,0,1500\r", $"\r\n+CIPRXGET: 2,0,2,0\r\nhi\r\n{Ok}");
        Assert.That(await Reads(socket, 2), Is.EqualTo("hi"), "reading goes on");
    }

    [Test]
    public async Task A_write_that_is_cancelled_before_its_turn_leaves_no_trace()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        using (await talk.Talk.Channel.AcquireAsync())
        {
            using var cancel = new CancellationTokenSource();
            Task writing = socket.WriteAsync(Bytes("hello"), cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.CatchAsync<OperationCanceledException>(() => writing);
        }

        Task again = socket.WriteAsync(Bytes("hello")).AsTask();
        await talk.Modem.Answers("AT+CIPSEND=0,5\r", "\r\n>");
        await talk.Modem.Answers("hello", Ok + "\r\n+CIPSEND: 0,5,5\r\n");
        await again;
    }

    [Test]
    public async Task A_cancelled_read_loses_nothing()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        using var cancel = new CancellationTokenSource();
        Task<int> reading = socket.ReadAsync(new byte[10], cancel.Token).AsTask();
        await talk.Modem.Says("\r\n+CIPRXGET: 1,0\r\n");
        await talk.Modem.Expects("AT+CIPRXGET=2,0,1500\r");
        await cancel.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => reading);
        await talk.Modem.Says($"\r\n+CIPRXGET: 2,0,2,0\r\nhi\r\n{Ok}");
        Assert.That(await Reads(socket, 2), Is.EqualTo("hi"));
        await talk.Talk.StillWorks();
    }

    [Test]
    public async Task A_full_buffer_asks_for_no_more_until_it_is_read()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp(new() { ReceiveBuffer = 4096 });
        string block = new('x', 1500);
        await talk.Modem.Says("\r\n+CIPRXGET: 1,0\r\n");
        for (int piece = 0; piece < 3; piece++)
        {
            await talk.Modem.Answers("AT+CIPRXGET=2,0,1500\r", $"\r\n+CIPRXGET: 2,0,1500,9000\r\n{block}\r\n{Ok}");
        }

        await talk.Talk.StillWorks();
        talk.Modem.ExpectsNothingMore();
        await Reads(socket, 500);
        await talk.Modem.Answers("AT+CIPRXGET=2,0,1500\r", $"\r\n+CIPRXGET: 2,0,1500,0\r\n{block}\r\n{Ok}");
        await Reads(socket, 5500);
    }

    [Test]
    public async Task Pushed_bytes_that_nobody_reads_break_the_socket_in_the_end(CancellationToken ct)
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp(new() { ReceiveMode = SocketReceiveMode.Push, ReceiveBuffer = 4096 });
        string block = new('x', 1460);
        for (int piece = 0; piece < 46; piece++)
        {
            await talk.Modem.Says($"\r\n+RECEIVE,0,1460\r\n{block}");
        }

        while (socket.IsConnected)
        {
            ct.ThrowIfCancellationRequested(); // reading now would make room
            await Task.Yield();
        }

        int total = 0;
        SocketBrokenException error = (await Assert.ThrowsAsync<SocketBrokenException>(async () =>
        {
            while (true)
            {
                total += await socket.ReadAsync(new byte[100_000], ct);
            }
        }))!;
        Assert.That(total, Is.EqualTo(45 * block.Length));
        Assert.That(error.End, Is.EqualTo(SocketEnd.Overrun));
        Assert.That(error.Message, Does.Contain("SocketReceiveMode.Manual"));
    }

    [Test]
    public async Task Links_do_not_hear_each_other()
    {
        await using var talk = new SocketTalk();
        SocketStream first = await talk.OpensTcp(Push);
        Task<SocketStream> opening = talk.Sockets.OpenTcpAsync("other.example", 80, Push);
        await talk.Modem.Answers("AT+CIPCCFG?\r", "\r\n+CIPCCFG: 10,0,0,1,1,0,500\r\n" + Ok);
        await talk.Modem.Answers("AT+CIPHEAD=1\r", Ok);
        await talk.Modem.Answers("AT+CIPRXGET=0\r", Ok);
        await talk.Modem.Answers("AT+CIPOPEN=1,\"TCP\",\"other.example\",80\r", Ok + "\r\n+CIPOPEN: 1,0\r\n");
        SocketStream second = await opening;
        await talk.Modem.Says("\r\n+RECEIVE,1,3\r\ntwo\r\n+RECEIVE,0,3\r\none\r\n+RECEIVE,7,4\r\nnone\r\n+IPCLOSE: 1,1\r\n");
        Assert.That(await Reads(first, 3), Is.EqualTo("one"));
        Assert.That(await Reads(second, 3), Is.EqualTo("two"));
        Assert.That(await ReadsEnd(second), Is.Zero);
        Assert.That(first.IsConnected);
        InvalidOperationException error = (await Assert.ThrowsAsync<InvalidOperationException>(() => talk.Sockets.OpenTcpAsync("h", 1)))!;
        Assert.That(error.Message, Does.Contain("ReceiveMode Push is open"));
        talk.Modem.ExpectsNothingMore();
    }

    [TestCase("\r\n+IP ERROR: Network is already opened\r\n\r\nERROR\r\n")]
    [TestCase("\r\n+IP ERROR: 4\r\n\r\nERROR\r\n")]
    [TestCase("\r\nOK\r\n\r\n+NETOPEN: 1\r\n")]
    public async Task A_network_that_is_open_already_is_adopted(string answer)
    {
        await using var talk = new SocketTalk();
        Task<SocketStream> opening = talk.Sockets.OpenTcpAsync("h", 80);
        await talk.Modem.Answers("AT+NETOPEN\r", answer);
        await talk.Modem.Answers("AT+NETOPEN?\r", "\r\n+NETOPEN: 1\r\n" + Ok);
        await talk.Modem.Answers("AT+CIPRXGET=1\r", Ok);
        await talk.Modem.Answers("AT+CIPOPEN=0,\"TCP\",\"h\",80\r", Ok + "\r\n+CIPOPEN: 0,0\r\n");
        await opening;
    }

    [Test]
    public async Task A_network_that_does_not_open_is_told()
    {
        await using var talk = new SocketTalk();
        Task<SocketStream> opening = talk.Sockets.OpenTcpAsync("h", 80);
        await talk.Modem.Answers("AT+NETOPEN\r", "\r\nERROR\r\n");
        await talk.Talk.Time.Passes(talk.Talk.Options.ResultLineGrace);
        await talk.Modem.Answers("AT+NETOPEN?\r", "\r\n+NETOPEN: 0\r\n" + Ok);
        SocketOpenException error = (await Assert.ThrowsAsync<SocketOpenException>(() => opening))!;
        Assert.That(error.Message, Does.Contain("h:80").And.Contain("AT+NETOPEN").And.Contain("APN"));
    }

    [TestCase(11, "host name could not be resolved")]
    [TestCase(10, "no answer in time")]
    [TestCase(1, "nobody listens")]
    public async Task A_failed_open_has_the_modems_number_and_frees_the_link(int code, string meaning)
    {
        await using var talk = new SocketTalk();
        await using (SocketStream first = await talk.OpensTcp())
        {
            Task<SocketStream> opening = talk.Sockets.OpenTcpAsync("h", 80);
            await talk.Modem.Answers("AT+CIPRXGET=1\r", Ok);
            await talk.Modem.Answers("AT+CIPOPEN=1,\"TCP\",\"h\",80\r", Ok + $"\r\n+CIPOPEN: 1,{code}\r\n");
            SocketOpenException error = (await Assert.ThrowsAsync<SocketOpenException>(() => opening))!;
            Assert.That(error.Code, Is.EqualTo(code));
            Assert.That(error.Message, Does.Contain(meaning));
            opening = talk.Sockets.OpenTcpAsync("h", 80);
            await talk.Modem.Answers("AT+CIPRXGET=1\r", Ok);
            await talk.Modem.Answers("AT+CIPOPEN=1,\"TCP\",\"h\",80\r", Ok + "\r\n+CIPOPEN: 1,0\r\n");
            await opening;
            await talk.Modem.Says("\r\n+IPCLOSE: 0,1\r\n");
            await talk.Modem.Answers("AT+CIPRXGET=2,0,1500\r", "\r\n+IP ERROR: No data\r\n\r\nERROR\r\n");
            Assert.That(await ReadsEnd(first), Is.Zero);
        }

        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task A_link_in_use_elsewhere_is_left_alone_while_others_are_free()
    {
        await using var talk = new SocketTalk();
        Task<SocketStream> opening = talk.Sockets.OpenTcpAsync("h", 80);
        await talk.Modem.Answers("AT+NETOPEN\r", Ok + "\r\n+NETOPEN: 0\r\n");
        await talk.Modem.Answers("AT+CIPRXGET=1\r", Ok);
        for (int number = 0; number < 10; number++)
        {
            await talk.Modem.Answers($"AT+CIPOPEN={number},\"TCP\",\"h\",80\r", $"\r\n+CIPOPEN: {number},4\r\n\r\nERROR\r\n");
        }

        await talk.Modem.Answers("AT+CIPCLOSE=0\r", Ok + "\r\n+CIPCLOSE: 0,0\r\n");
        await talk.Modem.Answers("AT+CIPOPEN=0,\"TCP\",\"h\",80\r", Ok + "\r\n+CIPOPEN: 0,0\r\n");
        Assert.That((await opening).Number, Is.Zero, "when none is free, an earlier run's is taken over");
    }

    [Test]
    public async Task The_end_of_an_earlier_link_is_not_taken_for_the_new_one()
    {
        await using var talk = new SocketTalk();
        Task<SocketStream> opening = talk.Sockets.OpenTcpAsync("h", 80);
        await talk.Modem.Answers("AT+NETOPEN\r", Ok + "\r\n+NETOPEN: 0\r\n");
        await talk.Modem.Answers("AT+CIPRXGET=1\r", Ok);
        await talk.Modem.Answers("AT+CIPOPEN=0,\"TCP\",\"h\",80\r", "\r\n+IPCLOSE: 0,1\r\n" + Ok + "\r\n+IPCLOSE: 0,1\r\n\r\n+CIPOPEN: 0,0\r\n");
        SocketStream socket = await opening;
        Assert.That(socket.IsConnected);
        await talk.Talk.StillBusy();
        Assert.That(socket.IsConnected);
    }

    [Test]
    public async Task Bytes_that_come_right_behind_the_open_are_kept()
    {
        await using var talk = new SocketTalk();
        SocketStream first = await talk.OpensTcp(Push);
        await talk.Closes(first, "AT+CIPCLOSE=0\r", Ok + "\r\n+CIPCLOSE: 0,0\r\n");
        Task<SocketStream> opening = talk.Sockets.OpenTcpAsync("h", 25, Push);
        await talk.Modem.Answers("AT+CIPCCFG?\r", "\r\n+CIPCCFG: 10,0,0,1,1,0,500\r\n" + Ok);
        await talk.Modem.Answers("AT+CIPHEAD=1\r", Ok);
        await talk.Modem.Answers("AT+CIPRXGET=0\r", Ok);
        await talk.Modem.Answers("AT+CIPOPEN=0,\"TCP\",\"h\",25\r", Ok + "\r\n+CIPOPEN: 0,0\r\n\r\n+RECEIVE,0,5\r\n220 h");
        Assert.That(await Reads(await opening, 5), Is.EqualTo("220 h"));
    }

    [Test]
    public async Task An_open_that_is_given_up_is_closed_in_the_modem([Values] bool byCaller)
    {
        await using var talk = new SocketTalk();
        using var cancel = new CancellationTokenSource();
        Task<SocketStream> opening = talk.Sockets.OpenTcpAsync("h", 80, new() { OpenTimeout = TimeSpan.FromSeconds(77) }, cancel.Token);
        await talk.Modem.Answers("AT+NETOPEN\r", Ok + "\r\n+NETOPEN: 0\r\n");
        await talk.Modem.Answers("AT+CIPRXGET=1\r", Ok);
        await talk.Modem.Answers("AT+CIPOPEN=0,\"TCP\",\"h\",80\r", Ok);
        await talk.Talk.StillBusy();
        if (byCaller)
        {
            await cancel.CancelAsync();
        }
        else
        {
            await talk.Talk.Time.Passes(TimeSpan.FromSeconds(77));
        }

        await talk.Talk.GetsBackInStep();
        await talk.Modem.Answers("AT+CIPCLOSE=0\r", "\r\n+CIPCLOSE: 0,4\r\n\r\nERROR\r\n");
        Exception error = (await Assert.CatchAsync(() => opening))!;
        Assert.That(error, byCaller ? Is.InstanceOf<OperationCanceledException>() : Is.InstanceOf<AtTimeoutException>());
        await talk.Talk.StillWorks();
    }

    [Test]
    public async Task A_lost_line_ends_reads_and_writes()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        Task<int> reading = ReadsEnd(socket);
        Task writing = socket.WriteAsync(Bytes("hello")).AsTask();
        await talk.Modem.Answers("AT+CIPSEND=0,5\r", "\r\n>");
        await talk.Modem.Unplug();
        Assert.That((await Assert.ThrowsAsync<SocketBrokenException>(() => writing))!.End, Is.EqualTo(SocketEnd.LineLost));
        Assert.That((await Assert.ThrowsAsync<SocketBrokenException>(() => reading))!.End, Is.EqualTo(SocketEnd.LineLost));
        Assert.That(socket.IsConnected, Is.False);
        await socket.DisposeAsync();
    }

    [Test]
    public async Task A_modem_that_restarts_ends_the_socket_and_the_next_open_starts_anew()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        Task<int> reading = ReadsEnd(socket);
        await talk.Modem.Says("\r\nRDY\r\n");
        Assert.That((await Assert.ThrowsAsync<SocketBrokenException>(() => reading))!.End, Is.EqualTo(SocketEnd.ModemRestarted));
        await socket.DisposeAsync();
        talk.Modem.ExpectsNothingMore();
        await talk.OpensTcp();
    }

    [Test]
    public async Task A_lost_network_ends_the_socket_and_is_closed_before_it_is_opened_again()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        Task<int> reading = ReadsEnd(socket);
        await talk.Modem.Says("\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n");
        Assert.That((await Assert.ThrowsAsync<SocketBrokenException>(() => reading))!.End, Is.EqualTo(SocketEnd.NetworkLost));
        await socket.DisposeAsync();
        Task<SocketStream> opening = talk.OpensTcpAfterNetClose();
        await opening;
    }

    [Test]
    public async Task A_network_that_closed_silently_is_opened_again_at_the_next_open()
    {
        await using var talk = new SocketTalk();
        SocketStream first = await talk.OpensTcp();
        Task<SocketStream> opening = talk.Sockets.OpenTcpAsync("h", 80);
        await talk.Modem.Answers("AT+CIPRXGET=1\r", Ok);
        await talk.Modem.Answers("AT+CIPOPEN=1,\"TCP\",\"h\",80\r", "\r\n+CIPOPEN: 1,2\r\n\r\nERROR\r\n");
        await talk.Modem.Answers("AT+NETOPEN\r", Ok + "\r\n+NETOPEN: 0\r\n");
        await talk.Modem.Answers("AT+CIPRXGET=1\r", Ok);
        await talk.Modem.Answers("AT+CIPOPEN=1,\"TCP\",\"h\",80\r", Ok + "\r\n+CIPOPEN: 1,0\r\n");
        Assert.That((await opening).Number, Is.EqualTo(1));
        Assert.That(first.Number, Is.Zero);
    }

    [TestCase("", 80)]
    [TestCase("h", 0)]
    [TestCase("h", 65536)]
    [TestCase("h\"x", 80)]
    [TestCase("h\r\nAT+CPOF", 80)]
    public async Task What_the_modem_cannot_take_is_not_sent(string host, int port)
    {
        await using var talk = new SocketTalk();
        await Assert.CatchAsync<ArgumentException>(() => talk.Sockets.OpenTcpAsync(host, port));
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task A_disposed_socket_lets_the_command_on_the_wire_end_first()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        await talk.Modem.Says("\r\n+CIPRXGET: 1,0\r\n");
        await talk.Modem.Expects("AT+CIPRXGET=2,0,1500\r");
        Task closing = socket.DisposeAsync().AsTask();
        await talk.Modem.Says($"\r\n+CIPRXGET: 2,0,2,0\r\nhi\r\n{Ok}");
        await talk.Modem.Answers("AT+CIPCLOSE=0\r", Ok + "\r\n+CIPCLOSE: 0,0\r\n");
        await closing;
        talk.Modem.ExpectsNothingMore();
    }

    [Test]
    public async Task A_disposed_socket_says_so()
    {
        await using var talk = new SocketTalk();
        SocketStream socket = await talk.OpensTcp();
        Task<int> reading = ReadsEnd(socket);
        await talk.Closes(socket, "AT+CIPCLOSE=0\r", Ok + "\r\n+CIPCLOSE: 0,0\r\n");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => socket.WriteAsync(Encoding.ASCII.GetBytes("x")).AsTask());
        await socket.DisposeAsync();
        talk.Modem.ExpectsNothingMore();
    }
}
