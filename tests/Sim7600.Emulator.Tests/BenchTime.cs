namespace Sim7600.Emulator.Tests;

/// <summary>Longer stretches on the bench: many turns of the clock, and changes of state as the surroundings make them.</summary>
internal static class BenchTime
{
    /// <summary>Turns the clock in steps, so that what one timer starts is due at its own time.</summary>
    public static async Task<string> LiveAsync(this ModemBench bench, TimeSpan time, TimeSpan? step = null)
    {
        TimeSpan each = step ?? TimeSpan.FromMilliseconds(5);
        string printed = "";
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += each)
        {
            printed += await bench.PassAsync(each);
        }

        return printed;
    }

    /// <summary>Changes something on the modem's own loop and returns what it printed.</summary>
    public static async Task<string> ChangeAsync(this ModemBench bench, Action<VirtualModem> change)
    {
        bench.Modem.Post(() => change(bench.Modem));
        return await bench.PrintedAsync();
    }
}
