namespace Sim7600.Emulator.Faults;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest changes, or null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        (string? nearest, int distance) = known
            .Select(each => ((string?)each, Distance(name, each)))
            .DefaultIfEmpty((null, int.MaxValue))
            .MinBy(each => each.Item2);
        return distance <= Math.Max(2, name.Length / 2) ? nearest : null;
    }

    /// <summary>Characters to insert, remove or replace (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j - 1], row[j]) + 1);
            }
        }

        return row[^1];
    }
}
