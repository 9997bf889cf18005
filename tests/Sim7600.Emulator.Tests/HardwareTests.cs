namespace Sim7600.Emulator.Tests;

/// <summary>Supply, temperature, pins, the I2C bus, sleep and USB.</summary>
[Parallelizable(ParallelScope.All)]
public class HardwareTests
{
    private const string Ok = "\r\nOK\r\n";

    [TestCase("AT+CBC", "+CBC: 3.800V")]
    [TestCase("AT+CPMUTEMP", "+CPMUTEMP: 29")]
    [TestCase("AT+CADC=2", "+CADC: 187")]
    [TestCase("AT+CADC2=2", "+CADC2: 187")]
    [TestCase("AT+CVAUXV?", "+CVAUXV: 2800")]
    [TestCase("AT+CVAUXS?", "+CVAUXS: 0")]
    [TestCase("AT+CFGRI?", "+CFGRI: 0,60,120")]
    [TestCase("AT+CATR?", "+CATR: 0")]
    [TestCase("AT+CSCLK?", "+CSCLK: 0")]
    [TestCase("AT+CUSBPIDSWITCH?", "+CUSBPIDSWITCH: 9001")]
    [TestCase("AT+CVALARM?", "+CVALARM: 0,3300,4300")]
    [TestCase("AT+CPMVT?", "+CPMVT: 0,3200,4300")]
    public async Task It_shows_what_it_measures_and_keeps(string command, string line)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"{command}\r", $"\r\n{line}\r\n" + Ok);
    }

    [TestCase("AT+CVAUXV=3000", "AT+CVAUXV?", "+CVAUXV: 3000")]
    [TestCase("AT+CVAUXS=1", "AT+CVAUXS?", "+CVAUXS: 1")]
    [TestCase("AT+CFGRI=1,100", "AT+CFGRI?", "+CFGRI: 1,100,120")]
    [TestCase("AT+CATR=1", "AT+CATR?", "+CATR: 1")]
    [TestCase("AT+CUARTRM=1", "AT+CUARTRM?", "+CUARTRM: 1")]
    [TestCase("AT+CUSBADB=1", "AT+CUSBADB?", "+CUSBADB: 1")]
    [TestCase("AT+UIMHOTSWAPON=1", "AT+UIMHOTSWAPON?", "+UIMHOTSWAPON: 1")]
    public async Task What_is_set_is_read_back(string set, string read, string line)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"{set}\r", Ok);
        await bench.SayAsync($"{read}\r", $"\r\n{line}\r\n" + Ok);
    }

    [TestCase("AT+CVAUXV=1600")]
    [TestCase("AT+CVAUXV=3051")]
    [TestCase("AT+CADC=1")]
    [TestCase("AT+CATR=8")]
    [TestCase("AT+CFGRI=1,9")]
    [TestCase("AT+CSCLK=2")]
    [TestCase("AT+CGDRT=42,1")]
    [TestCase("AT+CUSBPIDSWITCH=1234,1,1")]
    public async Task Out_of_range_is_an_error(string command)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"{command}\r", "\r\nERROR\r\n");
    }

    [Test]
    public async Task A_pin_is_driven_read_and_interrupts()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CGSETV=43,1\r", "\r\nERROR\r\n", "an input");
        await bench.SayAsync("AT+CGDRT=43,1;+CGSETV=43,1;+CGGETV=43\r", "\r\n+CGGETV: 43,1\r\n" + Ok);
        await bench.SayAsync("AT+CGDRT=40,0\r", "\r\nERROR\r\n", "pin 40 shows the status until AT+CGFUNC frees it");
        await bench.SayAsync("AT+CGFUNC=40,0;+CGDRT=40,0\r", Ok);
        await bench.SayAsync("AT+CGISR=44,1,1;+CGISR=41,1,0,\"door\"\r", Ok);
        Assert.That(await bench.ChangeAsync(modem => modem.SetPin(44, true)), Is.EqualTo("\r\nGPIO_44_ISR!\r\n"));
        Assert.That(await bench.ChangeAsync(modem => modem.SetPin(44, false)), Is.Empty);
        Assert.That(await bench.ChangeAsync(modem => modem.SetPin(41, true)), Is.Empty);
        Assert.That(await bench.ChangeAsync(modem => modem.SetPin(41, false)), Is.EqualTo("\r\ndoor\r\n"));
        await bench.SayAsync("AT+CGGETV=41\r", "\r\n+CGGETV: 41,0\r\n" + Ok);
    }

    [Test]
    public async Task The_bus_answers_for_what_hangs_on_it()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CRIIC=0x34,0x02,1\r", "\r\nERROR\r\n");
        await bench.ChangeAsync(modem =>
        {
            modem.Hardware.I2c[(0x34, 2)] = 0x5A;
            modem.Hardware.I2c[(0x34, 3)] = 0;
        });
        await bench.SayAsync("AT+CWIIC=0x34,0x02,0xA1B2,2;+CRIIC=0x34,0x02,2\r", "\r\n+CRIIC: 0xA1,0xB2\r\n" + Ok);
    }

    [Test]
    public async Task Heat_and_a_weak_supply_are_reported_and_end_the_module()
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.ChangeAsync(modem => modem.SetTemperature(82)), Is.Empty, "nobody asked");
        await bench.SayAsync("AT+CMTE=1;+CVALARM=1;+CPMVT=1,3250\r", Ok);
        Assert.That(await bench.ChangeAsync(modem => modem.SetTemperature(20)), Is.Empty);
        Assert.That(await bench.ChangeAsync(modem => modem.SetTemperature(-35)), Is.EqualTo("\r\n+CMTE: -1\r\n"));
        Assert.That(await bench.ChangeAsync(modem => modem.SetSupply(3280)), Is.EqualTo("\r\nUNDER-VOLTAGE WARNNING\r\n"));
        Assert.That(await bench.ChangeAsync(modem => modem.SetSupply(4301)), Is.EqualTo("\r\nOVER-VOLTAGE WARNNING POWER DOWN\r\n"));
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty);
    }

    [Test]
    public async Task With_CSCLK_and_DTR_released_the_module_sleeps_and_loses_what_is_typed()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CSCLK=1\r", Ok);
        await bench.PassAsync(TimeSpan.FromMinutes(1));
        await bench.SayAsync("AT\r", Ok, "DTR keeps it awake");
        await bench.ChangeAsync(modem => modem.SetHostDtr(false));
        await bench.PassAsync(TimeSpan.FromSeconds(14));
        await bench.SayAsync("AT\r", Ok, "not asleep yet");
        await bench.PassAsync(TimeSpan.FromSeconds(15));
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty);
        await bench.ChangeAsync(modem => modem.SetHostDtr(true));
        Assert.That(await bench.TypeAsync("AT\r"), Is.Empty, "it takes 20 ms to wake");
        await bench.PassAsync(TimeSpan.FromMilliseconds(20));
        await bench.SayAsync("AT\r", Ok);
    }

    [Test]
    public async Task Another_USB_composition_comes_with_a_restart()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CUSBPIDSWITCH=9011,1,1\r", Ok);
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(400)), Does.StartWith("\r\nRDY\r\n"));
        Assert.That(await bench.TypeAsync("AT+CUSBPIDSWITCH?\r"), Does.EndWith("\r\n+CUSBPIDSWITCH: 9011\r\n" + Ok));
    }
}
