using System.Globalization;
using System.Text;

namespace Sim7600.Emulator.Modem;

/// <summary>The files of the card that clients read (3GPP TS 31.102, ETSI TS 102 221): identity, language of the operator, lengths.</summary>
internal sealed class SimFiles(ModemIdentity identity, SimCard card)
{
    /// <summary>EF_ICCID.</summary>
    public const int Iccid = 0x2FE2;

    /// <summary>EF_IMSI.</summary>
    public const int Imsi = 0x6F07;

    /// <summary>EF_SPN.</summary>
    public const int ServiceProviderName = 0x6F46;

    /// <summary>EF_AD, whose last byte is the length of the network code.</summary>
    public const int AdministrativeData = 0x6FAD;

    private const int MasterFile = 0x3F00;
    private const int Telecom = 0x7F10;
    private const int Gsm = 0x7F20;
    private const int Adf = 0x7FFF;

    /// <summary>The content of a transparent file.</summary>
    /// <returns>The bytes, or null when the card has no such file.</returns>
    public byte[]? Read(int file) => file switch
    {
        Iccid => Swapped(identity.Iccid.PadRight(20, 'F')),
        Imsi => ImsiFile(),
        ServiceProviderName => ServiceProviderFile(),
        AdministrativeData => [0, 0, 0, 2],
        _ => null,
    };

    /// <summary>True for a directory.</summary>
    public static bool IsDirectory(int file) => file is MasterFile or Telecom or Gsm or Adf;

    /// <summary>What GET RESPONSE tells of a file: the 15 bytes of a 2G card (3GPP TS 51.011, 9.2.1).</summary>
    /// <returns>The bytes, or null when the card has no such file.</returns>
    public byte[]? Describe(int file) => Read(file) is not { } content ? null
        : [0, 0, (byte)(content.Length >> 8), (byte)content.Length, (byte)(file >> 8), (byte)file, 4, 0, 0xAA, 0xFF, 1, 1, 0, 0, 0];

    private static byte[] Swapped(string digits) =>
        [.. Enumerable.Range(0, digits.Length / 2).Select(i => (byte)((Nibble(digits[(2 * i) + 1]) << 4) | Nibble(digits[2 * i])))];

    private static int Nibble(char digit) => int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Length, then the digits after a half byte that says odd (9) or even (1) (3GPP TS 31.102, 4.2.2).</summary>
    private byte[] ImsiFile()
    {
        string digits = (identity.Imsi.Length % 2 == 1 ? "9" : "1") + identity.Imsi;
        byte[] packed = Swapped(digits.Length % 2 == 0 ? digits : digits + "F");
        byte[] file = [(byte)packed.Length, .. packed, .. Enumerable.Repeat((byte)0xFF, 8)];
        return file[..9];
    }

    private byte[] ServiceProviderFile()
    {
        byte[] file = [.. Enumerable.Repeat((byte)0xFF, 17)];
        file[0] = 1;
        byte[] name = Encoding.ASCII.GetBytes(card.ServiceProvider);
        name.AsSpan(0, Math.Min(name.Length, 16)).CopyTo(file.AsSpan(1));
        return file;
    }
}
