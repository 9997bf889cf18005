using System.Text.Json;

namespace Sim7600.Emulator.Scenarios;

/// <summary>
/// What a command shows: one text, a list of lines, or <c>{"each": [ … ]}</c> with what it shows the first time, the second
/// time and so on; the last of these stays.
/// </summary>
internal sealed record GivenValue(IReadOnlyList<IReadOnlyList<string>> Moments)
{
    public static GivenValue Read(string name, JsonDocumentNode node)
    {
        if (node.Kind != JsonTokenType.StartObject)
        {
            return new GivenValue([ReadLines(name, node)]);
        }

        IReadOnlyList<JsonDocumentNode> each = node.AsObject(name, "each").Find("each")?.AsList("each") ?? throw node.Wrong($"a list \"each\" for {name}");
        return each.Count > 0 ? new GivenValue([.. each.Select(moment => ReadLines(name, moment))]) : throw node.Wrong($"at least one value in \"each\" for {name}");
    }

    private static string[] ReadLines(string name, JsonDocumentNode node) => node.Kind == JsonTokenType.StartArray
        ? [.. node.AsList(name).Select(line => line.AsText(name))]
        : node.AsText(name).Split('\n', StringSplitOptions.TrimEntries);
}
