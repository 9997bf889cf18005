using System.Diagnostics.CodeAnalysis;

namespace Sim7600.Emulator.Commands;

/// <summary>All commands that a modem knows, by name.</summary>
internal sealed class CommandTable
{
    private readonly Dictionary<string, AtCommandDefinition> _commands = new(StringComparer.Ordinal);

    /// <summary>The commands in the order in which they were declared.</summary>
    public IEnumerable<AtCommandDefinition> All => _commands.Values;

    /// <summary>Declares a command under one name, or the same command under several.</summary>
    /// <exception cref="ArgumentException">A name was declared before.</exception>
    public AtCommandDefinition Add(string family, string name)
    {
        var command = new AtCommandDefinition(name, family);
        _commands.Add(name, command);
        return command;
    }

    /// <summary>
    /// What may be shown of the text where a command's name stands. Where <c>=</c> was forgotten behind a command with a secret,
    /// the secret follows its name.
    /// </summary>
    public string ShownName(string text)
    {
        string shown = CommandName.Shown(text);
        return All.Any(command => command.Name.StartsWith(shown, StringComparison.Ordinal)) ? shown
            : All.FirstOrDefault(command => command.HiddenFrom is not null && shown.StartsWith(command.Name, StringComparison.Ordinal))?.Name ?? shown;
    }

    /// <summary>Finds a command.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out AtCommandDefinition? command) => _commands.TryGetValue(name, out command);

    /// <summary>The command that somebody may have meant; null when none is near.</summary>
    public string? NearestTo(string name) => NearestName.Of(name, All.Select(each => each.Name));
}
