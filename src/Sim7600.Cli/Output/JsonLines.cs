using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sim7600.Cli.Output;

/// <summary>One JSON object a line on stdout; lines of concurrent writers never mix.</summary>
internal static class JsonLines
{
    private static readonly Lock Gate = new();
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line without its end.</summary>
    public static string Text(JsonObject line) => line.ToJsonString(Options);

    /// <summary>Writes an event.</summary>
    public static void Write(JsonObject line)
    {
        string text = Text(line);
        lock (Gate)
        {
            Console.Out.WriteLine(text);
            Console.Out.Flush();
        }
    }
}
