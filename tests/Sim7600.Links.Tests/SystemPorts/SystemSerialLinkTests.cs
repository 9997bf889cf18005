using Sim7600.EndToEnd.Processes;

namespace Sim7600.Links.Tests.SystemPorts;

/// <summary>System.IO.Ports, fenced in: on a PTY here, where its worst habits show (a close that never returns, writes that hang).</summary>
public sealed class SystemSerialLinkTests
{
    [SetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [Test]
    public void A_port_that_is_not_there_is_told_as_such()
    {
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => SystemSerialLink.Open("/dev/ttyUSB-none"))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Is.EqualTo("There is no port /dev/ttyUSB-none. Is the modem plugged in, or the emulator running?"));
    }

    [TestCase("", SerialLinkError.BadName)]
    [TestCase("COM5", SerialLinkError.NotFound)]
    [TestCase("/dev/null", SerialLinkError.Busy)] // System.IO.Ports does not tell it from a port without permission
    [TestCase("/tmp", SerialLinkError.NotFound)]
    public void What_is_no_port_is_refused_in_one_line(string name, SerialLinkError expected)
    {
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => SystemSerialLink.Open(name))!;
        Assert.That(error.Error, Is.EqualTo(expected), error.Message);
        Assert.That(error.Message, Does.Contain(name).And.Not.Contain("\n"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task The_next_client_finds_the_port_free_and_clean(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        for (byte turn = 0; turn < 3; turn++)
        {
            await using (var host = SystemSerialLink.Open(port.Name))
            {
                await host.WriteAsync(new[] { turn }, cancellationToken);
                Assert.That(await port.ReadAsync(1, cancellationToken), Is.EqualTo(new[] { turn }));
            }

            await using ISerialLink other = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
            await port.WriteAsync(new[] { turn }, cancellationToken);
            Assert.That(await other.ReadAsync(1, cancellationToken), Is.EqualTo(new[] { turn }));
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Closing_after_the_hang_up_returns_soon(CancellationToken cancellationToken)
    {
        PtyPort port = PtyPort.Create();
        SystemSerialLink host = SystemSerialLink.Open(port.Name);
        await port.CloseAsync();
        await host.Lost.WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
        await Assert.CatchAsync<SerialLinkException>(() => host.WriteAsync("AT\r"u8.ToArray(), cancellationToken).AsTask());
        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Closing_with_an_owner_that_reads_nothing_returns_soon(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        SystemSerialLink host = SystemSerialLink.Open(port.Name);
        Task flood = port.WriteAsync(new byte[4 << 20], cancellationToken).AsTask(); // more than the pipe takes
        await host.WaitForAsync(1, cancellationToken);
        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
        await flood.WaitAsync(LinkReading.Patience, cancellationToken);
    }
}
