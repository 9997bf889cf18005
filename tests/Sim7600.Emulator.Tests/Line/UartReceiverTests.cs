using Sim7600.Emulator.Line;

namespace Sim7600.Emulator.Tests.Line;

/// <summary>What a receiver at another speed makes of 8N1 frames; the expected bytes were worked out on paper, bit by bit.</summary>
[Parallelizable(ParallelScope.All)]
public class UartReceiverTests
{
    [Test]
    public void Each_bit_is_seen_twice_at_double_speed()
    {
        // U is 0 10101010 1 on the line: sampled twice a bit, 0 01100110 with a missing stop bit, then 0 01100111 1
        Assert.That(Receive("U"u8, 9600, 19200), Is.EqualTo(new byte[] { 0x66, 0xE6 }));
    }

    [Test]
    public void Some_bits_are_never_seen_at_a_lower_speed()
    {
        // B is 0 01000010 1 on the line; a receiver whose bits are 2.5 of them looks at 1.25 (start), 3.75, 6.25, 8.75, then at silence
        Assert.That(Receive("B"u8, 19200, 7680), Is.EqualTo(new byte[] { 0b1111_1000 }));
    }

    [Test]
    public void Bytes_are_the_same_at_the_same_speed([Values(0.96, 1.0, 1.04)] double drift)
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Assert.That(Receive(all, 115200, (int)(115200 * drift)), Is.EqualTo(all));
    }

    [Test]
    public void Seven_percent_are_too_many([Values(0.93, 1.07)] double drift)
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Assert.That(Receive(all, 115200, (int)(115200 * drift)), Is.Not.EqualTo(all));
    }

    [Test]
    public void A_byte_at_a_tenth_of_the_speed_is_a_break_to_the_fast_side()
    {
        byte[] heard = Receive([0x00], 9600, 115200);
        Assert.That(heard, Is.EqualTo(new byte[] { 0 }), "one long low: a frame without stop bit, and no edge until it ends");
    }

    [Test]
    public void A_byte_is_complete_when_its_stop_bit_was_sampled()
    {
        var receiver = new UartReceiver();
        receiver.Add((byte)'A', 1000, 10);
        Assert.That(receiver.Read(1094, 10), Is.Empty);
        Assert.That(receiver.CompleteAt, Is.EqualTo(1095));
        Assert.That(receiver.Read(1095, 10), Is.EqualTo("A"u8.ToArray()));
        Assert.That(receiver.CompleteAt, Is.Null);
    }

    private static byte[] Receive(ReadOnlySpan<byte> bytes, int sent, int taken)
    {
        var receiver = new UartReceiver();
        double bit = 1e7 / sent;
        for (int i = 0; i < bytes.Length; i++)
        {
            receiver.Add(bytes[i], i * 10 * bit, bit);
        }

        return receiver.Read(1e7, 1e7 / taken);
    }
}
