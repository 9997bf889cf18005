namespace Sim7600.Emulator.Modem;

/// <summary>The module as a piece of hardware: supply, temperature, converters, pins and the I2C bus.</summary>
internal sealed class ModuleHardware
{
    /// <summary>The status pin, which the module drives from the factory.</summary>
    public const int StatusPin = 40;

    /// <summary>Supply in millivolts.</summary>
    public int SupplyMillivolts { get; set; } = 3800;

    /// <summary>Temperature in degrees Celsius.</summary>
    public int Temperature { get; set; } = 29;

    /// <summary>Voltages at the converters 1 and 2 in millivolts.</summary>
    public int[] AdcMillivolts { get; } = [187, 187];

    /// <summary>AT+CVAUXV in millivolts.</summary>
    public int AuxiliaryMillivolts { get; set; } = 2800;

    /// <summary>AT+CVAUXS.</summary>
    public bool AuxiliaryOn { get; set; }

    /// <summary>True while the host asserts DTR, which keeps the module awake whatever <c>AT+CSCLK</c> says.</summary>
    public bool HostAssertsDtr { get; set; } = true;

    /// <summary>Pins by their number.</summary>
    public SortedDictionary<int, GpioPin> Pins { get; } = new()
    {
        [StatusPin] = new GpioPin { Function = 1, IsOutput = true, Level = true },
        [41] = new GpioPin(),
        [43] = new GpioPin(),
        [44] = new GpioPin(),
    };

    /// <summary>What hangs on the I2C bus: registers by device and register address. It is empty from the factory.</summary>
    public Dictionary<(int Device, int Register), byte> I2c { get; } = [];
}
