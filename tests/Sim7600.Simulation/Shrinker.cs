using Sim7600.Emulator.Faults;

namespace Sim7600.Simulation;

/// <summary>Finds a small part of a schedule that still shows a violation.</summary>
internal static class Shrinker
{
    private const int MostRuns = 60;

    public static async Task<FaultSchedule> ShrinkAsync(int seed, TimeSpan length, FaultSchedule schedule)
    {
        List<ScheduledFault> faults = [.. schedule.Faults];
        int runs = 0;
        for (int piece = Math.Max(1, faults.Count / 2); runs < MostRuns; piece = Math.Max(1, piece / 2))
        {
            bool removed = false;
            for (int at = 0; at < faults.Count && runs < MostRuns;)
            {
                List<ScheduledFault> rest = [.. faults[..at], .. faults[Math.Min(faults.Count, at + piece)..]];
                runs++;
                if ((await SimulationRun.RunAsync(seed, length, schedule with { Faults = rest })).Judge.Violations.Count > 0)
                {
                    faults = rest;
                    removed = true;
                }
                else
                {
                    at += piece;
                }
            }

            if (piece == 1 && !removed)
            {
                break;
            }
        }

        return schedule with { Faults = faults };
    }
}
