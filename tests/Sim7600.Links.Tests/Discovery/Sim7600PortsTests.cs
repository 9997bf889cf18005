using Sim7600.EndToEnd.Processes;

namespace Sim7600.Links.Tests.Discovery;

/// <summary>Finding the AT port among the ttys of a machine, on a tree laid out as sysfs lays it out.</summary>
public sealed class Sim7600PortsTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        Tools.RequirePosix();
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["class/tty"]);
    }

    [TearDown]
    public void RemoveFolder() => _folder?.Dispose();

    [Test]
    public void A_modem_s_AT_port_is_its_third_interface()
    {
        PlugIn("1-1.4", firstTty: 0, serial: "0123456789ABCDEF\n");
        Assert.That(Find(), Is.EqualTo(new[] { new Sim7600Port("/dev/ttyUSB2", "1-1.4", "0123456789ABCDEF") }));
    }

    [Test]
    public void The_number_of_the_device_does_not_matter()
    {
        PlugIn("1-2", firstTty: 4);
        Assert.That(Find(), Is.EqualTo(new[] { new Sim7600Port("/dev/ttyUSB6", "1-2", null) }));
    }

    [Test]
    public void Two_modems_are_both_found_in_the_order_of_their_devices()
    {
        PlugIn("2-1", firstTty: 0, serial: "second");
        PlugIn("1-1", firstTty: 5, serial: "first");
        Assert.That(Find().Select(port => (port.DevicePath, port.UsbPath, port.SerialNumber)), Is.EqualTo(new[] { ("/dev/ttyUSB2", "2-1", "second"), ("/dev/ttyUSB7", "1-1", "first") }));
    }

    [Test]
    public void Other_devices_are_not_modems()
    {
        PlugIn("1-1", firstTty: 0, vendor: "0403", product: "6001");
        PlugIn("1-2", firstTty: 5, vendor: "1e0e", product: "9011");
        Add("devices/pnp0/00:04/00:04:0/00:04:0.0", "ttyUSB20", "../../../00:04:0.0"); // no USB attributes above it
        Directory.CreateDirectory(_folder["class/tty/ttyUSB30"]); // no device
        Directory.CreateDirectory(_folder["class/tty/tty0"]);
        Assert.That(Find(), Is.Empty);
    }

    [Test]
    public void A_modem_that_is_pulled_while_we_look_is_not_found()
    {
        PlugIn("1-1", firstTty: 0);
        Directory.Delete(_folder["devices"], recursive: true);
        Assert.That(Find(), Is.Empty);
    }

    [Test]
    public void A_system_without_sysfs_has_none() => Assert.That(Sim7600Ports.Find(_folder["none"], "/dev"), Is.Empty);

    private IReadOnlyList<Sim7600Port> Find() => Sim7600Ports.Find(_folder["class/tty"], "/dev");

    /// <summary>A modem's five serial interfaces.</summary>
    private void PlugIn(string usbPath, int firstTty, string? serial = null, string vendor = "1e0e", string product = "9001")
    {
        string device = $"devices/pci0000:00/0000:00:14.0/usb{usbPath[0]}/{usbPath}";
        for (int number = 0; number < 5; number++)
        {
            string usbInterface = $"{device}/{usbPath}:1.{number}";
            string tty = $"ttyUSB{firstTty + number}";
            Add($"{usbInterface}/{tty}", tty, $"../../../{tty}");
            File.WriteAllText(_folder[$"{usbInterface}/bInterfaceNumber"], $"{number:x2}\n");
        }

        File.WriteAllText(_folder[$"{device}/idVendor"], vendor + "\n");
        File.WriteAllText(_folder[$"{device}/idProduct"], product + "\n");
        if (serial is not null)
        {
            File.WriteAllText(_folder[$"{device}/serial"], serial);
        }
    }

    /// <summary>A tty below its port, with the relative links that the kernel makes.</summary>
    private void Add(string port, string tty, string toPort)
    {
        Directory.CreateDirectory(_folder[$"{port}/tty/{tty}"]);
        Directory.CreateSymbolicLink(_folder[$"{port}/tty/{tty}/device"], toPort);
        Directory.CreateSymbolicLink(_folder[$"class/tty/{tty}"], $"../../{port}/tty/{tty}");
    }
}
