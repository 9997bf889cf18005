namespace Sim7600.Links;

/// <summary>The AT port of a SIM7600 on USB.</summary>
/// <param name="DevicePath">The device to open, such as <c>/dev/ttyUSB2</c>; it may change when the modem is plugged in again.</param>
/// <param name="UsbPath">Where on the bus it is plugged in, such as <c>1-1.4</c>; it stays the same for the same socket.</param>
/// <param name="SerialNumber">The USB serial number, or null when the device has none.</param>
public sealed record Sim7600Port(string DevicePath, string UsbPath, string? SerialNumber);
