namespace Sim7600.Links;

/// <summary>Settings of a serial line. The default is what a SIM7600 uses from the factory: 115200 baud, 8N1, no flow control.</summary>
public sealed record SerialSettings
{
    /// <summary>The factory settings.</summary>
    public static SerialSettings Default { get; } = new();

    /// <summary>Line speed in baud, 1 or more. A USB port ignores it.</summary>
    public int BaudRate { get; init; } = 115200;

    /// <summary>RTS/CTS flow control; the modem needs <c>AT+IFC=2,2</c> for it.</summary>
    public bool HardwareFlowControl { get; init; }

    /// <summary>How long opening may take, above all for TCP.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The settings as a person writes them: <c>115200 baud, 8N1, no flow control</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{BaudRate} baud, 8N1, {(HardwareFlowControl ? "RTS/CTS" : "no")} flow control");
}
