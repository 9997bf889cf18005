using CsCheck;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.Links.Tests;

/// <summary>What every link promises, whatever carries it.</summary>
[TestFixture(LineKind.Memory)]
[TestFixture(LineKind.Pty)]
[TestFixture(LineKind.SystemPorts)]
[TestFixture(LineKind.Tcp)]
[TestFixture(LineKind.Unix)]
public sealed class ISerialLinkTests(LineKind kind)
{
    private static readonly byte[] EveryValue = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    [SetUp]
    public void RequirePosix()
    {
        if (kind is LineKind.Pty or LineKind.SystemPorts)
        {
            Tools.RequirePosix();
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Every_byte_value_arrives_unchanged_both_ways(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        await line.Host.WriteAsync(EveryValue, cancellationToken);
        Assert.That(await line.Modem.ReadAsync(256, cancellationToken), Is.EqualTo(EveryValue));
        await line.Modem.WriteAsync(EveryValue, cancellationToken);
        Assert.That(await line.Host.ReadAsync(256, cancellationToken), Is.EqualTo(EveryValue));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task What_a_tty_would_act_upon_passes_and_nothing_is_echoed(CancellationToken cancellationToken)
    {
        // CR, LF, XON, XOFF, Ctrl-C, Ctrl-D, Ctrl-Z, ESC, backspace, Ctrl-\, Ctrl-U, Ctrl-V, NUL, 0xFF, DEL
        byte[] special = "\r\n\r\r\n\n\x11\x13\x03\x04\x1A\x1B\x08\x1C\x15\x16\0"u8.ToArray();
        special = [.. special, 0xFF, 0xFF, 0x7F, .. special];
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        await line.Host.WriteAsync(special, cancellationToken);
        Assert.That(await line.Modem.ReadAsync(special.Length, cancellationToken), Is.EqualTo(special));
        await line.Modem.WriteAsync(special, cancellationToken);
        Assert.That(await line.Host.ReadAsync(special.Length, cancellationToken), Is.EqualTo(special));

        // An echo would stand in front of these.
        await line.Host.WriteAsync("end"u8.ToArray(), cancellationToken);
        await line.Modem.WriteAsync("END"u8.ToArray(), cancellationToken);
        Assert.That(await line.Modem.ReadAsync(3, cancellationToken), Is.EqualTo("end"u8.ToArray()));
        Assert.That(await line.Host.ReadAsync(3, cancellationToken), Is.EqualTo("END"u8.ToArray()));
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task A_megabyte_arrives_whole_both_ways_at_once(CancellationToken cancellationToken)
    {
        byte[] up = new byte[1 << 20];
        byte[] down = new byte[1 << 20];
        new Random(1).NextBytes(up);
        new Random(2).NextBytes(down);
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        Task<byte[]> atModem = line.Modem.ReadAsync(up.Length, cancellationToken);
        Task<byte[]> atHost = line.Host.ReadAsync(down.Length, cancellationToken);
        Task[] all = [line.Host.WriteAsync(up, cancellationToken).AsTask(), line.Modem.WriteAsync(down, cancellationToken).AsTask(), atModem, atHost];
        await foreach (Task ended in Task.WhenEach(all).WithCancellation(cancellationToken))
        {
            await ended; // the first that fails tells why, while the others would wait for it
        }

        Assert.That((await atModem).AsSpan().SequenceEqual(up), Is.True, "host to modem");
        Assert.That((await atHost).AsSpan().SequenceEqual(down), Is.True, "modem to host");
    }

    [Test]
    [CancelAfter(120_000)]
    public Task Bytes_arrive_in_order_in_whatever_pieces_they_are_written(CancellationToken cancellationToken) =>
        Gen.Byte.Array[0, 700].Array[1, 12].SampleAsync(
            async pieces =>
            {
                await using Line line = await Line.OpenAsync(kind, cancellationToken);
                byte[] all = [.. pieces.SelectMany(piece => piece)];
                Task<byte[]> atModem = line.Modem.ReadAsync(all.Length, cancellationToken);
                Task<byte[]> atHost = line.Host.ReadAsync(all.Length, cancellationToken);
                foreach (byte[] piece in pieces)
                {
                    await line.Host.WriteAsync(piece, cancellationToken);
                    await line.Modem.WriteAsync(piece, cancellationToken);
                }

                byte[][] arrived = await Task.WhenAll(atModem, atHost);
                return arrived.All(bytes => bytes.AsSpan().SequenceEqual(all));
            },
            iter: 20,
            threads: 1);

    [Test]
    [CancelAfter(60_000)]
    public async Task A_read_that_is_given_up_loses_nothing(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        using (var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            Task<byte[]> read = line.Host.ReadAsync(1, given.Token);
            Assert.That(read.IsCompleted, Is.False);
            await given.CancelAsync();
            await Assert.CatchAsync<OperationCanceledException>(() => read);
        }

        await line.Modem.WriteAsync("RDY"u8.ToArray(), cancellationToken);
        Assert.That(await line.Host.ReadAsync(3, cancellationToken), Is.EqualTo("RDY"u8.ToArray()));
        Assert.That(line.Host.Lost.IsCompleted, Is.False);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_write_that_is_given_up_before_it_starts_sends_nothing(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        var given = new CancellationToken(canceled: true);
        foreach ((ISerialLink from, ISerialLink to) in new[] { (line.Host, line.Modem), (line.Modem, line.Host) })
        {
            await Assert.CatchAsync<OperationCanceledException>(() => from.WriteAsync("never"u8.ToArray(), given).AsTask());
            await from.WriteAsync("AT\r"u8.ToArray(), cancellationToken);
            Assert.That(await to.ReadAsync(3, cancellationToken), Is.EqualTo("AT\r"u8.ToArray()));
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task When_the_modem_goes_the_host_reads_what_came_before_and_then_the_end(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        Assert.That(line.Host.Lost.IsCompleted, Is.False);
        await line.Modem.WriteAsync("\r\nNORMAL POWER DOWN\r\n"u8.ToArray(), cancellationToken);
        await line.Host.WaitForAsync(21, cancellationToken);

        await line.Modem.CloseAsync();

        SerialLinkLoss loss = await line.Host.Lost.WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
        Assert.That(loss.WasDisposed, Is.False);
        Assert.That(loss.Reason, Is.Not.Empty.And.Not.EndsWith("."));
        Assert.That(await line.Host.ReadToEndAsync(cancellationToken), Is.EqualTo("\r\nNORMAL POWER DOWN\r\n"u8.ToArray()));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task When_the_modem_goes_a_pending_read_ends(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        Task<byte[]> read = line.Host.ReadToEndAsync(cancellationToken);
        Assert.That(read.IsCompleted, Is.False);
        await line.Modem.CloseAsync();
        Assert.That(await read.WaitAsync(TimeSpan.FromSeconds(5), cancellationToken), Is.Empty);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_write_after_the_loss_says_that_the_link_is_gone(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        await line.Modem.CloseAsync();
        await line.Host.Lost.WaitAsync(cancellationToken);
        await RefusesToWriteAsync(line.Host, cancellationToken);
        await RefusesToWriteAsync(line.Modem, cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_link_that_is_closed_ends_its_pending_read_and_takes_no_more(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        foreach (ISerialLink link in new[] { line.Host, line.Modem })
        {
            Task<byte[]> read = link.ReadToEndAsync(cancellationToken);

            await link.CloseAsync();

            await read.WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
            await link.Lost.WaitAsync(cancellationToken);
            await RefusesToWriteAsync(link, cancellationToken);
        }

        Assert.That((await line.Host.Lost).WasDisposed, Is.True);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Closing_twice_and_at_once_does_no_harm(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(line.Host.CloseAsync, cancellationToken)));
        await line.Host.CloseAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(line.Modem.CloseAsync, cancellationToken)));
        Assert.That((await line.Host.Lost.WaitAsync(cancellationToken)).WasDisposed, Is.True);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_write_that_waits_for_a_reader_ends_when_the_other_end_goes([Values] bool fromHost, CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        (ISerialLink from, ISerialLink to) = fromHost ? (line.Host, line.Modem) : (line.Modem, line.Host);
        Task write = from.WriteAsync(new byte[16 << 20], cancellationToken).AsTask(); // far more than the line holds
        await to.WaitForAsync(1, cancellationToken);

        await to.CloseAsync();

        await EndsAsync(write, cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_write_that_waits_for_a_reader_ends_when_its_own_link_is_closed([Values] bool fromHost, CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        (ISerialLink from, ISerialLink to) = fromHost ? (line.Host, line.Modem) : (line.Modem, line.Host);
        Task write = from.WriteAsync(new byte[16 << 20], cancellationToken).AsTask();
        await to.WaitForAsync(1, cancellationToken);

        await from.CloseAsync();

        await EndsAsync(write, cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_write_that_is_given_up_while_it_waits_does_not_hold_up_the_next(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task write = line.Host.WriteAsync(new byte[16 << 20], given.Token).AsTask();
        await line.Modem.WaitForAsync(1, cancellationToken);
        await given.CancelAsync();
        if (kind == LineKind.Memory)
        {
            await write; // memory takes everything at once
            return;
        }

        await Assert.CatchAsync<OperationCanceledException>(() => write.WaitAsync(LinkReading.Patience, cancellationToken));
        Task next = line.Host.WriteAsync("A"u8.ToArray(), cancellationToken).AsTask();
        int zeros = 0;
        while (await line.Modem.ReadAsync(1, cancellationToken) is [0])
        {
            zeros++;
        }

        await next;
        Assert.That(zeros, Is.LessThan(16 << 20), "the rest of it went out all the same");
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task The_lines_of_a_modem_are_only_there_where_a_wire_carries_them(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(kind, cancellationToken);
        Assert.That(line.Host.ControlLines, Is.Null);
        Assert.That(line.Modem.ControlLines, Is.Null);
    }

    private static async Task RefusesToWriteAsync(ISerialLink link, CancellationToken cancellationToken)
    {
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => link.WriteAsync("AT\r"u8.ToArray(), cancellationToken).AsTask()))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.Lost));
        Assert.That(error.Message, Does.Contain(link.Name).And.Not.Contain("\n"));
    }

    /// <summary>It may have been taken by the system, or be refused as lost: what counts is that it ends.</summary>
    private static async Task EndsAsync(Task write, CancellationToken cancellationToken)
    {
        try
        {
            await write.WaitAsync(LinkReading.Patience, cancellationToken);
        }
        catch (SerialLinkException error)
        {
            Assert.That(error.Error, Is.EqualTo(SerialLinkError.Lost));
        }
    }
}
