using Sim7600.EndToEnd.Processes;

namespace Sim7600.Links.Tests.Posix;

/// <summary>The port as a script sees it that has no code of ours and sets nothing up.</summary>
public sealed class PythonOnThePtyTests
{
    private static readonly byte[] EveryValue = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    [SetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [Test]
    [CancelAfter(60_000)]
    public async Task The_port_is_raw_before_anybody_sets_it_up(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        await using PythonClient python = await PythonClient.OpenAsync(port.Name, cancellationToken);
        Assert.That(await python.DoAsync("translations", cancellationToken), Is.EqualTo("none"));

        await port.WriteAsync(EveryValue, cancellationToken);
        Assert.That(await python.ReadAsync(256, cancellationToken), Is.EqualTo(EveryValue));
        await python.WriteAsync(EveryValue, cancellationToken);
        Assert.That(await port.ReadAsync(256, cancellationToken), Is.EqualTo(EveryValue), "an echo would come first");
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task What_was_written_before_the_first_client_came_goes_nowhere(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        var presence = new Presence(port);
        await port.WriteAsync("old"u8.ToArray(), cancellationToken);
        await using PythonClient python = await PythonClient.OpenAsync(port.Name, cancellationToken);
        await presence.ComesAsync(cancellationToken);
        await port.WriteAsync("fresh"u8.ToArray(), cancellationToken);
        Assert.That(await python.ReadAsync(5, cancellationToken), Is.EqualTo("fresh"u8.ToArray()));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task What_a_client_left_unread_and_what_came_without_one_does_not_meet_the_next(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        var presence = new Presence(port);
        await using PythonClient python = await PythonClient.OpenAsync(port.Name, cancellationToken);
        await presence.ComesAsync(cancellationToken);
        await port.WriteAsync("unread"u8.ToArray(), cancellationToken);
        await python.DoAsync("wait", cancellationToken);
        await python.DoAsync("close", cancellationToken);
        await presence.GoesAsync(cancellationToken);
        await port.WriteAsync("nobody's"u8.ToArray(), cancellationToken);

        await python.DoAsync("open", cancellationToken);
        await presence.ComesAsync(cancellationToken);
        await port.WriteAsync("fresh"u8.ToArray(), cancellationToken);
        Assert.That(await python.ReadAsync(5, cancellationToken), Is.EqualTo("fresh"u8.ToArray()));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_terminal_s_settings_do_not_outlive_their_client(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        var presence = new Presence(port);
        await using PythonClient python = await PythonClient.OpenAsync(port.Name, cancellationToken);
        await presence.ComesAsync(cancellationToken);
        await python.DoAsync("cook", cancellationToken);
        Assert.That(await python.DoAsync("translations", cancellationToken), Does.Contain("ECHO"));
        await python.DoAsync("close", cancellationToken);
        await presence.GoesAsync(cancellationToken);

        await python.DoAsync("open", cancellationToken);
        Assert.That(await python.DoAsync("translations", cancellationToken), Is.EqualTo("none"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Our_end_is_raw_even_on_a_tty_that_was_a_terminal(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        await using PythonClient python = await PythonClient.OpenAsync(port.Name, cancellationToken);
        await python.DoAsync("cook", cancellationToken);

        await using ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
        Assert.That(await python.DoAsync("translations", cancellationToken), Is.EqualTo("none"));
        await port.WriteAsync(EveryValue, cancellationToken);
        Assert.That(await host.ReadAsync(256, cancellationToken), Is.EqualTo(EveryValue));
        await host.WriteAsync(EveryValue, cancellationToken);
        Assert.That(await port.ReadAsync(256, cancellationToken), Is.EqualTo(EveryValue));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task The_speed_that_a_script_sets_can_be_read(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        await using PythonClient python = await PythonClient.OpenAsync(port.Name, cancellationToken);
        foreach (int baudRate in new[] { 9600, 57600, 921600 })
        {
            await python.DoAsync($"speed {baudRate}", cancellationToken);
            Assert.That(port.ReadClientSettings().BaudRate, Is.EqualTo(baudRate));
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_client_sees_the_end_of_the_port_as_an_unplugged_device(CancellationToken cancellationToken)
    {
        PtyPort port = PtyPort.Create();
        await using PythonClient python = await PythonClient.OpenAsync(port.Name, cancellationToken);
        Task<string> reading = python.DoAsync("read 1", cancellationToken);
        await port.CloseAsync();
        Assert.That(await reading, Is.EqualTo(" end").Or.EqualTo(" EIO"));
        Assert.That(await python.DoAsync("write 41", cancellationToken), Is.EqualTo("EIO"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_write_that_waits_for_a_client_ends_when_the_client_is_killed(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        PythonClient python = await PythonClient.OpenAsync(port.Name, cancellationToken);
        Task writing = port.WriteAsync(new byte[1 << 20], cancellationToken).AsTask();
        await python.DoAsync("wait", cancellationToken);
        Assert.That(writing.IsCompleted, Is.False);

        await python.DisposeAsync();

        await writing.WaitAsync(LinkReading.Patience, cancellationToken);
        Assert.That(port.Lost.IsCompleted, Is.False);
    }
}
