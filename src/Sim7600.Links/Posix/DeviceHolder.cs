namespace Sim7600.Links.Posix;

/// <summary>Finds out which program has a device open, as far as this user may see.</summary>
internal static class DeviceHolder
{
    /// <summary>The first holder as <c>name (process 123)</c>, or null.</summary>
    public static string? Find(string path)
    {
        string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), out int id) || id == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                if (Directory.EnumerateFiles($"{process}/fd").Any(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.FullName == target))
                {
                    return $"{File.ReadAllText($"{process}/comm").Trim()} (process {id})";
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // another user's process, or one that has just ended
            }
        }

        return null;
    }
}
