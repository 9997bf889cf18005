using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Faults;

/// <summary>Reads faults from JSON.</summary>
internal static class FaultReader
{
    private const string ShortForm = "command";

    /// <summary>Reads a list.</summary>
    /// <exception cref="ScenarioException">An entry is not valid.</exception>
    public static IReadOnlyList<ScheduledFault> ReadAll(JsonDocumentNode node) => [.. node.AsList("faults").Select(Read)];

    /// <summary>Reads one entry.</summary>
    /// <exception cref="ScenarioException">It is not valid.</exception>
    public static ScheduledFault Read(JsonDocumentNode node)
    {
        node.AsObject("a fault");
        string[] groups = [.. node.Members.Keys.Where(FaultTable.Groups.ContainsKey)];
        bool isShort = groups.Length == 0 && node.Find(ShortForm) is not null;
        if (!isShort && groups.Length != 1)
        {
            throw new ScenarioException(
                node.File,
                node.Line,
                $"expected a fault with one of {string.Join(", ", FaultTable.Groups.Keys)}, found {(groups.Length > 1 ? string.Join(" and ", groups) : "none of them")}.{Meant(node.Members.Keys, FaultTable.Groups.Keys)}");
        }

        string group = isShort ? "modem" : groups[0];
        FaultDefinition definition = isShort ? FaultTable.All.First(each => each.Type == typeof(ModemReply)) : Find(node.Members[group], group);
        string on = isShort ? ShortForm : FaultTable.On.Name;
        string[] known = [.. definition.Parameters.Select(each => each.Name), .. FaultTable.Trigger.Select(each => each == FaultTable.On ? on : each.Name)];
        foreach ((string name, JsonDocumentNode member) in node.Members)
        {
            if (!known.Contains(name) && (isShort || name != group))
            {
                throw new ScenarioException(
                    member.File, member.Line, $"a fault {definition.FullName} knows {string.Join(", ", known)}; found \"{name[..Math.Min(name.Length, 60)]}\".{Meant([name], known)}");
            }
        }

        object[] values = [.. definition.Parameters.Select(parameter => node.Find(parameter.Name) is { } given
            ? parameter.Read(given)
            : parameter.Default ?? throw new ScenarioException(node.File, node.Line, $"expected {parameter.Name} of a fault {definition.FullName}: {parameter.Meaning}, {parameter.Range}."))];
        var trigger = new FaultTrigger
        {
            At = Time(node, FaultTable.At),
            Command = node.Find(on) is { } command ? (string)FaultTable.On.Read(command) : null,
            Skip = Number(node, FaultTable.Skip) ?? 0,
            Times = Number(node, FaultTable.Times) ?? 1,
            AfterPublishes = Number(node, FaultTable.AfterPublishes),
            Duration = Time(node, FaultTable.For),
        };
        return FaultTable.Contradiction(definition, trigger) is { } wrong
            ? throw new ScenarioException(node.File, node.Line, $"a fault {definition.FullName}: {wrong}.")
            : new ScheduledFault(definition.Create(values), trigger);
    }

    private static FaultDefinition Find(JsonDocumentNode node, string group)
    {
        string name = node.AsText(group);
        IEnumerable<FaultDefinition> known = FaultTable.All.Where(each => each.Group == group);
        return known.FirstOrDefault(each => each.Name == name)
            ?? throw new ScenarioException(
                node.File,
                node.Line,
                $"expected {group} to be one of {string.Join(", ", known.Select(each => each.Name))}; found \"{name[..Math.Min(name.Length, 60)]}\".{Meant([name], known.Select(each => each.Name))}");
    }

    private static string Meant(IEnumerable<string> names, IEnumerable<string> known) =>
        names.Select(name => NearestName.Of(name, known)).FirstOrDefault(nearest => nearest is not null) is { } nearest ? $" Did you mean {nearest}?" : "";

    private static int? Number(JsonDocumentNode node, FaultParameter parameter) => node.Find(parameter.Name) is { } given ? (int)parameter.Read(given) : null;

    private static TimeSpan? Time(JsonDocumentNode node, FaultParameter parameter) => node.Find(parameter.Name) is { } given ? FaultTable.Time(parameter.Read(given)) : null;
}
