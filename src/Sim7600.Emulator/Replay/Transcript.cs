using System.Text.Json;
using Sim7600.Emulator.Replay;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator;

/// <summary>A session with a modem as somebody wrote it down: what the host typed and what the modem printed, in order.</summary>
public sealed class Transcript
{
    private static readonly Dictionary<string, bool> EvidenceWords = new() { ["raw"] = true, ["lines"] = false, ["prose"] = false, ["-"] = false };

    private Transcript(string file, string id, string device, bool isRaw, IReadOnlyList<TranscriptPiece> pieces)
    {
        File = file;
        Id = id;
        Device = device;
        IsRaw = isRaw;
        Pieces = pieces;
    }

    /// <summary>The file it was read from.</summary>
    public string File { get; }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>The module, as the poster named it.</summary>
    public string Device { get; }

    /// <summary>True for a pasted log, in which every line and their order count; else single lines count.</summary>
    public bool IsRaw { get; }

    /// <summary>One piece, or one more for each remark that begins another moment.</summary>
    internal IReadOnlyList<TranscriptPiece> Pieces { get; }

    /// <summary>Reads a transcript file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The transcript.</returns>
    /// <exception cref="ScenarioException">The file is not valid; the message names the line and what was expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Transcript Load(string path) => Read(JsonDocumentNode.Load(path));

    internal static Transcript Read(JsonDocumentNode root)
    {
        root.AsObject("a transcript");
        JsonDocumentNode steps = root.Find("steps") ?? throw root.Error("expected a list \"steps\" with what was sent and received.");
        TranscriptStep[] read = [.. steps.AsList("steps").Select(ReadStep)];
        GivenState given = root.Find("given") is { } state ? GivenState.Read(state) : new GivenState();
        if (!read.Any(step => step.Receive is { Count: > 0 }))
        {
            throw steps.Error("expected at least one received line in \"steps\": there is nothing to compare.");
        }

        return new Transcript(
            root.File,
            root.Find("id") is { } id ? IdText(id) : Path.GetFileNameWithoutExtension(root.File),
            root.Find("device")?.AsText("device") ?? "",
            root.Find("evidence")?.AsWord("evidence", EvidenceWords) ?? true,
            Divide(given, read));
    }

    private static string IdText(JsonDocumentNode id) => id.Kind == JsonTokenType.Number ? id.AsNumber("id", 0, int.MaxValue).ToString("D3", System.Globalization.CultureInfo.InvariantCulture) : id.AsText("id");

    private static List<TranscriptPiece> Divide(GivenState given, TranscriptStep[] steps)
    {
        var pieces = new List<TranscriptPiece>();
        int first = 0;
        for (int i = 0; i <= steps.Length; i++)
        {
            if (i < steps.Length && steps[i].Given is null)
            {
                continue;
            }

            pieces.Add(new TranscriptPiece(given, steps[first..i]));
            given = i < steps.Length ? steps[i].Given! : given;
            first = i;
        }

        return pieces;
    }

    private static TranscriptStep ReadStep(JsonDocumentNode node)
    {
        node.AsObject("a step", "send", "recv", "comment", "given");
        string? send = node.Find("send")?.AsText("send");
        IReadOnlyList<string>? receive = node.Find("recv") is { } lines ? [.. lines.AsList("recv").Select(line => line.AsText("a received line"))] : null;
        if (send is not null && receive is not null)
        {
            throw node.Wrong("either \"send\" or \"recv\" in a step");
        }

        JsonDocumentNode? given = node.Find("given");
        if (given is not null && (node.Find("comment") is null || send is not null || receive is not null))
        {
            throw node.Wrong("\"given\" in a step only beside a \"comment\" that says what begins there");
        }

        return send is not null || receive is not null || node.Find("comment") is not null
            ? new TranscriptStep(node.Line, send, receive, given is null ? null : GivenState.Read(given))
            : throw node.Wrong("\"send\", \"recv\" or \"comment\" in a step");
    }
}
