namespace Sim7600.Links;

/// <summary>Finds SIM7600 modems on USB: vendor 1e0e, product 9001, whose interface 2 is the AT port (<c>core.md</c> 19).</summary>
public static class Sim7600Ports
{
    private const string Vendor = "1e0e";
    private const string Product = "9001";
    private const string AtInterface = "02";

    /// <summary>The AT ports of all SIM7600 modems that are plugged in, in the order of their device names.</summary>
    /// <returns>The ports; none on systems other than Linux.</returns>
    public static IReadOnlyList<Sim7600Port> Find() => Find("/sys/class/tty", "/dev");

    internal static IReadOnlyList<Sim7600Port> Find(string ttyClass, string devices)
    {
        if (!Directory.Exists(ttyClass))
        {
            return [];
        }

        var found = new List<Sim7600Port>();
        foreach (string tty in Directory.EnumerateDirectories(ttyClass, "ttyUSB*").Order(StringComparer.Ordinal))
        {
            // …/1-1.4/1-1.4:1.2/ttyUSB2/tty/ttyUSB2: the port's device is below the interface, which is below the USB device.
            // The entry is a link itself, and the device's link is relative to where that leads, which .NET does not follow.
            string? port = Target(Path.Combine(Target(tty) ?? tty, "device"));
            string? usbInterface = Path.GetDirectoryName(port);
            string? usbDevice = Path.GetDirectoryName(usbInterface);
            if (usbInterface is not null && usbDevice is not null
                && Read(usbInterface, "bInterfaceNumber") == AtInterface
                && Read(usbDevice, "idVendor") == Vendor
                && Read(usbDevice, "idProduct") == Product)
            {
                found.Add(new Sim7600Port(Path.Combine(devices, Path.GetFileName(tty)), Path.GetFileName(usbDevice), Read(usbDevice, "serial")));
            }
        }

        return found;
    }

    private static string? Target(string link)
    {
        try
        {
            return Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // unplugged while we look
        }
    }

    private static string? Read(string folder, string attribute)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, attribute)).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
