using Sim7600.Emulator.Families;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Scenarios;

/// <summary>A short message on the card when a session starts, or one that arrives once the phone book is read.</summary>
internal sealed record GivenMessage(int Index, bool IsRead, string From, string Time, string Text, bool Arrives)
{
    /// <summary>The message as the card keeps it; one that arrives is unread (3GPP TS 27.005, 3.1). What was made unreadable in a post becomes zeros.</summary>
    public ShortMessage ToShortMessage() => new(
        IsRead && !Arrives ? MessageStatus.ReceivedRead : MessageStatus.ReceivedUnread,
        From.Replace('X', '0'),
        Text,
        MessageForm.ReadTime(Time) ?? DateTimeOffset.UnixEpoch);

    public static GivenMessage Read(JsonDocumentNode node)
    {
        node.AsObject("a short message", "index", "read", "from", "time", "text", "arrives");
        return new GivenMessage(
            node.Find("index")?.AsNumber("index", 0, 254) ?? 0,
            node.Find("read")?.AsFlag("read") ?? true,
            node.Find("from")?.AsText("from") ?? "",
            node.Find("time") is { } time ? ReadTime(time) : "",
            node.Find("text")?.AsText("text") ?? "",
            node.Find("arrives")?.AsFlag("arrives") ?? false);
    }

    private static string ReadTime(JsonDocumentNode node)
    {
        string text = node.AsText("time");
        return text.Length == 0 || MessageForm.ReadTime(text) is not null ? text : throw node.Wrong("a time such as 25/04/05,09:45:52+08, the zone in quarters of an hour");
    }
}
