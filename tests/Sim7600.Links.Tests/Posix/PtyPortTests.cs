using System.IO.Pipelines;
using Sim7600.EndToEnd.Processes;
using Sim7600.Links.Posix;

namespace Sim7600.Links.Tests.Posix;

/// <summary>A virtual COM port whose clients come and go, as those of a real one do.</summary>
public sealed class PtyPortTests
{
    [SetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [Test]
    [CancelAfter(60_000)]
    public async Task A_new_port_has_no_client_until_one_opens_it(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        var presence = new Presence(port);
        Assert.That(port.IsClientConnected, Is.False);

        await using ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
        await presence.ComesAsync(cancellationToken);
        Assert.That(port.IsClientConnected, Is.True);

        await host.CloseAsync();
        await presence.GoesAsync(cancellationToken);
        Assert.That(port.IsClientConnected, Is.False);
        Assert.That(port.Lost.IsCompleted, Is.False, "the port outlives its clients");
        Assert.That(presence.IsQuiet, Is.True);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task One_client_after_another_is_served(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        var presence = new Presence(port);
        for (byte turn = 0; turn < 5; turn++)
        {
            await using ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
            await presence.ComesAsync(cancellationToken);
            await host.WriteAsync(new[] { turn }, cancellationToken);
            Assert.That(await port.ReadAsync(1, cancellationToken), Is.EqualTo(new[] { turn }));
            await port.WriteAsync(new[] { turn }, cancellationToken);
            Assert.That(await host.ReadAsync(1, cancellationToken), Is.EqualTo(new[] { turn }));
            await host.CloseAsync();
            await presence.GoesAsync(cancellationToken);
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_client_that_follows_another_at_once_gets_all_that_is_written_for_it(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        for (int turn = 0; turn < 500; turn++)
        {
            // The port may be cleaning up after the last client just now.
            await using ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
            await port.WriteAsync("OK"u8.ToArray(), cancellationToken);
            Assert.That(await host.ReadAsync(2, cancellationToken), Is.EqualTo("OK"u8.ToArray()), $"turn {turn}");
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task What_a_client_wrote_before_it_left_arrives(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        for (int turn = 0; turn < 20; turn++)
        {
            await using (ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken))
            {
                await host.WriteAsync("AT+CPOF\r"u8.ToArray(), cancellationToken);
            }

            Assert.That(await port.ReadAsync(8, cancellationToken), Is.EqualTo("AT+CPOF\r"u8.ToArray()));
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task The_speed_and_flow_control_that_a_client_sets_can_be_read(
        [Values(9600, 115200, 250_000, 3_000_000)] int baudRate, [Values] bool flowControl, [Values] bool systemPorts, CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        var settings = new SerialSettings { BaudRate = baudRate, HardwareFlowControl = flowControl };
        await using ISerialLink host = systemPorts ? SystemSerialLink.Open(port.Name, settings) : await SerialLink.OpenAsync(port.Name, settings, cancellationToken);
        Assert.That(port.ReadClientSettings(), Is.EqualTo(settings));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task The_next_client_finds_the_factory_settings(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        var presence = new Presence(port);
        Assert.That(port.ReadClientSettings(), Is.EqualTo(SerialSettings.Default));
        await using (ISerialLink host = await SerialLink.OpenAsync(port.Name, new SerialSettings { BaudRate = 4800, HardwareFlowControl = true }, cancellationToken))
        {
            await presence.ComesAsync(cancellationToken);
        }

        await presence.GoesAsync(cancellationToken);
        Assert.That(port.ReadClientSettings(), Is.EqualTo(SerialSettings.Default));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Writing_without_a_client_never_waits(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        await port.WriteAsync(new byte[4 << 20], cancellationToken);
        await using (ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken))
        {
            await port.WriteAsync("\r\nRDY\r\n"u8.ToArray(), cancellationToken);
            Assert.That(await host.ReadAsync(7, cancellationToken), Is.EqualTo("\r\nRDY\r\n"u8.ToArray()));
        }

        await port.WriteAsync(new byte[4 << 20], cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Many_ports_at_once_keep_their_bytes_apart(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, 24).Select(async number =>
        {
            await using Line line = await Line.OpenAsync(LineKind.Pty, cancellationToken);
            byte[] own = [.. Enumerable.Repeat((byte)number, 5000)];
            Task<byte[]> atHost = line.Host.ReadAsync(own.Length, cancellationToken);
            await line.Modem.WriteAsync(own, cancellationToken);
            Assert.That(await atHost, Is.EqualTo(own));
        }));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Tells_how_much_its_client_has_not_read(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        Assert.That(port.CountUnread(), Is.Zero, "nobody is there");
        int slave = NativeMethods.Open(port.SlavePath, NativeMethods.ReadWrite | NativeMethods.NoControllingTerminal | NativeMethods.NonBlocking);
        try
        {
            await port.WriteAsync(new byte[100], cancellationToken);
            Assert.That(() => port.CountUnread(), Is.EqualTo(100).After(20_000, 5), "the system hands bytes over by itself");
        }
        finally
        {
            _ = NativeMethods.Close(slave);
        }

        await port.DisposeAsync();
        Assert.That(port.CountUnread(), Is.Null);
        Assert.That(port.ReadClientSettings(), Is.EqualTo(SerialSettings.Default), "the descriptor may be another's by now");
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Reads_no_further_ahead_than_it_was_told(CancellationToken cancellationToken)
    {
        const int AtMostInTheSystem = 64 * 1024;
        await using var port = PtyPort.Create(readAhead: 256);
        await using ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
        byte[] bytes = new byte[AtMostInTheSystem + 1024];
        Task writing = host.WriteAsync(bytes, cancellationToken).AsTask();
        ReadResult read = await port.Input.ReadAtLeastAsync(256, cancellationToken);
        Assert.That(writing.IsCompleted, Is.False);
        port.Input.AdvanceTo(read.Buffer.Start);
        Assert.That(await port.ReadAsync(bytes.Length, cancellationToken), Is.EqualTo(bytes));
        await writing.WaitAsync(cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_client_changes_its_settings_while_it_is_open(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        await using ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
        var settings = new SerialSettings { BaudRate = 12345, HardwareFlowControl = true };
        Assert.That(await host.ChangeSettingsAsync(settings, cancellationToken), Is.True);
        Assert.That(host.Settings, Is.EqualTo(settings));
        Assert.That(port.ReadClientSettings(), Is.EqualTo(settings));
        Assert.That(await ((ISerialLink)port).ChangeSettingsAsync(settings, cancellationToken), Is.False, "this side has none");
        await host.DisposeAsync();
        Assert.That(async () => await host.ChangeSettingsAsync(settings, cancellationToken), Throws.TypeOf<SerialLinkException>());
    }
}
