using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sim7600.Cli.Output;

/// <summary>One JSON object a line on stdout; lines of concurrent writers never mix.</summary>
internal static class JsonLines
{
    private static readonly Lock Gate = new();
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an event.</summary>
    public static void Write(JsonObject line)
    {
        string text = line.ToJsonString(Options);
        lock (Gate)
        {
            Console.Out.WriteLine(text);
            Console.Out.Flush();
        }
    }
}
