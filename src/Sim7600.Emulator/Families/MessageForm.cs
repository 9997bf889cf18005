using System.Globalization;
using System.Text;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Families;

/// <summary>How short messages look in AT answers: text or PDU, in the character set of AT+CSCS.</summary>
internal static class MessageForm
{
    /// <summary>The lines of <c>+CMGR</c>, <c>+CMGRD</c> or, with an index, <c>+CMGL</c>.</summary>
    public static IEnumerable<string> Lines(string name, int? index, ShortMessage message, VirtualModem modem)
    {
        MessageSettings settings = modem.Settings.Messages;
        string place = index is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{index},");
        if (!settings.IsTextMode)
        {
            string pdu = MessagePdu.Write(message, modem.Messages.ServiceCentre, out int length);
            return [$"{name}: {place}{(int)message.Status},\"\",{length}", pdu];
        }

        string head = $"{name}: {place}\"{StatusText(message.Status)}\",\"{Address(message, modem)}\",\"\"";
        head += message.Time is { } time ? $",\"{TimeText(time)}\"" : "";
        if (settings.ShowsDetails)
        {
            head += index is null ? Details(message, modem) : $",{AddressType(message)},{message.Text.Length}";
        }

        return [head, Text(message.Text, modem)];
    }

    /// <summary>The block of <c>+CMT</c>, for messages that are not stored.</summary>
    public static byte[] Direct(ShortMessage message, VirtualModem modem)
    {
        MessageSettings settings = modem.Settings.Messages;
        string block;
        if (settings.IsTextMode)
        {
            string details = settings.ShowsDetails ? Details(message, modem) : "";
            block = $"\r\n+CMT: \"{Address(message, modem)}\",\"\",\"{TimeText(message.Time ?? default)}\"{details}\r\n{Text(message.Text, modem)}\r\n";
        }
        else
        {
            string pdu = MessagePdu.Write(message, modem.Messages.ServiceCentre, out int length);
            block = $"\r\n+CMT: ,{length}\r\n{pdu}\r\n";
        }

        return Encoding.UTF8.GetBytes(block);
    }

    /// <summary>The status as text mode names it.</summary>
    public static string StatusText(MessageStatus status) => status switch
    {
        MessageStatus.ReceivedUnread => "REC UNREAD",
        MessageStatus.ReceivedRead => "REC READ",
        MessageStatus.StoredUnsent => "STO UNSENT",
        _ => "STO SENT",
    };

    /// <summary>A text in hexadecimal UCS2.</summary>
    public static string Hex(string text) => Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text));

    /// <summary>Reads hexadecimal UCS2.</summary>
    /// <returns>The text, or null when the digits are none.</returns>
    public static string? FromHex(string hex)
    {
        if (hex.Length == 0 || hex.Length % 4 != 0 || !hex.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        return Encoding.BigEndianUnicode.GetString(Convert.FromHexString(hex));
    }

    /// <summary>
    /// Text in the set of AT+CSCS. Text that is not in the GSM alphabet came as UCS2 and is shown in hexadecimal whatever the
    /// set is (inferred from what tutorials show).
    /// </summary>
    public static string Text(string text, VirtualModem modem) => modem.Settings.CharacterSet switch
    {
        "UCS2" => Hex(text),
        _ when !GsmAlphabet.Contains(text) => Hex(text),
        "GSM" => Encoding.Latin1.GetString(GsmAlphabet.ToSeptets(text)),
        _ => Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(text)),
    };

    /// <summary>Reads a time as text mode prints it.</summary>
    /// <returns>The time with its zone, or null.</returns>
    public static DateTimeOffset? ReadTime(string text)
    {
        const int ZonePosition = 17;
        return text.Length > ZonePosition
            && DateTime.TryParseExact(text[..ZonePosition], "yy/MM/dd,HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local)
            && int.TryParse(text[ZonePosition..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int quarters)
            && quarters is >= -56 and <= 56
                ? new DateTimeOffset(local, TimeSpan.FromMinutes(quarters * 15))
                : null;
    }

    private static string Address(ShortMessage message, VirtualModem modem)
    {
        if (modem.Settings.CharacterSet == "UCS2")
        {
            return Hex(message.Address);
        }

        // A named sender is a run of decimal character codes on a real SIM7600EI.
        return message.HasNamedSender
            ? string.Concat(message.Address.Select(each => ((int)each).ToString(CultureInfo.InvariantCulture)))
            : message.Address;
    }

    private static int AddressType(ShortMessage message) => message.HasNamedSender ? 208 : message.Address.StartsWith('+') ? 145 : 129;

    private static string Details(ShortMessage message, VirtualModem modem)
    {
        int coding = GsmAlphabet.Contains(message.Text) ? 0 : 8;
        string centre = modem.Messages.ServiceCentre;
        return string.Create(
            CultureInfo.InvariantCulture,
            $",{AddressType(message)},{(message.Time is null ? 17 : 4)},0,{coding},\"{centre}\",{(centre.StartsWith('+') ? 145 : 129)},{message.Text.Length}");
    }

    private static string TimeText(DateTimeOffset time)
    {
        int quarters = (int)(time.Offset.TotalMinutes / 15);
        return time.ToString("yy/MM/dd,HH:mm:ss", CultureInfo.InvariantCulture)
            + (quarters < 0 ? "-" : "+") + Math.Abs(quarters).ToString("D2", CultureInfo.InvariantCulture);
    }
}
