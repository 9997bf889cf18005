using System.Text.Json;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator;

/// <summary>A session with a modem as somebody wrote it down: what the host typed and what the modem printed, in order.</summary>
public sealed class Transcript
{
    private static readonly Dictionary<string, bool> EvidenceWords = new() { ["raw"] = true, ["lines"] = false, ["prose"] = false, ["-"] = false };

    private Transcript(string file, string id, string device, bool isRaw, GivenState given, IReadOnlyList<TranscriptStep> steps)
    {
        File = file;
        Id = id;
        Device = device;
        IsRaw = isRaw;
        Given = given;
        Steps = steps;
    }

    /// <summary>The file it was read from.</summary>
    public string File { get; }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>The module, as the poster named it.</summary>
    public string Device { get; }

    /// <summary>True for a pasted log, in which every line and their order count; else single lines count.</summary>
    public bool IsRaw { get; }

    internal GivenState Given { get; }

    internal IReadOnlyList<TranscriptStep> Steps { get; }

    /// <summary>Reads a transcript file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The transcript.</returns>
    /// <exception cref="ScenarioException">The file is not valid; the message names the line and what was expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Transcript Load(string path) => Read(JsonDocumentNode.Load(path));

    internal static Transcript Read(JsonDocumentNode root)
    {
        root.AsObject("a transcript");
        JsonDocumentNode steps = root.Find("steps") ?? throw new ScenarioException(root.File, root.Line, "expected a list \"steps\" with what was sent and received.");
        IReadOnlyList<TranscriptStep> read = [.. steps.AsList("steps").Select(ReadStep)];
        GivenState given = root.Find("given") is { } state ? GivenState.Read(state) : new GivenState();
        if (!read.Any(step => step.Receive is { Count: > 0 }))
        {
            throw new ScenarioException(root.File, steps.Line, "expected at least one received line in \"steps\": there is nothing to compare.");
        }

        return new Transcript(
            root.File,
            root.Find("id") is { } id ? IdText(id) : Path.GetFileNameWithoutExtension(root.File),
            root.Find("device")?.AsText("device") ?? "",
            root.Find("evidence")?.AsWord("evidence", EvidenceWords) ?? true,
            given,
            read);
    }

    private static string IdText(JsonDocumentNode id) => id.Kind == JsonTokenType.Number ? id.AsNumber("id", 0, int.MaxValue).ToString("D3", System.Globalization.CultureInfo.InvariantCulture) : id.AsText("id");

    private static TranscriptStep ReadStep(JsonDocumentNode node)
    {
        node.AsObject("a step", "send", "recv", "comment");
        string? send = node.Find("send")?.AsText("send");
        IReadOnlyList<string>? receive = node.Find("recv") is { } lines ? [.. lines.AsList("recv").Select(line => line.AsText("a received line"))] : null;
        if (send is not null && receive is not null)
        {
            throw node.Wrong("either \"send\" or \"recv\" in a step");
        }

        return send is not null || receive is not null || node.Find("comment") is not null
            ? new TranscriptStep(node.Line, send, receive)
            : throw node.Wrong("\"send\", \"recv\" or \"comment\" in a step");
    }
}
