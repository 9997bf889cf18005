using System.Text;
using System.Text.Json;

namespace Sim7600.Fuzzing;

/// <summary>Real sessions as seeds.</summary>
internal static class SessionBytes
{
    /// <summary>The transcript files.</summary>
    public static IEnumerable<byte[]> Files() => Paths().Select(File.ReadAllBytes);

    /// <summary>What the modem printed, each session as one stream.</summary>
    public static IEnumerable<byte[]> Received() => Steps().Select(steps => Encoding.UTF8.GetBytes(string.Concat(steps.SelectMany(step => step.Received).Select(line => $"\r\n{line}\r\n"))));

    /// <summary>What the host typed, each session as one stream.</summary>
    public static IEnumerable<byte[]> Typed() => Steps().Select(steps => Encoding.UTF8.GetBytes(string.Concat(steps.Where(step => step.Typed.Length > 0).Select(step => step.Typed + "\r"))));

    /// <summary>Lines of both directions.</summary>
    public static IEnumerable<byte[]> Lines() => Steps().SelectMany(steps => steps).SelectMany(step => (string[])[step.Typed, .. step.Received]).Distinct().Select(Encoding.UTF8.GetBytes);

    private static string[] Paths() => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Transcripts"), "*.json").Order(StringComparer.Ordinal)];

    private static IEnumerable<List<(string Typed, string[] Received)>> Steps()
    {
        foreach (string path in Paths())
        {
            using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (file.RootElement.ValueKind == JsonValueKind.Object && file.RootElement.TryGetProperty("steps", out JsonElement steps))
            {
                yield return [.. steps.EnumerateArray().Select(step => (
                    step.TryGetProperty("send", out JsonElement send) ? send.GetString()! : "",
                    step.TryGetProperty("recv", out JsonElement received) ? received.EnumerateArray().Select(line => line.GetString()!).ToArray() : []))];
            }
        }
    }
}
