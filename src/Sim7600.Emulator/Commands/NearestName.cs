namespace Sim7600.Emulator.Commands;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest slips, or one that begins with the given one; null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        (string? nearest, int slips) = known
            .Select(each => ((string?)each, Slips(name.ToUpperInvariant(), each.ToUpperInvariant())))
            .DefaultIfEmpty((null, int.MaxValue))
            .MinBy(each => each.Item2);
        return slips <= Math.Max(1, name.Length / 3) ? nearest
            : name.Length > 1 ? known.FirstOrDefault(each => each.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            : null;
    }

    /// <summary>Characters to insert, remove or replace, and neighbours to swap (optimal string alignment).</summary>
    private static int Slips(string left, string right)
    {
        int[,] slips = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    slips[i, j] = i + j;
                    continue;
                }

                int replaced = slips[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                slips[i, j] = Math.Min(replaced, Math.Min(slips[i - 1, j], slips[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    slips[i, j] = Math.Min(slips[i, j], slips[i - 2, j - 2] + 1);
                }
            }
        }

        return slips[left.Length, right.Length];
    }
}
