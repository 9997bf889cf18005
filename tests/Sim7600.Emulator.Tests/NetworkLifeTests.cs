using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Tests;

/// <summary>Operators, technologies, signal and their reports while the modem lives.</summary>
[Parallelizable(ParallelScope.All)]
public class NetworkLifeTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string MqttLost = "\r\n+CMQTTCONNLOST: 0,3\r\n\r\n+CMQTTNONET\r\n";
    private static readonly TimeSpan Search = TimeSpan.FromMilliseconds(100);

    [Test]
    public async Task COPS_2_leaves_the_network_and_COPS_0_looks_for_it_again()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CREG=1;+CNSMOD=1;+CGEREP=1\r", Ok);
        await bench.SayAsync("AT+COPS=2\r", Ok + "\r\n+CREG: 0\r\n\r\n+CNSMOD: 0\r\n\r\n+CGEV: ME DETACH\r\n" + MqttLost);
        await bench.SayAsync("AT+COPS?;+CGATT?;+CSQ\r", "\r\n+COPS: 2\r\n\r\n+CGATT: 0\r\n\r\n+CSQ: 99,99\r\n" + Ok);
        await bench.SayAsync("AT+COPS=0\r", Ok + "\r\n+CREG: 2\r\n");
        Assert.That(await bench.LiveAsync(Search), Is.EqualTo("\r\n+CREG: 1\r\n\r\n+CNSMOD: 8\r\n"));
        await bench.SayAsync("AT+COPS?;+CGATT?\r", "\r\n+COPS: 0,0,\"Test Network\",7\r\n\r\n+CGATT: 1\r\n" + Ok);
    }

    [Test]
    public async Task The_operator_is_shown_in_the_format_and_the_character_set_that_were_chosen()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+COPS=3,1;+COPS?\r", "\r\n+COPS: 0,1,\"TestNet\",7\r\n" + Ok);
        await bench.SayAsync("AT+COPS=3,2;+COPS?\r", "\r\n+COPS: 0,2,\"00101\",7\r\n" + Ok);
        await bench.SayAsync("AT+CSCS=\"UCS2\";+COPS=3,1;+COPS?\r", "\r\n+COPS: 0,1,\"0054006500730074004E00650074\",7\r\n" + Ok);
        await bench.SayAsync("AT+COPS=3\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+COPS=1,2,\"00101\"\r", Ok);
        await bench.SayAsync("AT+COPS?\r", "\r\n+COPS: 1,2,\"00101\",7\r\n" + Ok);
        await bench.SayAsync("AT+COPS=1,2,\"00102\"\r", "\r\n+CME ERROR: network not allowed - emergency calls only\r\n");
        await bench.SayAsync("AT+COPS=1,2,\"99999\"\r", "\r\n+CME ERROR: no network service\r\n");
        await bench.SayAsync("AT+COPS=4,2,\"99999\";+COPS?\r", "\r\n+COPS: 0,2,\"00101\",7\r\n" + Ok, "manual, else automatic");
    }

    [Test]
    public async Task A_scan_of_operators_takes_its_time()
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync("AT+COPS=?\r"), Is.Empty);
        Assert.That(await bench.PassAsync(TimeSpan.FromMilliseconds(299)), Is.Empty);
        Assert.That(
            await bench.PassAsync(TimeSpan.FromMilliseconds(1)),
            Is.EqualTo("\r\n+COPS: (2,\"Test Network\",\"TestNet\",\"00101\",7),(3,\"Other Network\",\"OtherNet\",\"00102\",7),,(0,1,2,3,4,5),(0,1,2)\r\n" + Ok));
    }

    [Test]
    public async Task Any_input_ends_a_scan()
    {
        await using var bench = new ModemBench();
        await bench.TypeAsync("AT+COPS=?\r");
        await bench.SayAsync("AT\r", "\r\nERROR\r\n" + Ok);
        Assert.That(await bench.LiveAsync(TimeSpan.FromMilliseconds(500)), Is.Empty, "the list never comes");
    }

    [TestCase(13, "GSM,Online,001-01,0x0001,53249,27 EGSM 900,-65,2110,42-42", 1, 0)]
    [TestCase(14, "WCDMA,Online,001-01,0x0001,27447297,WCDMA 900,392,3037,0,5.0,65,26,30,500", 4, 2)]
    public async Task CNMP_moves_the_modem_to_another_technology_and_is_kept(int mode, string system, int systemMode, int technology)
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CREG=1;+CEREG=1\r", Ok);
        await bench.SayAsync($"AT+CNMP={mode}\r", Ok + "\r\n+CREG: 2\r\n\r\n+CEREG: 2\r\n" + MqttLost);
        Assert.That(await bench.LiveAsync(Search), Is.EqualTo("\r\n+CREG: 1\r\n\r\n+CEREG: 4\r\n"), "CEREG knows LTE only");
        await bench.SayAsync("AT+CPSI?\r", $"\r\n+CPSI: {system}\r\n" + Ok);
        await bench.SayAsync("AT+CNSMOD?;+COPS?\r", $"\r\n+CNSMOD: 0,{systemMode}\r\n\r\n+COPS: 0,0,\"Test Network\",{technology}\r\n" + Ok);
        await bench.SayAsync("AT+CRESET\r", Ok);
        await bench.LiveAsync(TimeSpan.FromMilliseconds(400));
        Assert.That(await bench.TypeAsync("AT+CNMP?\r"), Does.EndWith($"\r\n+CNMP: {mode}\r\n" + Ok));
    }

    [Test]
    public async Task A_mode_whose_technology_is_not_there_leaves_the_modem_searching()
    {
        await using var bench = new ModemBench();
        await bench.ChangeAsync(modem => modem.Network.Technologies.Remove(RadioTechnology.Lte));
        await bench.SayAsync("AT+CNMP=38\r", Ok);
        await bench.LiveAsync(Search);
        await bench.SayAsync("AT+CREG?;+CSQ;+CPSI?\r", "\r\n+CREG: 0,2\r\n\r\n+CSQ: 99,99\r\n\r\n+CPSI: NO SERVICE,Online\r\n" + Ok);
        await bench.SayAsync("AT+CNMP=9\r", "\r\nERROR\r\n", "no CDMA in this module");
        await bench.SayAsync("AT+CNMP=3\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+WS46=25\r", Ok);
        await bench.LiveAsync(Search);
        await bench.SayAsync("AT+CREG?;+CNMP?;+WS46?\r", "\r\n+CREG: 0,1\r\n\r\n+CNMP: 2\r\n\r\n+WS46: 25\r\n" + Ok);
    }

    [Test]
    public async Task Bands_and_order_of_technologies_count()
    {
        await using var bench = new ModemBench();
        string lte = new('0', 52);
        await bench.SayAsync("AT+CNBP?\r", $"\r\n+CNBP: 0x0002000004400380,0x{lte}01A0000800D5,0x000000000000003F\r\n" + Ok);
        await bench.SayAsync("AT+CNBP=0x0002000004400380,0x1\r", Ok, "LTE band 1 only, and the cell is on 20");
        await bench.LiveAsync(Search);
        await bench.SayAsync("AT+CNSMOD?\r", "\r\n+CNSMOD: 0,4\r\n" + Ok);
        await bench.SayAsync("AT+CNBP?\r", $"\r\n+CNBP: 0x0002000004400380,0x{lte}000000000001,0x000000000000003F\r\n" + Ok);
        await bench.SayAsync("AT+CNAOP=7,3,5,9\r", Ok);
        await bench.LiveAsync(Search);
        await bench.SayAsync("AT+CNSMOD?;+CNAOP?\r", "\r\n+CNSMOD: 0,1\r\n\r\n+CNAOP: 7,3,5,9\r\n" + Ok);
        await bench.SayAsync("AT+CNBP=380\r", "\r\nERROR\r\n");
        await bench.SayAsync("AT+CNBP=0x10000000000000000\r", "\r\nERROR\r\n");
    }

    [Test]
    public async Task CNSMOD_has_no_bare_form()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CNSMOD\r", "\r\nERROR\r\n");
    }

    [Test]
    public async Task AUTOCSQ_reports_every_five_seconds_or_on_change()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+AUTOCSQ=1\r", Ok);
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(11), TimeSpan.FromMilliseconds(500)), Is.EqualTo("\r\n+CSQ: 24,99\r\n\r\n+CSQ: 24,99\r\n"));
        await bench.SayAsync("AT+AUTOCSQ=1,1\r", Ok);
        await bench.Modem.SetSignalAsync(20);
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(11), TimeSpan.FromMilliseconds(500)), Is.Empty, "a change of four is not worth it");
        await bench.Modem.SetSignalAsync(19);
        await bench.ExpectAsync("\r\n+CSQ: 19,99\r\n");
        await bench.SayAsync("AT+CSQDELTA=1\r", Ok);
        await bench.Modem.SetSignalAsync(18);
        await bench.ExpectAsync("\r\n+CSQ: 18,99\r\n");
        await bench.Modem.SetNetworkAsync(NetworkState.None);
        await bench.ExpectAsync("\r\n+CSQ: 99,99\r\n");
        await bench.SayAsync("AT+AUTOCSQ=0;+AUTOCSQ?\r", "\r\n+AUTOCSQ: 0,1\r\n" + Ok);
    }

    [Test]
    public async Task CPSI_reports_periodically_until_told_otherwise()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CPSI=2\r", Ok);
        string line = "\r\n+CPSI: LTE,Online,001-01,0x0001,27447297,237,EUTRAN-BAND20,6300,3,3,-94,-930,-650,13\r\n";
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500)), Is.EqualTo(line + line));
        await bench.SayAsync("AT+CPSI=0\r", Ok);
        Assert.That(await bench.LiveAsync(TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500)), Is.Empty);
    }

    [Test]
    public async Task The_network_gives_and_takes()
    {
        await using var bench = new ModemBench();
        await bench.ConnectAsync();
        await bench.SayAsync("AT+CREG=2;+CGEREP=2\r", Ok);
        await bench.Modem.SetNetworkAsync(NetworkState.Denied);
        await bench.ExpectAsync("\r\n+CREG: 3\r\n\r\n+CGEV: NW DETACH\r\n" + MqttLost);
        await bench.Modem.SetNetworkAsync(NetworkState.Roaming);
        await bench.ExpectAsync("\r\n+CREG: 5,0001,1A2D001\r\n");
        Assert.That(
            await bench.ChangeAsync(modem =>
            {
                modem.Network.CellId = 0xFFFFFFF;
                modem.Network.Tac = 0xFFFF;
                modem.RefreshRegistration();
            }),
            Is.EqualTo("\r\n+CREG: 5,FFFF,FFFFFFF\r\n"),
            "another cell is news in mode 2");
        await bench.SayAsync("AT+CREG?\r", "\r\n+CREG: 2,5,FFFF,FFFFFFF\r\n" + Ok, "transcript 086 prints it so");
    }
}
