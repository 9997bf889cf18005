using Sim7600.Driver.Lifecycle;
using Sim7600.Links;

namespace Sim7600.Driver.Tests.Lifecycle;

public sealed class PortFinderTests
{
    private List<Sim7600Port> _ports = [new("/dev/ttyUSB2", "1-1.4", "0123456789ABCDEF"), new("/dev/ttyUSB7", "1-1.3", "0123456789ABCDEF")];

    [Test]
    public void A_modem_that_comes_back_under_another_number_is_found_by_its_socket()
    {
        var finder = new PortFinder("/dev/ttyUSB2", () => _ports);
        Assert.That(finder.Locate(), Is.EqualTo("/dev/ttyUSB2"));
        finder.Remember("/dev/ttyUSB2");

        _ports = [new("/dev/ttyUSB2", "1-1.3", "0123456789ABCDEF"), new("/dev/ttyUSB6", "1-1.4", "0123456789ABCDEF")];
        Assert.That(finder.Locate(), Is.EqualTo("/dev/ttyUSB6"), "the name went to another modem");
    }

    [Test]
    public void A_modem_in_another_socket_is_found_by_a_serial_number_that_only_it_has()
    {
        _ports = [new("/dev/ttyUSB2", "1-1.4", "A1"), new("/dev/ttyUSB7", "1-1.3", "B2")];
        var finder = new PortFinder("/dev/ttyUSB2", () => _ports);
        finder.Remember("/dev/ttyUSB2");

        _ports = [new("/dev/ttyUSB2", "1-1.3", "B2"), new("/dev/ttyUSB7", "1-1.1", "A1")];
        Assert.That(finder.Locate(), Is.EqualTo("/dev/ttyUSB7"));
        _ports = [new("/dev/ttyUSB2", "1-1.3", "B2")];
        Assert.That(finder.Locate(), Is.Null, "another modem is not taken for it");
    }

    [Test]
    public void A_port_that_is_no_usb_modem_keeps_its_name()
    {
        var finder = new PortFinder("/dev/ttyS0", () => _ports);
        finder.Remember("/dev/ttyS0");
        Assert.That(finder.Locate(), Is.EqualTo("/dev/ttyS0"));
    }
}
