using CsCheck;
using Sim7600.Emulator.Families;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Tests;

/// <summary>Whatever is typed as a PDU: it is refused or becomes a message that can be kept, shown and sent.</summary>
[Parallelizable(ParallelScope.All)]
public class MessagePduFuzzTests
{
    /// <summary>Fields that lead deep into the reader, with any bytes behind, before and between them.</summary>
    private static readonly Gen<byte[]> Octets = Gen.Select(
        Gen.OneOf(Gen.Const((byte)0), Gen.Byte[0, 12]),
        Gen.OneOf(Gen.Const((byte)0x01), Gen.Const((byte)0x11), Gen.Const((byte)0x51), Gen.Byte),
        Gen.OneOf(Gen.Byte[0, 20], Gen.Byte),
        Gen.OneOf(Gen.Const((byte)0x91), Gen.Const((byte)0xD0), Gen.Byte),
        Gen.OneOf(Gen.Const((byte)0x00), Gen.Const((byte)0x04), Gen.Const((byte)0x08), Gen.Byte),
        Gen.Byte.Array[0, 180],
        (centre, first, digits, type, coding, rest) =>
        {
            byte[] address = [.. rest.Take((digits + 1) / 2)];
            byte[] text = [.. rest.Skip(address.Length)];
            byte[] validity = ((first >> 3) & 3) switch { 0 => [], 2 => [0xAA], _ => new byte[7] };
            byte count = (byte)((coding & 0x0C) == 0 ? text.Length * 8 / 7 : text.Length);
            return (byte[])[centre, .. new byte[centre], first, 0, digits, type, .. address, 0, coding, .. validity, count, .. text];
        });

    [Test]
    public void Any_PDU_is_refused_or_read_and_what_was_read_can_be_shown()
    {
        int read = 0;
        Gen.Select(Octets, Gen.Int[0, 6], Gen.Int[-1, 1], (octets, cut, error) => (Octets: octets[..Math.Max(octets.Length - Math.Max(cut - 4, 0), 0)], Error: error)).Sample(
            pair =>
            {
                int length = pair.Octets.Length - 1 - pair.Octets[0] + pair.Error;
                if (MessagePdu.ReadSubmit(Convert.ToHexString(pair.Octets), length) is not { } message)
                {
                    return;
                }

                Interlocked.Increment(ref read);
                foreach (MessageStatus status in Enum.GetValues<MessageStatus>())
                {
                    string shown = MessagePdu.Write(message with { Status = status }, "+1", out int shownLength);
                    Assert.That(shown, Has.Length.EqualTo(2 * (shownLength + 3)));
                }
            },
            iter: 20_000);
        Assert.That(read, Is.GreaterThan(100), "some were good");
    }

    [Test]
    public void Any_text_is_refused_or_read() =>
        Gen.Select(Gen.OneOf(Gen.Char["0123456789ABCDEFabcdef"].Array[0, 40].Select(text => new string(text)), Gen.String), Gen.Int[-1, 200]).Sample(
            (text, length) => _ = MessagePdu.ReadSubmit(text, length));

    [Test]
    public async Task The_modem_answers_every_PDU_with_a_place_or_an_error()
    {
        await using var bench = new ModemBench();
        await Octets.SampleAsync(
            async octets =>
            {
                int length = octets.Length - 1 - octets[0];
                string prompt = await bench.TypeAsync($"AT+CMGW={length}\r");
                string answer = prompt == "\r\n> " ? await bench.TypeAsync($"{Convert.ToHexString(octets)}\x1A") : prompt;
                Assert.That(answer, Does.Match(@"^\r\n(\+CMGW: \d+\r\n\r\nOK|\+CMS ERROR: [^\r]+)\r\n$"));
                Assert.That(await bench.TypeAsync("AT+CMGL=4\r"), Does.EndWith("\r\nOK\r\n"));
                Assert.That(await bench.TypeAsync("AT+CMGD=0,4\r"), Is.EqualTo("\r\nOK\r\n"));
            },
            iter: 300,
            threads: 1);
    }
}
