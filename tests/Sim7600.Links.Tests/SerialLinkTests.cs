using System.Net;
using Sim7600.EndToEnd.Processes;
using Sim7600.Links.Posix;
using Sim7600.Links.Sockets;

namespace Sim7600.Links.Tests;

/// <summary>A name chooses the link; a wrong name is told in words that help.</summary>
public sealed class SerialLinkTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task A_tcp_address_is_a_socket([Values("tcp", "TCP")] string scheme, [Values("", "/")] string end, CancellationToken cancellationToken)
    {
        await using var listener = SerialLinkListener.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)listener.LocalEndPoint).Port;
        await using ISerialLink link = await SerialLink.OpenAsync($"{scheme}://127.0.0.1:{port}{end}", cancellationToken: cancellationToken);
        Assert.That(link, Is.InstanceOf<SocketSerialLink>());
        Assert.That(link.Name, Is.EqualTo($"tcp://127.0.0.1:{port}"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_host_of_TCP_may_be_a_name_or_IPv6(CancellationToken cancellationToken)
    {
        if (!System.Net.Sockets.Socket.OSSupportsIPv6)
        {
            Assert.Ignore("needs IPv6");
        }

        await using var listener = SerialLinkListener.ListenTcp(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        string name = $"tcp://[::1]:{((IPEndPoint)listener.LocalEndPoint).Port}";
        await using ISerialLink link = await SerialLink.OpenAsync(name, cancellationToken: cancellationToken);
        Assert.That(link.Name, Is.EqualTo(name), "it can be opened by its name again");
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_unix_address_a_socket_file_and_a_link_to_one_are_a_socket([Values("unix://", "UNIX://", "", "link")] string how, CancellationToken cancellationToken)
    {
        Tools.RequirePosix();
        using var folder = new TemporaryFolder();
        await using var listener = SerialLinkListener.ListenUnix(folder["modem"]);
        File.CreateSymbolicLink(folder["link"], folder["modem"]);
        string name = how == "link" ? folder["link"] : how + folder["modem"];
        await using ISerialLink link = await SerialLink.OpenAsync(name, cancellationToken: cancellationToken);
        Assert.That(link, Is.InstanceOf<SocketSerialLink>());
        Assert.That(link.Name, Is.EqualTo(how == "link" ? $"unix://{folder["link"]}" : $"unix://{folder["modem"]}"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_path_is_a_device([Values] bool byLink, CancellationToken cancellationToken)
    {
        Tools.RequirePosix();
        using var folder = new TemporaryFolder();
        await using var port = PtyPort.Create(folder["tty"]);
        string name = byLink ? port.Name : port.SlavePath;
        await using ISerialLink link = await SerialLink.OpenAsync(name, cancellationToken: cancellationToken);
        Assert.That(link, Is.InstanceOf<PosixSerialLink>());
        Assert.That(link.Name, Is.EqualTo(name));
    }

    [TestCase("tcp://")]
    [TestCase("tcp://host")]
    [TestCase("tcp://host:")]
    [TestCase("tcp://:7600")]
    [TestCase("tcp://[]:7600")]
    [TestCase("tcp://host:0")]
    [TestCase("tcp://host:65536")]
    [TestCase("tcp://host:-1")]
    [TestCase("tcp://host:+1")]
    [TestCase("tcp://host:7600x")]
    [TestCase("tcp://host: 7600")]
    [TestCase("tcp://host:99999999999999999999")]
    [TestCase("http://host:7600")]
    [TestCase("://")]
    [TestCase("")]
    public async Task A_malformed_name_is_told_as_such(string name)
    {
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => SerialLink.OpenAsync(name)))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.BadName), error.Message);
        Assert.That(error.Message, Does.Contain(name).And.Not.Contain("\n").And.EndsWith("."));
    }

    [Test]
    public async Task A_path_that_is_empty_or_too_long_for_a_socket_is_a_bad_name([Values(0, 200)] int length)
    {
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => SerialLink.OpenAsync($"unix://{new string('/', length)}")))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.BadName));
        Assert.That(error.Message, Does.Contain("about 100 bytes"));
    }

    [Test]
    public async Task COM5_is_no_port_of_Linux()
    {
        Tools.RequirePosix();
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => SerialLink.OpenAsync("COM5")))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Does.Contain("COM5").And.Contain("sim7600 ports"));
    }

    [Test]
    public async Task Auto_without_a_modem_says_what_it_looked_for([Values("auto", "AUTO")] string name)
    {
        if (Sim7600Ports.Find().Count > 0)
        {
            Assert.Ignore("a real modem is plugged in");
        }

        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => SerialLink.OpenAsync(name)))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Does.Contain("1e0e:9001"));
    }

    [Test]
    public async Task A_caller_s_mistakes_are_argument_errors()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => SerialLink.OpenAsync(null!));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SerialLink.OpenAsync("/dev/ttyUSB2", new SerialSettings { BaudRate = 0 }));
        await Assert.CatchAsync<OperationCanceledException>(() => SerialLink.OpenAsync("/dev/ttyUSB2", cancellationToken: new CancellationToken(canceled: true)));
    }

    [Test]
    public void The_default_is_the_modem_s_factory_setting() =>
        Assert.That(SerialSettings.Default, Is.EqualTo(new SerialSettings { BaudRate = 115200, HardwareFlowControl = false, OpenTimeout = TimeSpan.FromSeconds(10) }));
}
