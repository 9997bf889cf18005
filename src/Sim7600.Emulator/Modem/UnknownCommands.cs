using Sim7600.Emulator.Commands;

namespace Sim7600.Emulator.Modem;

/// <summary>Counts the commands that the modem does not know, for as many names as a firmware may mean and no more.</summary>
internal sealed class UnknownCommands
{
    /// <summary>Names that are counted by themselves.</summary>
    private const int MaximumNames = 256;

    /// <summary>The name under which all further ones are counted.</summary>
    private const string Others = "other";

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The counts, by names without <c>AT</c>.</summary>
    public IReadOnlyDictionary<string, int> Counts => new Dictionary<string, int>(_counts);

    /// <summary>Counts a command.</summary>
    /// <param name="name">Its name as the host sent it.</param>
    /// <returns>The name it is counted under, which holds no parameters, and how often it came so far.</returns>
    public (string Name, int Count) Add(string name)
    {
        string shown = CommandName.Shown(name);
        if (_counts.Count >= MaximumNames && !_counts.ContainsKey(shown))
        {
            shown = Others;
        }

        return (shown, _counts[shown] = _counts.GetValueOrDefault(shown) + 1);
    }
}
