using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator;

/// <summary>What happens to the module as a piece of hardware: supply, temperature, pins and DTR.</summary>
public sealed partial class VirtualModem
{
    /// <summary>Degrees at which <c>AT+CMTE</c> warns and at which the module powers down; the limits are inferred.</summary>
    private const int ColdWarning = -30, ColdLimit = -40, HotWarning = 80, HotLimit = 85;

    /// <summary>How long the module stays awake with nothing to do (sleep note V3.00: 15 to 20 s).</summary>
    private static readonly TimeSpan SleepDelay = TimeSpan.FromSeconds(15);

    /// <summary>How long the UART takes to wake (UART note V3.00).</summary>
    private static readonly TimeSpan WakeDelay = TimeSpan.FromMilliseconds(20);

    private TimeSpan _lastActivity;
    private TimeSpan _awakeFrom;

    /// <summary>Changes DTR: released, it lets the module sleep; asserted, it wakes it.</summary>
    internal void SetHostDtr(bool asserted)
    {
        if (asserted && IsAsleep())
        {
            _awakeFrom = _scheduler.Now + WakeDelay;
        }

        Hardware.HostAssertsDtr = asserted;
        KeepAwake();
    }

    /// <summary>Changes the temperature; too hot or too cold is reported when <c>AT+CMTE=1</c>, and the worst ends the module.</summary>
    internal void SetTemperature(int degrees)
    {
        int before = TemperatureClass(Hardware.Temperature);
        Hardware.Temperature = degrees;
        int now = TemperatureClass(degrees);
        if (!IsOn || now == before || now == 0 || Settings.TemperatureAlarm == 0)
        {
            return;
        }

        WriteUrc($"+CMTE: {now}");
        if (now is 2 or -2)
        {
            SwitchOff("temperature");
        }
    }

    /// <summary>Changes the supply, with the warnings of <c>AT+CVALARM</c> and the power-down of <c>AT+CPMVT</c>.</summary>
    internal void SetSupply(int millivolts)
    {
        Hardware.SupplyMillivolts = millivolts;
        if (!IsOn)
        {
            return;
        }

        // The words are spelled as the module spells them.
        if (Settings.VoltagePowerDown is { On: 1 } down && Violation(down, millivolts) is { } end)
        {
            WriteUrc($"{end} WARNNING POWER DOWN");
            SwitchOff("supply voltage");
        }
        else if (Settings.VoltageAlarm is { On: 1 } alarm && Violation(alarm, millivolts) is { } warning)
        {
            WriteUrc($"{warning} WARNNING");
        }
    }

    /// <summary>Changes the level at an input pin; an interrupt that was armed with <c>AT+CGISR</c> prints its text.</summary>
    internal void SetPin(int number, bool level)
    {
        GpioPin pin = Hardware.Pins[number];
        if (pin.IsOutput || pin.Level == level)
        {
            return;
        }

        pin.Level = level;
        if (IsOn && pin.Interrupt is { } armed && (armed.Polarity == 1) == level)
        {
            WriteUrc(pin.InterruptText ?? $"GPIO_{number}_ISR!");
        }
    }

    private static int TemperatureClass(int degrees) => degrees switch
    {
        <= ColdLimit => -2,
        <= ColdWarning => -1,
        >= HotLimit => 2,
        >= HotWarning => 1,
        _ => 0,
    };

    private static string? Violation((int On, int Low, int High) limits, int millivolts) =>
        millivolts < limits.Low ? "UNDER-VOLTAGE" : millivolts > limits.High ? "OVER-VOLTAGE" : null;

    private bool IsAsleep() => _scheduler.Now < _awakeFrom
        || (Settings.SlowClock == 1 && !Hardware.HostAssertsDtr && _scheduler.Now - _lastActivity >= SleepDelay);

    private void KeepAwake() => _lastActivity = _scheduler.Now;
}
