using System.Net;
using System.Net.Sockets;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.Links.Tests.Sockets;

/// <summary>Connecting, and what is said when it fails.</summary>
public sealed class SocketSerialLinkTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task A_port_where_nobody_listens_is_told_as_such(CancellationToken cancellationToken)
    {
        // Bound and not listening: nobody else can take the port meanwhile.
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string name = $"tcp://{bound.LocalEndPoint}";
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => SerialLink.OpenAsync(name, cancellationToken: cancellationToken)))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Is.EqualTo($"Nothing listens at {name}. Is the emulator running, and is the port right?"));
        Assert.That(error.InnerException, Is.InstanceOf<SocketException>());
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_host_that_cannot_exist_is_told_as_such(CancellationToken cancellationToken)
    {
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => SerialLink.OpenAsync("tcp://modem..example:7600", cancellationToken: cancellationToken)))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Is.EqualTo("The host of tcp://modem..example:7600 is not known. Check its name."));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_socket_file_that_is_not_there_is_told_as_such([Values("modem", "no/folder/modem")] string path, CancellationToken cancellationToken)
    {
        Tools.RequirePosix();
        using var folder = new TemporaryFolder();
        string name = $"unix://{folder[path]}";
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => SerialLink.OpenAsync(name, cancellationToken: cancellationToken)))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound), error.Message);
        Assert.That(error.Message, Does.Contain($"no socket {folder[path]}").And.Contain("emulator"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_file_that_is_no_socket_has_nobody_listening(CancellationToken cancellationToken)
    {
        Tools.RequirePosix();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["file"], "text", cancellationToken);
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => SerialLink.OpenAsync($"unix://{folder["file"]}", cancellationToken: cancellationToken)))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Does.Contain($"Nothing listens at unix://{folder["file"]}"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_host_that_does_not_answer_is_given_up_at_the_limit(CancellationToken cancellationToken)
    {
        using var deaf = new DeafListener();
        await deaf.FillAsync(cancellationToken);
        var settings = new SerialSettings { OpenTimeout = TimeSpan.FromMilliseconds(200) };
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => SerialLink.OpenAsync(deaf.Name, settings, cancellationToken)))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Is.EqualTo($"{deaf.Name} did not answer within 0.2 s. Check host, port and firewall."));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Connecting_can_be_given_up(CancellationToken cancellationToken)
    {
        using var deaf = new DeafListener();
        await deaf.FillAsync(cancellationToken);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ISerialLink> opening = SerialLink.OpenAsync(deaf.Name, new SerialSettings { OpenTimeout = TimeSpan.FromMinutes(5) }, given.Token);
        Assert.That(opening.IsCompleted, Is.False);
        await given.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => opening.WaitAsync(LinkReading.Patience, cancellationToken));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_reset_is_a_loss_with_its_cause(CancellationToken cancellationToken)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using ISerialLink link = await SerialLink.OpenAsync($"tcp://{listener.LocalEndPoint}", cancellationToken: cancellationToken);
        Socket peer = await listener.AcceptAsync(cancellationToken);
        peer.LingerState = new LingerOption(enable: true, 0); // close sends RST
        peer.Dispose();

        SerialLinkLoss loss = await link.Lost.WaitAsync(cancellationToken);
        Assert.That(loss.WasDisposed, Is.False);
        Assert.That(loss.Cause, Is.InstanceOf<SocketException>());
        Assert.That(await link.ReadToEndAsync(cancellationToken), Is.Empty);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Bytes_are_not_held_back_to_save_packets(CancellationToken cancellationToken)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!, cancellationToken);
        Assert.That(client.NoDelay, Is.False);
        await using var link = new Links.Sockets.SocketSerialLink("tcp://test", client);
        Assert.That(client.NoDelay, Is.True);
    }

    /// <summary>Takes no connection: its queue holds one, and that one is taken.</summary>
    private sealed class DeafListener : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _waiting = [];

        public DeafListener()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(0);
        }

        public string Name => $"tcp://{_listener.LocalEndPoint}";

        /// <summary>Connects until a connection is not answered.</summary>
        public async Task FillAsync(CancellationToken cancellationToken)
        {
            Tools.RequirePosix(); // others refuse instead of keeping silent
            for (int i = 0; i < 8; i++)
            {
                var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                _waiting.Add(client);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(TimeSpan.FromMilliseconds(500));
                try
                {
                    await client.ConnectAsync(_listener.LocalEndPoint!, limit.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }

        public void Dispose()
        {
            _waiting.ForEach(socket => socket.Dispose());
            _listener.Dispose();
        }
    }
}
