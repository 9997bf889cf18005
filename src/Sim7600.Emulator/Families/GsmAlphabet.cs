using System.Text;

namespace Sim7600.Emulator.Families;

/// <summary>The default alphabet of short messages, seven bits a character, and its packing (3GPP TS 23.038).</summary>
internal static class GsmAlphabet
{
    /// <summary>Septets in one message.</summary>
    public const int LongestText = 160;

    /// <summary>Characters in one message of the other alphabet, UCS2.</summary>
    public const int LongestUcs2 = 70;

    private const byte Escape = 0x1B;
    private const string Extended = "^{}\\[~]|€";

    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static readonly byte[] ExtendedCodes = [0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65];

    /// <summary>True when every character is in the alphabet.</summary>
    public static bool Contains(string text) => text.All(each => each != Escape && (Basic.Contains(each) || Extended.Contains(each)));

    /// <summary>True when the text fits one message.</summary>
    public static bool FitsOneMessage(string text) =>
        Contains(text) ? ToSeptets(text).Length <= LongestText : text.Length <= LongestUcs2;

    /// <summary>The septets of a text; what is not in the alphabet becomes a question mark.</summary>
    public static byte[] ToSeptets(string text)
    {
        var septets = new List<byte>(text.Length);
        foreach (char each in text)
        {
            int basic = Basic.IndexOf(each, StringComparison.Ordinal);
            int extended = Extended.IndexOf(each, StringComparison.Ordinal);
            if (extended >= 0)
            {
                septets.Add(Escape);
                septets.Add(ExtendedCodes[extended]);
            }
            else
            {
                septets.Add((byte)(basic < 0 || each == Escape ? '?' : basic));
            }
        }

        return [.. septets];
    }

    /// <summary>The text of septets.</summary>
    public static string FromSeptets(ReadOnlySpan<byte> septets)
    {
        var text = new StringBuilder(septets.Length);
        for (int i = 0; i < septets.Length; i++)
        {
            int code = septets[i] & 0x7F;
            if (code == Escape && i + 1 < septets.Length)
            {
                int extended = Array.IndexOf(ExtendedCodes, septets[++i]);
                text.Append(extended < 0 ? ' ' : Extended[extended]);
            }
            else
            {
                text.Append(Basic[code]);
            }
        }

        return text.ToString();
    }

    /// <summary>Eight septets in seven octets, the first in the low bits.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> septets)
    {
        byte[] octets = new byte[((septets.Length * 7) + 7) / 8];
        for (int i = 0; i < septets.Length; i++)
        {
            int bit = i * 7;
            int value = septets[i] << (bit % 8);
            octets[bit / 8] |= (byte)value;
            if (value > 0xFF)
            {
                octets[(bit / 8) + 1] |= (byte)(value >> 8);
            }
        }

        return octets;
    }

    /// <summary>The septets in packed octets.</summary>
    public static byte[] Unpack(ReadOnlySpan<byte> octets, int count)
    {
        byte[] septets = new byte[count];
        for (int i = 0; i < count; i++)
        {
            int bit = i * 7;
            int value = octets[bit / 8] | ((bit / 8) + 1 < octets.Length ? octets[(bit / 8) + 1] << 8 : 0);
            septets[i] = (byte)((value >> (bit % 8)) & 0x7F);
        }

        return septets;
    }
}
