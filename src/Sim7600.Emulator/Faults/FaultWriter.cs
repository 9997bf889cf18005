using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sim7600.Emulator.Faults;

/// <summary>Writes faults as JSON.</summary>
internal static class FaultWriter
{
    /// <summary>Readable: without escapes for <c>+</c> and quotes of other languages. The text is never put into HTML.</summary>
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one entry.</summary>
    /// <exception cref="ArgumentException">It is not valid.</exception>
    public static string Write(ScheduledFault entry)
    {
        FaultTable.Check(entry.Fault, entry.Trigger);
        FaultDefinition definition = FaultTable.Of(entry.Fault);
        var json = new JsonObject();
        foreach ((FaultParameter parameter, object? value) in FaultTable.ValuesOf(entry.Trigger).Where(each => each.Parameter != FaultTable.For))
        {
            Add(json, parameter, value);
        }

        json[definition.Group] = definition.Name;
        foreach ((FaultParameter parameter, object value) in definition.Parameters.Zip(definition.Values(entry.Fault)))
        {
            Add(json, parameter, value);
        }

        Add(json, FaultTable.For, FaultTable.ValuesOf(entry.Trigger).Last().Value);
        return json.ToJsonString(Readable);
    }

    /// <summary>Writes one entry, or gives null when it is not valid.</summary>
    public static string? TryWrite(ScheduledFault entry)
    {
        try
        {
            return Write(entry);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static void Add(JsonObject json, FaultParameter parameter, object? value)
    {
        switch (value)
        {
            case long number when parameter.Default is not int otherwise || otherwise != number:
                json[parameter.Name] = number;
                break;
            case string text when parameter.Default is not string otherwise || otherwise != text:
                json[parameter.Name] = text;
                break;
            default:
                break;
        }
    }
}
