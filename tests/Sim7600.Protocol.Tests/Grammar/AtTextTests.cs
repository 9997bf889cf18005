using System.Text;
using CsCheck;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Protocol.Tests.Grammar;

public sealed class AtTextTests
{
    [TestCase("", "")]
    [TestCase("AT+CSQ", "AT+CSQ")]
    [TestCase("\r\nOK\r\n", @"\r\nOK\r\n")]
    [TestCase("\"a b\"~", "\"a b\"~")]
    [TestCase("\0\t\u001a\u001b\u007f", @"\x00\x09\x1A\x1B\x7F")]
    [TestCase("\u0080\u00ff", @"\x80\xFF")]
    [TestCase(@"C:\r", @"C:\\r")]
    public void Bytes_are_shown_so_that_a_person_can_tell_them_apart(string bytes, string shown) =>
        Assert.That(AtText.Escape(Encoding.Latin1.GetBytes(bytes)), Is.EqualTo(shown));

    [TestCase(5, "hello")]
    [TestCase(4, "hell… (+1 bytes)")]
    [TestCase(0, "… (+5 bytes)")]
    public void What_is_not_shown_is_counted(int maximum, string shown) =>
        Assert.That(AtText.Escape("hello"u8, maximum), Is.EqualTo(shown));

    [Test]
    public void A_log_line_stays_one_printable_line_and_no_byte_is_lost() =>
        Gen.Byte.Array[0, 40].Sample(
            bytes =>
            {
                string shown = AtText.Escape(bytes);
                Assert.That(shown, Has.All.InRange(' ', '~'));
                Assert.That(Unescape(shown), Is.EqualTo(bytes));
            },
            iter: 2_000);

    private static byte[] Unescape(string shown)
    {
        List<byte> bytes = [];
        for (int at = 0; at < shown.Length; at++)
        {
            if (shown[at] != '\\')
            {
                bytes.Add((byte)shown[at]);
                continue;
            }

            at++;
            switch (shown[at])
            {
                case 'x':
                    bytes.Add(Convert.ToByte(shown.Substring(at + 1, 2), 16));
                    at += 2;
                    break;
                case 'r':
                    bytes.Add((byte)'\r');
                    break;
                case 'n':
                    bytes.Add((byte)'\n');
                    break;
                default:
                    bytes.Add((byte)shown[at]);
                    break;
            }
        }

        return [.. bytes];
    }
}
