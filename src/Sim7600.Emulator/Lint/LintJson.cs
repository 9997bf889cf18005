using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sim7600.Emulator.Lint;

/// <summary>A report for programs. The shape is a promise: members are added, never changed or removed.</summary>
internal static class LintJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(LintReport report) => new JsonObject
    {
        ["format"] = 1,
        ["complete"] = report.IsComplete,
        ["seconds"] = Seconds(report.Duration),
        ["commands"] = report.Commands,
        ["errors"] = report.Count(LintSeverity.Error),
        ["warnings"] = report.Count(LintSeverity.Warning),
        ["rules"] = new JsonArray([.. report.Rules.Select(Of)]),
    }.ToJsonString(Readable) + "\n";

    private static JsonObject Of(LintRuleResult result) => new()
    {
        ["id"] = result.Rule.Id,
        ["severity"] = LintText.Word(result.Rule.Severity),
        ["title"] = result.Rule.Title,
        ["why"] = result.Rule.Why,
        ["advice"] = result.Rule.Advice,
        ["source"] = result.Rule.Source,
        ["count"] = result.Count,
        ["findings"] = new JsonArray([.. result.Findings.Select(finding => new JsonObject
        {
            ["modem"] = finding.Modem,
            ["at"] = Seconds(finding.Time),
            ["text"] = finding.Text,
            ["exchange"] = new JsonArray([.. finding.Exchange.Select(line => new JsonObject
            {
                ["at"] = Seconds(line.Time),
                ["from"] = line.IsFromHost ? "host" : "modem",
                ["text"] = line.Text,
            })]),
        })]),
    };

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
