namespace Sim7600.Emulator.Modem;

/// <summary>
/// When what happens after power-on. The order is confirmed by real sessions; the spacing is inferred from drivers' waits
/// (<c>core.md</c> 1.4, 4.2).
/// </summary>
internal sealed record BootTimes(TimeSpan Silence, TimeSpan SimReady, TimeSpan SmsDone, TimeSpan PhoneBookDone, TimeSpan Registration, TimeSpan PowerDown)
{
    private static readonly BootTimes Real = new(
        Silence: TimeSpan.FromSeconds(10),
        SimReady: TimeSpan.FromSeconds(1.5),
        SmsDone: TimeSpan.FromSeconds(3),
        PhoneBookDone: TimeSpan.FromSeconds(2),
        Registration: TimeSpan.FromSeconds(4),
        PowerDown: TimeSpan.FromSeconds(2));

    /// <summary>The times of a boot mode.</summary>
    public static BootTimes For(BootMode mode) => mode == BootMode.Real ? Real : Real.DividedBy(100);

    private BootTimes DividedBy(int factor) =>
        new(Silence / factor, SimReady / factor, SmsDone / factor, PhoneBookDone / factor, Registration / factor, PowerDown / factor);
}
