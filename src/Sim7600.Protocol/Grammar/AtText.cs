using System.Globalization;
using System.Text;

namespace Sim7600.Protocol.Grammar;

/// <summary>Shows wire bytes to people: printable ASCII as it is, everything else escaped.</summary>
public static class AtText
{
    /// <summary>Renders bytes as text with <c>\r</c>, <c>\n</c> and <c>\xHH</c> escapes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="maximum">How many bytes to show at most; the rest is counted, as in <c>… (+12 bytes)</c>.</param>
    /// <returns>One printable line.</returns>
    public static string Escape(ReadOnlySpan<byte> bytes, int maximum = int.MaxValue)
    {
        var text = new StringBuilder(Math.Min(bytes.Length, maximum) + 16);
        foreach (byte value in bytes[..Math.Min(bytes.Length, maximum)])
        {
            _ = value switch
            {
                (byte)'\r' => text.Append("\\r"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\\' => text.Append("\\\\"),
                >= 0x20 and < 0x7F => text.Append((char)value),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{value:X2}"),
            };
        }

        return bytes.Length > maximum
            ? text.Append(CultureInfo.InvariantCulture, $"… (+{bytes.Length - maximum} bytes)").ToString()
            : text.ToString();
    }
}
