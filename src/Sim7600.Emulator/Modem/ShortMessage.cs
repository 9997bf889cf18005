using Sim7600.Emulator.Families;

namespace Sim7600.Emulator.Modem;

/// <summary>A short message as the card keeps it.</summary>
/// <param name="Status">Received or to be sent.</param>
/// <param name="Address">Sender or recipient: a number, or the name of a sender that has none.</param>
/// <param name="Text">The text.</param>
/// <param name="Time">When the service centre took it, with its zone; null for messages that were written here.</param>
internal sealed record ShortMessage(MessageStatus Status, string Address, string Text, DateTimeOffset? Time)
{
    /// <summary>Digits of a number (3GPP TS 23.040, 9.1.2.5).</summary>
    public const int LongestNumber = 20;
    private const int LongestName = 11;

    /// <summary>True when the sender is a name.</summary>
    public bool HasNamedSender => !IsNumber(Address);

    /// <summary>A message that comes from the network.</summary>
    /// <exception cref="ArgumentException">The sender or the text does not fit.</exception>
    public static ShortMessage Incoming(string from, string text, DateTimeOffset time)
    {
        if (from.Length == 0 || (IsNumber(from) ? from.Length > LongestNumber : from.Length > LongestName))
        {
            throw new ArgumentException($"A sender has 1 to {LongestNumber} digits or 1 to {LongestName} letters.", nameof(from));
        }

        return GsmAlphabet.FitsOneMessage(text)
            ? new ShortMessage(MessageStatus.ReceivedUnread, from, text, time)
            : throw new ArgumentException("The text does not fit one short message: 160 characters of the GSM alphabet, or 70 others.", nameof(text));
    }

    /// <summary>True for digits with or without <c>+</c>, <c>*</c> and <c>#</c>.</summary>
    public static bool IsNumber(string address)
    {
        string digits = address.StartsWith('+') ? address[1..] : address;
        return digits.Length > 0 && digits.All(each => char.IsAsciiDigit(each) || each is '*' or '#');
    }
}
