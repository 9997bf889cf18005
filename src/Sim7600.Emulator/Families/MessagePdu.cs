using System.Globalization;
using System.Text;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Families;

/// <summary>Short messages as PDUs: DELIVER and SUBMIT with the GSM alphabet or UCS2 (3GPP TS 23.040).</summary>
internal static class MessagePdu
{
    private const byte International = 0x91;
    private const byte National = 0x81;
    private const byte Alphanumeric = 0xD0;
    private const byte Ucs2 = 0x08;

    /// <summary>Digits of an address, at most (3GPP TS 23.040, 9.1.2.5).</summary>
    private const int LongestAddress = 20;

    /// <summary>Octets of user data, at most (3GPP TS 23.040, 9.2.3.24).</summary>
    private const int LongestUserData = 140;

    /// <summary>Writes a stored message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="serviceCentre">Number of the service centre, or an empty text.</param>
    /// <param name="length">Octets without the service centre, as <c>+CMGR</c> shows them.</param>
    /// <returns>Hexadecimal digits.</returns>
    public static string Write(ShortMessage message, string serviceCentre, out int length)
    {
        byte[] centre = serviceCentre.Length == 0 ? [] : [TypeOf(serviceCentre), .. Swapped(Digits(serviceCentre))];
        var body = new List<byte>();
        bool isDeliver = message.Status is MessageStatus.ReceivedRead or MessageStatus.ReceivedUnread;
        body.AddRange(isDeliver ? [0x04] : [0x01, 0x00]);
        AddAddress(body, message.Address);
        bool plain = GsmAlphabet.Contains(message.Text);
        body.Add(0x00);
        body.Add(plain ? (byte)0x00 : Ucs2);
        if (isDeliver)
        {
            AddTime(body, message.Time ?? DateTimeOffset.UnixEpoch);
        }

        if (plain)
        {
            byte[] septets = GsmAlphabet.ToSeptets(message.Text);
            septets = septets[..Math.Min(septets.Length, GsmAlphabet.LongestText)];
            body.Add((byte)septets.Length);
            body.AddRange(GsmAlphabet.Pack(septets));
        }
        else
        {
            byte[] text = Encoding.BigEndianUnicode.GetBytes(message.Text[..Math.Min(message.Text.Length, GsmAlphabet.LongestUcs2)]);
            body.Add((byte)text.Length);
            body.AddRange(text);
        }

        length = body.Count;
        return Convert.ToHexString([(byte)centre.Length, .. centre, .. body]);
    }

    /// <summary>Reads a SUBMIT PDU that the host typed.</summary>
    /// <param name="hex">The digits.</param>
    /// <param name="length">Octets without the service centre, as the host announced them.</param>
    /// <returns>The message, or null when the PDU is broken or its length differs.</returns>
    public static ShortMessage? ReadSubmit(string hex, int length)
    {
        byte[] octets;
        try
        {
            octets = Convert.FromHexString(hex);
        }
        catch (FormatException)
        {
            return null;
        }

        if (octets.Length == 0 || octets.Length - 1 - octets[0] != length)
        {
            return null;
        }

        try
        {
            return ReadSubmit(octets.AsSpan(1 + octets[0]));
        }
        catch (Exception error) when (error is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return null; // shorter than its own fields say
        }
    }

    private static ShortMessage? ReadSubmit(ReadOnlySpan<byte> body)
    {
        byte first = body[0];
        int digits = body[2];
        if ((first & 0x03) != 0x01 || digits > LongestAddress)
        {
            return null;
        }

        byte type = body[3];
        int addressOctets = (digits + 1) / 2;
        string address = ReadAddress(body.Slice(4, addressOctets), digits, type);
        ReadOnlySpan<byte> rest = body[(4 + addressOctets)..];
        byte coding = rest[1];
        rest = rest[2..];
        int validityOctets = ((first >> 3) & 0x03) switch { 0 => 0, 2 => 1, _ => 7 };
        rest = rest[validityOctets..];
        int count = rest[0];
        rest = rest[1..];
        if (rest.Length > LongestUserData)
        {
            return null;
        }

        int headerOctets = (first & 0x40) != 0 ? rest[0] + 1 : 0;
        string text;
        if ((coding & 0x0C) == 0)
        {
            if (rest.Length != ((count * 7) + 7) / 8)
            {
                return null;
            }

            text = GsmAlphabet.FromSeptets(GsmAlphabet.Unpack(rest, count).AsSpan(((headerOctets * 8) + 6) / 7));
        }
        else
        {
            if (rest.Length != count)
            {
                return null;
            }

            text = (coding & 0x0C) == Ucs2 ? Encoding.BigEndianUnicode.GetString(rest[headerOctets..]) : Encoding.Latin1.GetString(rest[headerOctets..]);
        }

        return new ShortMessage(MessageStatus.StoredUnsent, address, text, Time: null);
    }

    private static byte TypeOf(string number) => number.StartsWith('+') ? International : National;

    private static string Digits(string number) => number.TrimStart('+');

    private static void AddAddress(List<byte> body, string address)
    {
        if (ShortMessage.IsNumber(address))
        {
            string digits = Digits(address);
            body.Add((byte)digits.Length);
            body.Add(TypeOf(address));
            body.AddRange(Swapped(digits));
        }
        else
        {
            byte[] septets = GsmAlphabet.ToSeptets(address);
            body.Add((byte)(((septets.Length * 7) + 3) / 4));
            body.Add(Alphanumeric);
            body.AddRange(GsmAlphabet.Pack(septets));
        }
    }

    private static string ReadAddress(ReadOnlySpan<byte> octets, int digits, byte type)
    {
        if ((type & 0x70) == 0x50)
        {
            return GsmAlphabet.FromSeptets(GsmAlphabet.Unpack(octets, digits * 4 / 7));
        }

        var number = new StringBuilder((type & 0x70) == 0x10 ? "+" : "");
        for (int i = 0; i < digits; i++)
        {
            int nibble = i % 2 == 0 ? octets[i / 2] & 0x0F : octets[i / 2] >> 4;
            number.Append("0123456789*#abc "[nibble]);
        }

        return number.ToString();
    }

    /// <summary>Two digits an octet, the first in the low half, an odd end filled with F.</summary>
    private static byte[] Swapped(string digits)
    {
        byte[] octets = new byte[(digits.Length + 1) / 2];
        for (int i = 0; i < octets.Length; i++)
        {
            octets[i] = (byte)(Nibble(digits, i * 2) | (Nibble(digits, (i * 2) + 1) << 4));
        }

        return octets;

        static int Nibble(string digits, int index) => index >= digits.Length ? 0x0F : digits[index] switch
        {
            '*' => 0x0A,
            '#' => 0x0B,
            char digit => digit - '0',
        };
    }

    private static void AddTime(List<byte> body, DateTimeOffset time)
    {
        int quarters = (int)Math.Abs(time.Offset.TotalMinutes / 15);
        string digits = time.ToString("yyMMddHHmmss", CultureInfo.InvariantCulture) + quarters.ToString("D2", CultureInfo.InvariantCulture);
        byte[] octets = Swapped(digits);
        if (time.Offset < TimeSpan.Zero)
        {
            octets[^1] |= 0x08;
        }

        body.AddRange(octets);
    }
}
