namespace Sim7600.Emulator.Modem;

/// <summary>The module's files outside of the certificate store (AT command manual V3.00, chapter 20). It is flash and outlives a reset.</summary>
internal sealed class FileStore
{
    /// <summary>Size of drive C in bytes; about what a unit shows.</summary>
    public const int Capacity = 11348480;

    private const string Root = "C:/";
    private readonly SortedSet<string> _folders = new(StringComparer.OrdinalIgnoreCase) { Root };
    private readonly SortedDictionary<string, (byte[] Content, DateTimeOffset Time)> _files = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The folder that relative paths start from, with its final slash.</summary>
    public string Current { get; private set; } = Root;

    /// <summary>Bytes that files take.</summary>
    public int Used => _files.Values.Sum(file => file.Content.Length);

    /// <summary>Names of the folders in the current one.</summary>
    public IReadOnlyList<string> Folders => [.. _folders.Select(folder => Child(folder.TrimEnd('/'))).OfType<string>()];

    /// <summary>Names of the files in the current folder.</summary>
    public IReadOnlyList<string> Files => [.. _files.Keys.Select(Child).OfType<string>()];

    /// <summary>A module that starts begins in the root.</summary>
    public void Reset() => Current = Root;

    public bool Enter(string path)
    {
        bool isThere = Folder(path) is { } folder && _folders.Contains(folder);
        Current = isThere ? Folder(path)! : Current;
        return isThere;
    }

    public bool MakeFolder(string path) => Folder(path) is { } folder && HasParent(folder.TrimEnd('/')) && !_files.ContainsKey(folder.TrimEnd('/')) && _folders.Add(folder);

    /// <summary>Removes a folder that is empty.</summary>
    public bool RemoveFolder(string path) =>
        Folder(path) is { } folder && folder != Root
        && !_folders.Any(each => each.Length > folder.Length && each.StartsWith(folder, StringComparison.OrdinalIgnoreCase))
        && !_files.Keys.Any(each => each.StartsWith(folder, StringComparison.OrdinalIgnoreCase))
        && _folders.Remove(folder);

    public bool Write(string path, byte[] content, DateTimeOffset time)
    {
        bool fits = Resolve(path) is { } file && HasParent(file) && !_folders.Contains(file + "/")
            && Used - (Read(path)?.Length ?? 0) + content.Length <= Capacity;
        if (fits)
        {
            _files[Resolve(path)!] = (content, time);
        }

        return fits;
    }

    public byte[]? Read(string path) => Resolve(path) is { } file && _files.TryGetValue(file, out (byte[] Content, DateTimeOffset Time) found) ? found.Content : null;

    public DateTimeOffset? TimeOf(string path) => Resolve(path) is { } file && _files.TryGetValue(file, out (byte[] Content, DateTimeOffset Time) found) ? found.Time : null;

    /// <summary>Deletes a file, or with <c>*.*</c> all of the current folder.</summary>
    public bool Delete(string path)
    {
        if (path == "*.*")
        {
            foreach (string name in Files)
            {
                _files.Remove(Current + name);
            }

            return true;
        }

        return Resolve(path) is { } file && _files.Remove(file);
    }

    public bool Rename(string from, string to)
    {
        if (Resolve(from) is not { } old || Resolve(to) is not { } now || !HasParent(now) || _files.ContainsKey(now) || !_files.Remove(old, out (byte[] Content, DateTimeOffset Time) file))
        {
            return false;
        }

        _files[now] = file;
        return true;
    }

    /// <summary>An absolute path without a final slash, or null when it leaves drive C.</summary>
    private string? Resolve(string path)
    {
        bool isAbsolute = path.Length > 1 && path[1] == ':';
        string whole = (isAbsolute ? path : Current + path).Replace('\\', '/');
        string[] parts = whole.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !parts[0].Equals("C:", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var kept = new List<string> { "C:" };
        foreach (string part in parts.Skip(1).Where(part => part != "."))
        {
            if (part != "..")
            {
                kept.Add(part);
            }
            else if (kept.Count > 1)
            {
                kept.RemoveAt(kept.Count - 1);
            }
        }

        return string.Join('/', kept);
    }

    private string? Folder(string path) => Resolve(path) is { } whole ? whole + "/" : null;

    private bool HasParent(string path) => path.LastIndexOf('/') is > 0 and int slash && _folders.Contains(path[..(slash + 1)]);

    private string? Child(string path) =>
        path.Length > Current.Length && path.StartsWith(Current, StringComparison.OrdinalIgnoreCase) && !path[Current.Length..].Contains('/', StringComparison.Ordinal)
            ? path[Current.Length..] : null;
}
