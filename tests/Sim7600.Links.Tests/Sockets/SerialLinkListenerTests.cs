using System.Net;
using System.Net.Sockets;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.Links.Tests.Sockets;

/// <summary>Serving lines over sockets: every connection one line, and a path that is never taken from somebody else.</summary>
public sealed class SerialLinkListenerTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task Every_connection_is_a_line_of_its_own(CancellationToken cancellationToken)
    {
        await using var listener = SerialLinkListener.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.That(((IPEndPoint)listener.LocalEndPoint).Port, Is.Positive);
        await using ISerialLink hostOne = await SerialLink.OpenAsync($"tcp://{listener.LocalEndPoint}", cancellationToken: cancellationToken);
        await using ISerialLink modemOne = await listener.AcceptAsync(cancellationToken);
        await using ISerialLink hostTwo = await SerialLink.OpenAsync($"tcp://{listener.LocalEndPoint}", cancellationToken: cancellationToken);
        await using ISerialLink modemTwo = await listener.AcceptAsync(cancellationToken);
        Assert.That(modemOne.Name, Does.StartWith("tcp://127.0.0.1:").And.Not.EqualTo(modemTwo.Name), "a line is named by its client");

        await hostOne.WriteAsync("one"u8.ToArray(), cancellationToken);
        await hostTwo.WriteAsync("two"u8.ToArray(), cancellationToken);
        await hostOne.CloseAsync();

        Assert.That(await modemOne.ReadToEndAsync(cancellationToken), Is.EqualTo("one"u8.ToArray()));
        Assert.That(await modemTwo.ReadAsync(3, cancellationToken), Is.EqualTo("two"u8.ToArray()));
        Assert.That(modemTwo.Lost.IsCompleted, Is.False);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Lines_outlive_the_listener_that_accepted_them(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(LineKind.Unix, cancellationToken); // its listener is closed by now
        await line.Host.WriteAsync("AT\r"u8.ToArray(), cancellationToken);
        Assert.That(await line.Modem.ReadAsync(3, cancellationToken), Is.EqualTo("AT\r"u8.ToArray()));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Waiting_for_a_connection_can_be_given_up(CancellationToken cancellationToken)
    {
        await using var listener = SerialLinkListener.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0));
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ISerialLink> accepting = listener.AcceptAsync(given.Token);
        await given.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => accepting.WaitAsync(LinkReading.Patience, cancellationToken));

        Task<ISerialLink> next = listener.AcceptAsync(cancellationToken);
        await using ISerialLink host = await SerialLink.OpenAsync($"tcp://{listener.LocalEndPoint}", cancellationToken: cancellationToken);
        await using ISerialLink modem = await next;
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Closing_the_listener_ends_the_wait_for_a_connection([Values] bool unix, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        SerialLinkListener listener = unix ? SerialLinkListener.ListenUnix(folder["modem"]) : SerialLinkListener.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0));
        Task<ISerialLink> accepting = listener.AcceptAsync(cancellationToken);
        await listener.DisposeAsync();
        await listener.DisposeAsync();
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => accepting.WaitAsync(LinkReading.Patience, cancellationToken)))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.Lost));
        error = (await Assert.ThrowsAsync<SerialLinkException>(() => listener.AcceptAsync(cancellationToken)))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.Lost));
    }

    [Test]
    public async Task A_port_that_is_taken_is_told_as_such()
    {
        await using var first = SerialLinkListener.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0));
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => SerialLinkListener.ListenTcp((IPEndPoint)first.LocalEndPoint))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.Busy));
        Assert.That(error.Message, Does.Contain($"tcp://{first.LocalEndPoint} is taken"));
    }

    [Test]
    public void An_address_of_another_machine_is_told_as_such()
    {
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => SerialLinkListener.ListenTcp(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Does.Contain("not an address of this machine"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_host_that_has_gone_is_seen_before_its_line_is_read(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(LineKind.Tcp, cancellationToken);
        Assert.That(SerialLinkListener.HasHungUp(line.Modem), Is.False);
        await line.Host.CloseAsync();
        await line.Modem.Lost.WaitAsync(cancellationToken);
        Assert.That(SerialLinkListener.HasHungUp(line.Modem), Is.True);
        await line.Modem.CloseAsync();
        Assert.That(SerialLinkListener.HasHungUp(line.Modem), Is.True);
    }

    [TestCase(LineKind.Tcp)]
    [TestCase(LineKind.Unix)]
    [CancelAfter(60_000)]
    public async Task A_host_that_is_typing_never_counts_as_gone(LineKind kind, CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        const int Bytes = 20_000;
        Task<byte[]> reading = line.Modem.ReadAsync(Bytes, cancellationToken);
        Task typing = Task.Run(
            async () =>
            {
                for (int i = 0; i < Bytes; i++)
                {
                    await line.Host.WriteAsync("x"u8.ToArray(), cancellationToken);
                }
            },
            cancellationToken);
        int gone = 0;
        while (!reading.IsCompleted)
        {
            gone += SerialLinkListener.HasHungUp(line.Modem) ? 1 : 0;
        }

        await typing;
        await reading;
        Assert.That(gone, Is.Zero, "the reader takes bytes between 'readable' and 'how many?'");
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_line_of_another_kind_never_counts_as_hung_up(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(LineKind.Memory, cancellationToken);
        await line.Host.CloseAsync();
        Assert.That(SerialLinkListener.HasHungUp(line.Modem), Is.False);
    }

    [Test]
    public async Task The_socket_file_is_there_as_long_as_the_listener()
    {
        using var folder = new TemporaryFolder();
        SerialLinkListener listener = SerialLinkListener.ListenUnix(folder["modem"]);
        Assert.That(File.Exists(folder["modem"]), Is.True);
        await listener.DisposeAsync();
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_socket_file_that_was_left_behind_is_replaced(CancellationToken cancellationToken)
    {
        Tools.RequirePosix();
        using var folder = new TemporaryFolder();
        await using (SerialLinkListener.ListenUnix(folder["first"]))
        {
            File.Move(folder["first"], folder["modem"]); // the listener will not find it to remove it
        }

        Assert.That(Path.Exists(folder["modem"]), Is.True);
        await using var listener = SerialLinkListener.ListenUnix(folder["modem"]);
        await using ISerialLink host = await SerialLink.OpenAsync(folder["modem"], cancellationToken: cancellationToken);
        await using ISerialLink modem = await listener.AcceptAsync(cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_socket_that_is_served_is_left_alone(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var first = SerialLinkListener.ListenUnix(folder["modem"]);
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => SerialLinkListener.ListenUnix(folder["modem"]))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.Busy));
        Assert.That(error.Message, Does.Contain(folder["modem"]).And.Contain("in use"));

        await using ISerialLink host = await SerialLink.OpenAsync($"unix://{folder["modem"]}", cancellationToken: cancellationToken);
    }

    [Test]
    public void A_file_or_a_folder_is_left_alone()
    {
        Tools.RequirePosix();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "precious");
        Directory.CreateDirectory(folder["sub"]);
        foreach (string path in new[] { folder["file"], folder["sub"] })
        {
            SerialLinkException error = Assert.Throws<SerialLinkException>(() => SerialLinkListener.ListenUnix(path))!;
            Assert.That(error.Error, Is.EqualTo(SerialLinkError.Busy));
            Assert.That(error.Message, Does.Contain(path).And.Contain("left alone"));
        }

        Assert.That(File.ReadAllText(folder["file"]), Is.EqualTo("precious"));
        Assert.That(Directory.Exists(folder["sub"]), Is.True);
    }

    [Test]
    public void A_path_that_cannot_be_is_told_as_such()
    {
        Tools.RequirePosix();
        using var folder = new TemporaryFolder();
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => SerialLinkListener.ListenUnix(folder["no/modem"]))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound), error.Message);
        Assert.That(error.Message, Does.Contain("folder").And.Contain(folder["no/modem"]));

        error = Assert.Throws<SerialLinkException>(() => SerialLinkListener.ListenUnix(""))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.BadName));

        error = Assert.Throws<SerialLinkException>(() => SerialLinkListener.ListenUnix("/sys/kernel/modem"))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotPermitted), error.Message);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_client_of_another_make_is_served_the_same_bytes(CancellationToken cancellationToken)
    {
        await using var listener = SerialLinkListener.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndPoint, cancellationToken);
        await using ISerialLink modem = await listener.AcceptAsync(cancellationToken);
        await modem.WriteAsync("\r\nRDY\r\n"u8.ToArray(), cancellationToken);
        byte[] first = new byte[7];
        await client.GetStream().ReadExactlyAsync(first, cancellationToken);
        Assert.That(first, Is.EqualTo("\r\nRDY\r\n"u8.ToArray()), "no greeting, no negotiation");
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.That((await modem.Lost.WaitAsync(cancellationToken)).Reason, Is.EqualTo("the other side closed the connection"));
    }
}
