using System.Globalization;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Tests;

/// <summary>The card: locks and their counters, its files, and taking it out while the modem runs.</summary>
[Parallelizable(ParallelScope.All)]
public class SimTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Wrong = "\r\n+CME ERROR: incorrect password\r\n";

    [Test]
    public async Task The_lock_is_set_asked_for_at_the_next_boot_and_taken_off()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CLCK=\"SC\",2\r", "\r\n+CLCK: 0\r\n" + Ok);
        await bench.SayAsync("AT+CLCK=\"SC\",1,\"9999\"\r", Wrong);
        await bench.SayAsync("AT+SPIC\r", "\r\n+SPIC: 2,10,0,10\r\n" + Ok);
        await bench.SayAsync("AT+CLCK=\"SC\",1\r", "\r\n+CME ERROR: operation not allowed\r\n");
        await bench.SayAsync("AT+CLCK=\"SC\",1,\"1234\";+CLCK=\"SC\",2;+SPIC\r", "\r\n+CLCK: 1\r\n\r\n+SPIC: 3,10,0,10\r\n" + Ok);
        await bench.SayAsync("AT+CRESET\r", Ok);
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(400)), Is.EqualTo("\r\nRDY\r\n\r\n+CPIN: SIM PIN\r\n"));
        Assert.That(await bench.TypeAsync("ATE0\r"), Does.EndWith(Ok));
        await bench.SayAsync("AT+CLCK=\"SC\",2\r", "\r\n+CME ERROR: SIM PIN required\r\n");
        await bench.SayAsync("AT+CPIN=1234\r", Ok + "\r\n+CPIN: READY\r\n", "quotes may be missing");
        await bench.SayAsync("AT+CLCK=\"SC\",0,\"1234\";+CLCK=\"SC\",2\r", "\r\n+CLCK: 0\r\n" + Ok);
    }

    [Test]
    public async Task The_PIN_is_changed_while_the_lock_is_on()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CPWD=\"SC\",\"1234\",\"4321\"\r", "\r\n+CME ERROR: operation not allowed\r\n");
        await bench.SayAsync("AT+CLCK=\"SC\",1,\"1234\"\r", Ok);
        await bench.SayAsync("AT+CPWD=\"SC\",\"1111\",\"4321\"\r", Wrong);
        await bench.SayAsync("AT+CPWD=\"SC\",\"1234\",\"43\"\r", Wrong);
        await bench.SayAsync("AT+SPIC\r", "\r\n+SPIC: 2,10,0,10\r\n" + Ok, "what cannot be a PIN costs no try");
        await bench.SayAsync("AT+CPWD=\"SC\",\"1234\",\"4321\"\r", Ok);
        await bench.SayAsync("AT+CLCK=\"SC\",0,\"4321\"\r", Ok);
    }

    [Test]
    public async Task Three_wrong_codes_block_a_card_in_use_and_the_network_goes()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CLCK=\"SC\",1,\"0000\"\r", Wrong);
        await bench.SayAsync("AT+CLCK=\"SC\",1,\"0000\"\r", Wrong);
        await bench.SayAsync("AT+CLCK=\"SC\",1,\"0000\"\r", Wrong + "\r\n+CPIN: SIM PUK\r\n\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n");
        await bench.SayAsync("AT+CIMI\r", "\r\n+CME ERROR: SIM PUK required\r\n");
    }

    [Test]
    public async Task Ten_wrong_PUKs_kill_the_card()
    {
        await using var bench = new ModemBench();
        await bench.ChangeAsync(modem => modem.Sim.State = SimState.Puk);
        for (int left = 9; left >= 0; left--)
        {
            await bench.SayAsync("AT+CPIN=\"00000000\",\"1111\"\r", Wrong);
            await bench.SayAsync("AT+SPIC\r", $"\r\n+SPIC: 3,{left},0,10\r\n" + Ok);
        }

        await bench.SayAsync("AT+CPIN?\r", "\r\n+CME ERROR: SIM failure\r\n");
        await bench.SayAsync("AT+CPIN=\"12345678\",\"1111\"\r", "\r\n+CME ERROR: SIM failure\r\n");
        await bench.SayAsync("AT+CMEE=1\r", Ok);
        await bench.SayAsync("AT+CIMI\r", "\r\n+CME ERROR: 13\r\n");
    }

    [Test]
    public async Task Taking_the_card_out_takes_the_network_and_putting_it_in_brings_it_back()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CREG=1;+CGEREP=2\r", Ok);
        await bench.Modem.SetSimAsync(SimState.Absent);
        await bench.ExpectAsync("\r\n+SIMCARD: NOT AVAILABLE\r\n\r\n+CREG: 0\r\n\r\n+CGEV: NW DETACH\r\n\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n");
        await bench.SayAsync("AT+CICCID\r", "\r\n+CME ERROR: SIM not inserted\r\n");
        await bench.Modem.SetSimAsync(SimState.Ready);
        await bench.SayAsync("AT+CPIN?\r", "\r\n+CME ERROR: SIM busy\r\n");
        Assert.That(
            await bench.LiveAsync(TimeSpan.FromMilliseconds(100)),
            Is.EqualTo("\r\n+CPIN: READY\r\n\r\n+CREG: 2\r\n\r\nSMS DONE\r\n\r\n+CREG: 1\r\n\r\nPB DONE\r\n"));
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n" + Ok);
    }

    [Test]
    public async Task A_card_with_its_lock_on_asks_again_after_CFUN_0()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CLCK=\"SC\",1,\"1234\"\r", Ok);
        await bench.SayAsync("AT+CFUN=0\r", Ok + "\r\n+SIMCARD: NOT AVAILABLE\r\n");
        await bench.SayAsync("AT+CFUN=1\r", Ok);
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(100)), Is.EqualTo("\r\n+CPIN: SIM PIN\r\n"));
    }

    [Test]
    public async Task Other_facilities_have_their_own_passwords()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CLCK=\"AO\",1,\"1234\"\r", Wrong);
        await bench.SayAsync("AT+CLCK=\"AO\",1,\"0000\";+CLCK=\"AO\",2\r", "\r\n+CLCK: 1\r\n" + Ok);
        await bench.SayAsync("AT+CPWD=\"AB\",\"0000\",\"5555\";+CLCK=\"AO\",0,\"5555\";+CLCK=\"AO\",2\r", "\r\n+CLCK: 0\r\n" + Ok);
        await bench.SayAsync("AT+CLCK=\"PN\",2\r", "\r\n+CLCK: 0\r\n" + Ok, "comgt asks so");
        await bench.SayAsync("AT+CLCK=\"PN\",1,\"0000\"\r", Wrong);
        await bench.SayAsync("AT+CLCK=\"FD\",1,\"0000\"\r", "\r\n+CME ERROR: SIM PUK2 required\r\n", "the second PIN has no try left");
        await bench.SayAsync("AT+CLCK=\"ZZ\",2\r", "\r\nERROR\r\n");
    }

    [Test]
    public async Task Clients_read_the_files_that_they_need()
    {
        await using var bench = new ModemBench();
        string iccid = Swap(bench.Modem.Identity.Iccid);
        await bench.SayAsync("AT+CRSM=176,12258,0,0,10\r", $"\r\n+CRSM: 144,0,\"{iccid}\"\r\n" + Ok, "ModemManager");
        await bench.SayAsync("AT+CRSM=176,28423,0,0,9\r", "\r\n+CRSM: 144,0,\"080910101032547698\"\r\n" + Ok);
        await bench.SayAsync("AT+CRSM=176,28589,0,0,4\r", "\r\n+CRSM: 144,0,\"00000002\"\r\n" + Ok);
        await bench.SayAsync("AT+CRSM=176,28486,0,0,17\r", "\r\n+CRSM: 144,0,\"0154657374204E6574776F726BFFFFFFFF\"\r\n" + Ok);
        await bench.SayAsync("AT+CRSM=176,28478,0,0,1\r", "\r\n+CRSM: 106,130\r\n" + Ok, "no such file");
        await bench.SayAsync("AT+CRSM=176,12258,0,0,99\r", "\r\n+CRSM: 107,0\r\n" + Ok, "beyond its end");
        await bench.SayAsync("AT+CRSM=192,12258\r", "\r\n+CRSM: 144,0,\"0000000A2FE20400AAFF0101000000\"\r\n" + Ok, "oFono");
        await bench.SayAsync("AT+CRSM=214,28486,0,0,1,\"00\"\r", "\r\n+CRSM: 105,130\r\n" + Ok, "nobody may write it");
        await bench.SayAsync("AT+CSPN?\r", "\r\n+CSPN: \"Test Network\",1\r\n" + Ok);

        static string Swap(string digits) => string.Concat(digits.Chunk(2).Select(pair => $"{pair[1]}{pair[0]}"));
    }

    [TestCase(10, "0020000100", "63C3", Description = "tries that the PIN has left")]
    [TestCase(10, "002C000100", "63CA")]
    [TestCase(14, "A0A40000026F07", "9F0F")]
    [TestCase(14, "A0A40000026FFF", "9404")]
    [TestCase(14, "00A40004022FE2", "610E")]
    [TestCase(10, "00F2000000", "9000")]
    [TestCase(10, "0099000000", "6D00")]
    public async Task The_card_itself_answers(int length, string command, string answer)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync(
            $"AT+CSIM={length},\"{command}\"\r",
            string.Create(CultureInfo.InvariantCulture, $"\r\n+CSIM: {answer.Length},\"{answer}\"\r\n") + Ok);
    }

    [Test]
    public async Task A_file_is_selected_then_read()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CSIM=14,\"A0A40000026F07\";+CSIM=10,\"A0B0000009\"\r", "\r\n+CSIM: 4,\"9F0F\"\r\n\r\n+CSIM: 22,\"0809101010325476989000\"\r\n" + Ok);
        await bench.SayAsync("AT+CSIM=9,\"A0B0000009\"\r", "\r\nERROR\r\n", "the length must be right");
        await bench.SayAsync("AT+CSIM=10,\"A0B000000G\"\r", "\r\nERROR\r\n");
        await bench.ChangeAsync(modem => modem.Sim.State = SimState.Pin);
        await bench.SayAsync("AT+CSIM=10,\"A0B0000009\"\r", "\r\n+CSIM: 4,\"6982\"\r\n" + Ok, "not before the PIN");
        await bench.SayAsync("AT+CSIM=10,\"0020000100\"\r", "\r\n+CSIM: 4,\"63C3\"\r\n" + Ok);
    }

    [Test]
    public void A_password_never_reaches_a_text_of_ours()
    {
        Assert.That(new PdpAuthentication(1, "secret", "name").ToString(), Does.Not.Contain("secret"));
    }
}
