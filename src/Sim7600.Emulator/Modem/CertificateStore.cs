namespace Sim7600.Emulator.Modem;

/// <summary>
/// The modem's certificate files, by name, in the order in which they were stored. It is flash: resets leave it as it is.
/// All members run on the modem's loop.
/// </summary>
internal sealed class CertificateStore
{
    /// <summary>Shortest file name in bytes, ending included.</summary>
    public const int MinimumName = 5;

    /// <summary>Longest file name in bytes, ending included.</summary>
    public const int MaximumName = 128;

    /// <summary>Largest file in bytes.</summary>
    public const int MaximumFile = 10240;

    private readonly List<(string Name, byte[] Content)> _files = [];

    /// <summary>The names of all files.</summary>
    public IEnumerable<string> Names => _files.Select(file => file.Name);

    /// <summary>True when a file may have this name: it ends with <c>.pem</c> or <c>.der</c> in small letters.</summary>
    public static bool IsName(string name) => name.EndsWith(".pem", StringComparison.Ordinal) || name.EndsWith(".der", StringComparison.Ordinal);

    /// <summary>Stores a file; one of the same name is overwritten in its place.</summary>
    public void Store(string name, byte[] content)
    {
        int index = _files.FindIndex(file => file.Name == name);
        if (index < 0)
        {
            _files.Add((name, content));
        }
        else
        {
            _files[index] = (name, content);
        }
    }

    /// <summary>Deletes a file.</summary>
    /// <returns>False when there is none of that name.</returns>
    public bool Delete(string name) => _files.RemoveAll(file => file.Name == name) > 0;

    /// <summary>Finds a file.</summary>
    /// <returns>Its bytes, or null when there is none of that name.</returns>
    public byte[]? Find(string name) => _files.Find(file => file.Name == name).Content;
}
