using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sim7600.Emulator.Faults;

/// <summary>The vocabulary of faults as documents; they are printed from the table that the reader uses.</summary>
public static class FaultReference
{
    private const string Control = @"[\u0000-\u001f\u007f-\u009f]";
    private const string ControlButLineFeed = @"[\u0000-\u0009\u000b-\u001f\u007f-\u009f]";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The vocabulary for a terminal.</summary>
    /// <returns>A line a fault, and one for each parameter.</returns>
    public static string ToText()
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, FaultDefinition> group in FaultTable.All.GroupBy(definition => definition.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"{group.Key}: {FaultTable.Groups[group.Key]}\n");
            foreach (FaultDefinition definition in group)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {definition.Name,-16} {definition.Meaning}{Span(definition.Span)}\n");
                AppendParameters(text, definition.Parameters);
            }

            text.Append('\n');
        }

        text.Append("when: at once, unless one of atMs, on and afterPublishes is given\n");
        AppendParameters(text, FaultTable.Trigger);
        return text.ToString();
    }

    /// <summary>The vocabulary in Markdown.</summary>
    /// <returns>A table a group, then when faults happen.</returns>
    public static string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("# Faults of the emulator\n\nPrinted by `sim7600 faults --markdown` from the table that the emulator reads them with; a test fails when they part. For editors,\n");
        text.Append("[scenario.schema.json](scenario.schema.json) says the same: `{ \"$schema\": \"…/docs/scenario.schema.json\", \"faults\": [ … ] }`.\n\n");
        text.Append("An entry of `faults` in a scenario file has one of the keys ");
        text.AppendJoin(", ", FaultTable.Groups.Keys.Select(group => $"`{group}`"));
        text.Append(", whose value is the fault's name, its parameters, and when it happens:\n\n```\n");
        text.Append("{ \"atMs\": 30000, \"network\": \"down\", \"forMs\": 30000 }\n");
        text.Append("{ \"on\": \"AT+CMQTTPUB\", \"skip\": 2, \"modem\": \"late-answer\", \"delayMs\": 61000 }\n");
        text.Append("{ \"on\": \"AT+CMQTTPUB\", \"modem\": \"reply\", \"reply\": \"+CMQTTPUB: 0,17\" }\n");
        text.Append("{ \"command\": \"AT+CMQTTPUB\", \"reply\": \"+CMQTTPUB: 0,17\" }      // the same, in short\n```\n\n");
        text.Append("Faults run on the modem's own clock; what is random follows the seed: the same seed, faults and input give the same bytes.\n");
        text.Append("Faults of network and broker touch the connections of that modem only, whichever broker it talks to.\n");
        text.Append("A fault that changes nothing at its moment, such as a lost connection of a client that has none, is logged and traced with `no effect` and the reason.\n");
        text.Append(CultureInfo.InvariantCulture, $"A scenario has at most {FaultTable.MaximumEntries} faults.\n");
        text.Append("In C#, each fault is a record: `emulator.Modem.Faults.Inject(new LineDrop(12), FaultTrigger.AtTime(TimeSpan.FromSeconds(5)))`.\n");
        text.Append("\n## When\n\nAt once, unless one of `atMs`, `on` and `afterPublishes` is given.\n\n| Parameter | Range | Default | Meaning |\n| --- | --- | --- | --- |\n");
        foreach (FaultParameter parameter in FaultTable.Trigger)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{parameter.Name}` | {parameter.Range} | {parameter.Default ?? "none"} | {parameter.Meaning} |\n");
        }

        foreach (IGrouping<string, FaultDefinition> group in FaultTable.All.GroupBy(definition => definition.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## `{group.Key}`: {FaultTable.Groups[group.Key]}\n\n| Name | C# | What happens | Parameters |\n| --- | --- | --- | --- |\n");
            foreach (FaultDefinition definition in group)
            {
                string parameters = string.Join("<br>", definition.Parameters.Select(parameter => $"`{parameter.Name}`: {parameter.Meaning}, {Describe(parameter)}"));
                text.Append(CultureInfo.InvariantCulture, $"| `{definition.Name}` | `{definition.Type.Name}` | {definition.Meaning}{Span(definition.Span)} | {parameters} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>A JSON Schema (draft 2020-12) of scenario files.</summary>
    /// <returns>The schema.</returns>
    public static string ToJsonSchema()
    {
        var definitions = new JsonObject
        {
            ["when"] = new JsonObject
            {
                ["type"] = "object",
                ["dependentRequired"] = new JsonObject { ["skip"] = new JsonArray("on"), ["times"] = new JsonArray("on") },
                ["not"] = new JsonObject
                {
                    ["anyOf"] = new JsonArray(Both("atMs", "on"), Both("atMs", "afterPublishes"), Both("on", "afterPublishes")),
                },
            },
        };
        foreach (FaultParameter parameter in FaultTable.Trigger)
        {
            definitions[parameter.Name] = Schema(parameter);
        }

        var entries = new JsonArray([.. FaultTable.All.Select(Entry), ShortForm()]);
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Scenario of the SIM7600 emulator",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["$schema"] = new JsonObject { ["type"] = "string" },
                ["seed"] = new JsonObject { ["type"] = "integer", ["minimum"] = int.MinValue, ["maximum"] = int.MaxValue, ["description"] = "the seed of all that is random" },
                ["given"] = new JsonObject { ["type"] = "object", ["description"] = "the state to start in, in the words of the transcripts" },
                ["faults"] = new JsonObject { ["type"] = "array", ["description"] = "what goes wrong, and when", ["maxItems"] = FaultTable.MaximumEntries, ["items"] = new JsonObject { ["oneOf"] = entries } },
            },
            ["$defs"] = definitions,
        }.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Both(string one, string other) => new() { ["required"] = new JsonArray(one, other) };

    private static JsonObject Entry(FaultDefinition definition)
    {
        var properties = new JsonObject { [definition.Group] = new JsonObject { ["const"] = definition.Name, ["description"] = definition.Meaning } };
        Fill(properties, definition, FaultTable.Trigger);
        var required = new JsonArray([definition.Group, .. definition.Parameters.Where(parameter => parameter.Default is null).Select(parameter => (JsonNode)parameter.Name)]);
        return new JsonObject { ["$ref"] = "#/$defs/when", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
    }

    private static JsonObject ShortForm()
    {
        FaultDefinition reply = FaultTable.All.First(definition => definition.Type == typeof(ModemReply));
        var properties = new JsonObject { ["command"] = Schema(FaultTable.On) };
        Fill(properties, reply, [FaultTable.Skip, FaultTable.Times]);
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray("command", "reply"), ["additionalProperties"] = false };
    }

    private static void Fill(JsonObject properties, FaultDefinition definition, IEnumerable<FaultParameter> trigger)
    {
        foreach (FaultParameter parameter in definition.Parameters)
        {
            properties[parameter.Name] = Schema(parameter);
        }

        foreach (FaultParameter parameter in trigger.Where(parameter => parameter != FaultTable.For || definition.MayLast))
        {
            properties[parameter.Name] = new JsonObject { ["$ref"] = $"#/$defs/{parameter.Name}" };
        }
    }

    private static JsonObject Schema(FaultParameter parameter)
    {
        var schema = new JsonObject { ["description"] = parameter.Meaning };
        switch (parameter.Kind)
        {
            case FaultValueKind.Word:
                schema["enum"] = new JsonArray([.. parameter.Words!.Select(word => (JsonNode)word)]);
                break;
            case FaultValueKind.Text or FaultValueKind.Line or FaultValueKind.Command:
                schema["type"] = "string";
                schema["minLength"] = parameter.Minimum;
                schema["maxLength"] = parameter.Maximum;

                // What matches anywhere; a pattern for the whole text would need $, before which some take an LF.
                schema["not"] = new JsonObject { ["pattern"] = parameter.Kind == FaultValueKind.Text ? ControlButLineFeed : Control };
                break;
            default:
                schema["type"] = "integer";
                schema["minimum"] = parameter.Minimum;
                schema["maximum"] = parameter.Maximum;
                break;
        }

        if (parameter.Kind == FaultValueKind.Command)
        {
            schema["pattern"] = CommandPattern.Syntax;
        }

        if (parameter.Default is not null)
        {
            schema["default"] = parameter.Default is int number ? number : (string)parameter.Default;
        }

        return schema;
    }

    private static void AppendParameters(StringBuilder text, IReadOnlyList<FaultParameter> parameters)
    {
        foreach (FaultParameter parameter in parameters)
        {
            text.Append(CultureInfo.InvariantCulture, $"      {parameter.Name,-14} {parameter.Meaning} ({Describe(parameter)})\n");
        }
    }

    private static string Describe(FaultParameter parameter) => parameter.Default is null
        ? parameter.Range
        : string.Create(CultureInfo.InvariantCulture, $"{parameter.Range}; {parameter.Default} unless given");

    private static string Span(FaultSpan span) => span switch
    {
        FaultSpan.Command => "; the command that triggers it, else the next",
        FaultSpan.Prompt => "; the next prompt",
        FaultSpan.Next => "; the next one, or all during forMs",
        FaultSpan.Lasting => "; it lasts",
        _ => "",
    };
}
