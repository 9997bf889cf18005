namespace Sim7600.Emulator.Scenarios;

/// <summary>A short message on the card when a session starts.</summary>
internal sealed record GivenMessage(int Index, bool IsRead, string From, string Time, string Text)
{
    public static GivenMessage Read(JsonDocumentNode node)
    {
        node.AsObject("a short message", "index", "read", "from", "time", "text");
        return new GivenMessage(
            node.Find("index")?.AsNumber("index", 0, 254) ?? 0,
            node.Find("read")?.AsFlag("read") ?? true,
            node.Find("from")?.AsText("from") ?? "",
            node.Find("time")?.AsText("time") ?? "",
            node.Find("text")?.AsText("text") ?? "");
    }
}
