using System.Text;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Families;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator;

/// <summary>The commands that the emulator knows, as a document; it is printed from the declarations that the modem runs.</summary>
public static class CommandReference
{
    /// <summary>The document in Markdown.</summary>
    /// <param name="profile">The firmware.</param>
    /// <returns>A table a family, then the states of the CMQTT commands.</returns>
    public static async Task<string> ToMarkdownAsync(FirmwareProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        await using var modem = new VirtualModem(1, new VirtualModemOptions { Profile = profile }, new GivenBrokerBridge(GivenBroker.Accepting));
        CommandTable table = modem.Commands;
        var text = new StringBuilder();
        text.Append($"# Commands of the emulator\n\nPrinted by `sim7600 commands` from the declarations that the emulator runs (profile `{profile.Name}`); a test fails when they part.\n\n");
        text.Append("Evidence: *confirmed*: a vendor document and a real session, or two real sessions, agree; *documented*: vendor documents only; *one source*; *sibling*: seen on a sibling\n");
        text.Append("of the SIM7600 only; *inferred*: nobody says it, the neighbours suggest it. Any other command answers `ERROR` and is counted.\n");
        foreach (IGrouping<string, AtCommandDefinition> family in table.All.GroupBy(command => command.Family))
        {
            text.Append($"\n## {family.Key}\n\n| Command | Forms | `=?` | Evidence | Source |\n| --- | --- | --- | --- | --- |\n");
            foreach (AtCommandDefinition command in family)
            {
                string test = string.Join("<br>", command.TestAnswer().Select(Code));
                text.Append($"| {Code($"AT{command.Name}")} | {Forms(command)} | {(test.Length > 0 ? test : "`OK`")} | {Word(command.Evidence)} | {command.Source} |\n");
            }
        }

        text.Append("\n## CMQTT: which command in which state\n\n*runs*: it is carried out; a number: `+CMQTTx: i,n` and `ERROR`. In brackets the evidence, where it is not *confirmed*.\n\n");
        text.Append("| Command | service stopped | not acquired | acquired | connected | busy |\n| --- | --- | --- | --- | --- | --- |\n");
        var states = new CmqttStateTable(profile);
        foreach (string command in states.Commands)
        {
            text.Append($"| `AT{command.Replace(" ", "` ", StringComparison.Ordinal)}{(command.Contains(' ', StringComparison.Ordinal) ? "" : "`")} |");
            foreach (CmqttState state in Enum.GetValues<CmqttState>())
            {
                text.Append($" {Describe(states[command, state])} |");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Forms(AtCommandDefinition command)
    {
        var forms = new List<string>();
        if (command.OnExecute is not null)
        {
            forms.Add("execute");
        }

        if (command.OnRead is not null)
        {
            forms.Add("read");
        }

        forms.AddRange(command.Writes.Select(write =>
            $"write {Code(string.Join(',', write.Parameters.Select(parameter => parameter.IsOptional ? $"[<{parameter.Name}>]" : $"<{parameter.Name}>")))}"));
        return string.Join("<br>", forms);
    }

    private static string Describe(CmqttCell cell)
    {
        string what = cell.Kind switch
        {
            CmqttCellKind.Runs => "runs",
            CmqttCellKind.OkOnly => "`OK`",
            CmqttCellKind.BareError => "`ERROR`",
            _ => $"{(int)cell.Code}",
        };
        return cell.Evidence == Evidence.Confirmed ? what : $"{what} ({Word(cell.Evidence)})";
    }

    private static string Word(Evidence evidence) => evidence switch
    {
        Evidence.OneSource => "one source",
        _ => evidence.ToString().ToLowerInvariant(),
    };

    private static string Code(string text) => $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";
}
