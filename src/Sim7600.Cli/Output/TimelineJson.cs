using System.Text.Json.Nodes;
using Sim7600.Emulator;

namespace Sim7600.Cli.Output;

/// <summary>An entry of the timeline as JSON. What an entry does not have is left out; times are in seconds.</summary>
internal static class TimelineJson
{
    public static JsonObject Of(TimelineEntry entry)
    {
        var json = new JsonObject
        {
            ["t"] = entry.Time.TotalSeconds,
            ["modem"] = entry.Modem,
            ["kind"] = entry.Kind.ToString().ToLowerInvariant(),
        };
        Add("text", entry.Text.Length == 0 ? null : entry.Text);
        Add("form", entry.Form);
        Add("result", entry.Result);
        Add("duration", entry.Duration?.TotalSeconds);
        Add("direction", entry.ToBroker switch { true => "out", false => "in", null => null });
        Add("client", entry.Client);
        Add("topic", entry.Topic);
        Add("qos", entry.Qos);
        Add("length", entry.Length);
        Add("note", entry.Note);
        return json;

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
    }
}
