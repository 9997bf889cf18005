using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Faults;

/// <summary>Reads faults from JSON.</summary>
internal static class FaultReader
{
    private const string ShortForm = "command";

    /// <summary>Reads a list.</summary>
    /// <exception cref="ScenarioException">An entry is not valid.</exception>
    public static IReadOnlyList<ScheduledFault> ReadAll(JsonDocumentNode node)
    {
        IReadOnlyList<JsonDocumentNode> entries = node.AsList("faults");
        return entries.Count <= FaultTable.MaximumEntries
            ? [.. entries.Select(Read)]
            : throw node.Error($"expected at most {FaultTable.MaximumEntries} faults, found {entries.Count}; one with times, or one that lasts, stands for many.");
    }

    /// <summary>Reads one entry.</summary>
    /// <exception cref="ScenarioException">It is not valid.</exception>
    public static ScheduledFault Read(JsonDocumentNode node)
    {
        node.AsObject("a fault");
        string[] groups = [.. node.Members.Keys.Where(FaultTable.Groups.ContainsKey)];
        JsonDocumentNode? shortForm = node.Find(ShortForm);
        switch (groups)
        {
            case [] when shortForm is null:
                throw node.Error($"expected a fault with one of {string.Join(", ", FaultTable.Groups.Keys)}, found none of them.{MeantGroup(node)}");
            case [_, _, ..]:
                throw node.Error($"expected a fault with one of {string.Join(", ", FaultTable.Groups.Keys)}, found {string.Join(" and ", groups)}. Give each an entry of its own.");
            case [var only] when shortForm is not null:
                throw shortForm.WrongName($"{ShortForm} is for a reply in short, with {ShortForm} and reply alone; found {only} beside it. With {only}, name the command under {FaultTable.On.Name}.");
            default:
                break;
        }

        bool isShort = shortForm is not null;
        string group = isShort ? "modem" : groups[0];
        FaultDefinition definition = isShort ? FaultTable.All.First(each => each.Type == typeof(ModemReply)) : Find(node.Members[group], group);
        string on = isShort ? ShortForm : FaultTable.On.Name;
        string[] known = [.. definition.Parameters.Select(each => each.Name), .. FaultTable.Trigger.Select(each => each == FaultTable.On ? on : each.Name)];
        foreach ((string name, JsonDocumentNode member) in node.Members)
        {
            if (!known.Contains(name) && (isShort || name != group))
            {
                throw member.WrongName($"a fault {definition.FullName} knows {string.Join(", ", known)}; found \"{name[..Math.Min(name.Length, 60)]}\".{Meant(name, known)}");
            }
        }

        object[] values = [.. definition.Parameters.Select(parameter => node.Find(parameter.Name) is { } given
            ? parameter.Read(given)
            : parameter.Default ?? throw node.Error($"expected {parameter.Name} of a fault {definition.FullName}: {parameter.Meaning}, {parameter.Range}."))];
        var trigger = new FaultTrigger
        {
            At = Time(node, FaultTable.At),
            Command = node.Find(on) is { } command ? (string)(FaultTable.On with { Name = on }).Read(command) : null,
            Skip = Number(node, FaultTable.Skip) ?? 0,
            Times = Number(node, FaultTable.Times) ?? 1,
            AfterPublishes = Number(node, FaultTable.AfterPublishes),
            Duration = Time(node, FaultTable.For),
        };
        if (trigger.Command is null && (node.Find(FaultTable.Skip.Name) ?? node.Find(FaultTable.Times.Name)) is { } count)
        {
            throw count.WrongName($"a fault {definition.FullName}: {FaultTable.Skip.Name} and {FaultTable.Times.Name} need {FaultTable.On.Name}.");
        }

        return FaultTable.Contradiction(definition, trigger) is { } wrong
            ? throw node.Error($"a fault {definition.FullName}: {wrong}.")
            : new ScheduledFault(definition.Create(values), trigger);
    }

    private static FaultDefinition Find(JsonDocumentNode node, string group)
    {
        string name = node.AsText(group);
        string[] known = [.. FaultTable.All.Where(each => each.Group == group).Select(each => each.Name)];
        return FaultTable.All.FirstOrDefault(each => each.Group == group && each.Name == name)
            ?? throw node.Error($"expected {group} to be one of {string.Join(", ", known)}; found \"{name[..Math.Min(name.Length, 60)]}\".{Elsewhere(name) ?? Meant(name, known)}");
    }

    private static string? Elsewhere(string name) =>
        FaultTable.All.FirstOrDefault(each => each.Name == name) is { } other ? $" There is one of {other.Group}: \"{other.Group}\": \"{name}\"." : null;

    /// <summary>What the key of a fault without one may be: a misspelt key, or that of a reply.</summary>
    private static string MeantGroup(JsonDocumentNode node)
    {
        string[] parameters = [.. FaultTable.All.SelectMany(each => each.Parameters).Concat(FaultTable.Trigger).Select(each => each.Name)];
        return node.Find("reply") is not null ? " A reply has \"modem\": \"reply\"."
            : node.Members.Keys.Except(parameters).Select(name => Meant(name, FaultTable.Groups.Keys)).FirstOrDefault(meant => meant.Length > 0) ?? "";
    }

    private static string Meant(string name, IEnumerable<string> known) => NearestName.Of(name, known) is { } nearest ? $" Did you mean {nearest}?" : "";

    private static int? Number(JsonDocumentNode node, FaultParameter parameter) => node.Find(parameter.Name) is { } given ? (int)parameter.Read(given) : null;

    private static TimeSpan? Time(JsonDocumentNode node, FaultParameter parameter) => node.Find(parameter.Name) is { } given ? FaultTable.Time(parameter.Read(given)) : null;
}
