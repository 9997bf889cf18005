namespace Sim7600.Emulator.Tests;

/// <summary>Settings of the line: saved, restored, put back, dumped; and who the modem says that it is.</summary>
[Parallelizable(ParallelScope.All)]
public class SettingsTests
{
    private const string Ok = "\r\nOK\r\n";

    [Test]
    public async Task AT_and_V_prints_what_a_real_unit_prints()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("ATE1\r", Ok);
        await bench.TypeAsync("AT+CGDCONT=1,\"IP\",\"jionet\"\r");
        string[] lines = (await bench.TypeAsync("AT&V\r")).Split("\r\n");
        Assert.That(lines[1..23], Is.EqualTo(new[]
        {
            "&C: 2; &D: 0; &E: 1; &F: 0; &S: 0; &W: 0; E: 1; L: 0; M: 0; Q: 0; V: 1;",
            "X: 1; Z: 0; \\Q: 3; \\S: 0; \\V: 0; O: 0; S0: 0; S2: 43; S3: 13; S4: 10;",
            "S5: 8; S6: 2; S7: 0; S8: 2; S9: 6; S10: 14; S11: 95; S30: 0; S103: 1;",
            "S104: 1; +FCLASS: 0; +ICF: 3,3; +IFC: 0,0; +IPR: 115200; +DR: 0;",
            "+DS: 0,0,2048,6; +CMEE: 2; +WS46: 25; +CFUN:; +IPREX: 115200;",
            "+SSIMSTAT: 0; +CBST: 0,0,1;",
            "+CRLP: (61,61,48,6,0),(61,61,48,6,1),(240,240,52,6,2);",
            "+CV120: 1,1,1,0,0,0; +CHSN: 0,0,0,0; +CSSN: 0,0; +CREG: 0; +CGREG: 0;",
            "+CEREG: 0; +CSCS: \"IRA\"; +CSTA: 129; +CR: 0; +CRC: 0;",
            "+CGDCONT: (1,\"IP\",\"jionet\",\"0.0.0.0\",0,0,0,0),(2,\"IPV4V6\",\"ims\",\"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0\",0,0,0,0),(3,\"IPV4V6\",\"SOS\",\"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0\",0,0,0,1);",
            "+CGDSCONT: ; +CGTFT: ; +CGEQREQ: ; +CGEQMIN: ; +CGEQOS: ; +CGQREQ: ;",
            "+CGQMIN: ; +CGEREP: 0,0; +CGDATA: \"PPP\"; +CGCLASS: \"A\"; +CGPIAF: 0,0,0,0;",
            "+CGSMS: 1; +CSMS: 0; +CMGF: 0; +CSAS: 0; +CRES: 0; +CSCA: \"\",;",
            "+CSMP: ,,0,0; +CSDH: 0; +CSCB: 0,\"\",\"\"; +ES: ,,; +ESA: 0,,,,0,0,255,;",
            "+CMOD: 0; +CEMODE: 1; +CVHU: 1; ; ; ; ; ; ; +CSCLK: 0; +CCUART: 0;",
            "+CFGRI: 0,60,120; +CUARTSD: 500; +CURCD: 0; +CUARTLOG: 0; +CUARTRM: 0;",
            "+CFGRIDTM: 60,120; +CATR: 0; +CNMP: 2; +CNRP: 255; +CNAOP: 2; +CNSDP: 2;",
            "+CNSMOD: 0; +CNLSA: 0; +CEXTEPLMN: 1; +CSQFMT: 1; +AUTOCSQ: 0,0;",
            "+CSQDELTA: 5; +CPSI: 0; +CMGSI: 2; +CMGRMI: 4,0; +MONI: 0; +CRUPSI: 0;",
            "+CRUSET: 0; +CGPS: 0,1; +CGPSMSB: 1; +CGPSINFO: 0; +CGPSINFOCFG: 0,0,0;",
            "+CGPSHOR: 50; +CGPSPMD: 65407; +CGPSXD: 0; +CGNSSINFO: 0;",
            "+CSOCKAUTH: 1,0,\"\"; +CGAUTH: 1,0,\"\"; ; +CIPHEAD: 1; +CIPSRIP: 1;",
        }), "transcript 013, but for the format of SMS, which its poster had set");
        Assert.That(lines[23], Does.StartWith("+CIPCCFG: 10,0,0,1,0,0,500; +CIPENSRXGET: 0; +CIPMODE: 0;"));
        Assert.That(lines[^5..], Is.EqualTo(new[] { lines[^5], lines[^4], "", "OK", "" }), "an empty line before OK");
    }

    [Test]
    public async Task AT_and_V_shows_settings_as_they_stand()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CREG=2;+CNMP=54;+CFGRI=1;+CGAUTH=1,1,\"p\",\"u\";+CMEE=1;S7=30\r", Ok);
        string dump = await bench.TypeAsync("AT&V\r");
        Assert.That(dump, Does.Contain("+CREG: 2;").And.Contain("+CNMP: 54;").And.Contain("+CFGRI: 1,60,120;").And.Contain("+CGAUTH: 1,1,\"u\",\"p\";").And.Contain("+CMEE: 1;").And.Contain("S7: 30;"));
    }

    [Test]
    public async Task W_saves_Z_restores_and_F_puts_back()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("ATS7=60S6=9X3&D2&W\r", Ok);
        await bench.SayAsync("ATS7=1S6=4X0&D1+CMEE=1\r", Ok);
        await bench.SayAsync("ATZS7?S6?+CMEE?\r", "\r\n060\r\n\r\n004\r\n\r\n+CMEE: 1\r\n" + Ok, "what is not in the saved set stays");
        await bench.SayAsync("AT+CREG=2;+CGEREP=1;+CTZR=1;+CSCS=\"GSM\";&FE0S7?+CREG?;+CGEREP?;+CTZR?;+CSCS?;+CMEE?\r",
            "\r\n000\r\n\r\n+CREG: 0,1\r\n\r\n+CGEREP: 0,0\r\n\r\n+CTZR: 0\r\n\r\n+CSCS: \"IRA\"\r\n\r\n+CMEE: 2\r\n" + Ok);
        await bench.SayAsync("ATZS7?\r", "\r\n060\r\n" + Ok, "the saved set is still there");
        await bench.SayAsync("AT+CRESET\r", Ok);
        await bench.LiveAsync(TimeSpan.FromMilliseconds(400));
        await bench.SayAsync("ATS7?S6?\r", "\r\n060\r\n\r\n002\r\n" + Ok);
    }

    [Test]
    public async Task Factory_values_move_the_modem_back_to_the_automatic_mode()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CNMP=13\r", Ok);
        await bench.LiveAsync(TimeSpan.FromMilliseconds(100));
        await bench.SayAsync("AT&FE0\r", Ok);
        await bench.LiveAsync(TimeSpan.FromMilliseconds(100));
        await bench.SayAsync("AT+CNMP?;+CNSMOD?\r", "\r\n+CNMP: 2\r\n\r\n+CNSMOD: 0,8\r\n" + Ok);
    }

    [Test]
    public async Task The_dump_and_the_factory_values_reach_other_families()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMGF=1;+CVHU=0\r", Ok);
        Assert.That(await bench.TypeAsync("AT&V\r"), Does.Contain("+CMGF: 1;").And.Contain("+CVHU: 0;"));
        await bench.SayAsync("AT&FE0+CMGF?;+CVHU?\r", "\r\n+CMGF: 0\r\n\r\n+CVHU: 1\r\n" + Ok);
    }

    [TestCase("ATS3?", "013")]
    [TestCase("ATS4?", "010")]
    [TestCase("ATS5?", "008")]
    [TestCase("ATS10?", "014")]
    public async Task Registers_have_the_values_of_real_units(string command, string value)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"{command}\r", $"\r\n{value}\r\n" + Ok);
        await bench.SayAsync("AT\\Q0\\V1&E0L1M2X2\r", Ok);
    }

    [Test]
    public async Task Lines_that_some_firmware_has_are_part_of_the_identity()
    {
        var profile = FirmwareProfiles.Sim7600 with
        {
            Identity = new ModemIdentity
            {
                Svn = "01",
                DeviceInfo = "173,170",
                Gcap = "+CGSM,+DS,+ES",
                SecondRevision = "B",
                SecondBuild = "SIM7600M22_B03V02_200828",
                SubVersion = ["B05V01"],
            },
        };
        await using var bench = new ModemBench(profile);
        await bench.SayAsync("ATI\r", "\r\nManufacturer: SIMCOM INCORPORATED\r\nModel: SIMCOM_SIM7600E-H\r\nRevision: SIM7600M22_V1.1\r\nRevision: B\r\nSVN: 01\r\nIMEI: 004401083750006\r\n+GCAP: +CGSM,+DS,+ES\r\n" + Ok);
        await bench.SayAsync("AT+SIMCOMATI\r", "\r\nManufacturer: SIMCOM INCORPORATED\r\nModel: SIMCOM_SIM7600E-H\r\nRevision: LE20B04SIM7600M22\r\nSIM7600M22_B03V02_200828\r\nQCN: \r\nIMEI: 004401083750006\r\nMEID: \r\n+GCAP: +CGSM,+DS,+ES\r\nDeviceInfo: 173,170\r\n" + Ok);
        await bench.SayAsync("AT+GCAP;+CSUB;+SIMEI?\r", "\r\n+GCAP: +CGSM,+DS,+ES\r\n\r\n+CSUB: B05V01\r\n\r\n+SIMEI: 004401083750006\r\n" + Ok);
    }
}
