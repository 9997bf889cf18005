namespace Sim7600.Emulator.Tests;

/// <summary>AT+CSSLCFG: every key, to the byte.</summary>
[Parallelizable(ParallelScope.All)]
public class SslCommandTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    [Test]
    public async Task Ten_contexts_are_shown_as_a_real_unit_shows_them()
    {
        await using var bench = new ModemBench();
        string lines = string.Concat(Enumerable.Range(0, 10).Select(context => $"+CSSLCFG: {context},4,0,1,300,\"\",\"\",\"\",0,\"\",0x0\r\n"));
        await bench.SayAsync("AT+CSSLCFG?\r", "\r\n" + lines + Ok);
        await bench.SayAsync("AT+CSSLCFG=3\r", "\r\n+CSSLCFG: 3,4,0,1,300,\"\",\"\",\"\",0,\"\",0x0\r\n" + Ok);
    }

    [TestCase("\"sslversion\",2,0", "2,0,0,1,300,\"\",\"\",\"\",0,\"\",0x0")]
    [TestCase("\"sslversion\",2,3", "2,3,0,1,300,\"\",\"\",\"\",0,\"\",0x0")]
    [TestCase("\"authmode\",2,3", "2,4,3,1,300,\"\",\"\",\"\",0,\"\",0x0")]
    [TestCase("\"ignorelocaltime\",2,0", "2,4,0,0,300,\"\",\"\",\"\",0,\"\",0x0")]
    [TestCase("\"negotiatetime\",2,10", "2,4,0,1,10,\"\",\"\",\"\",0,\"\",0x0")]
    [TestCase("\"cacert\",2,\"emqxsl-ca.pem\"", "2,4,0,1,300,\"emqxsl-ca.pem\",\"\",\"\",0,\"\",0x0", Description = "not in the store: accepted")]
    [TestCase("\"cacert\",2,\"\"", "2,4,0,1,300,\"\",\"\",\"\",0,\"\",0x0")]
    [TestCase("\"clientcert\",2,\"c.der\"", "2,4,0,1,300,\"\",\"c.der\",\"\",0,\"\",0x0")]
    [TestCase("\"clientkey\",2,\"k.pem\"", "2,4,0,1,300,\"\",\"\",\"k.pem\",0,\"\",0x0")]
    [TestCase("\"enableSNI\",2,1", "2,4,0,1,300,\"\",\"\",\"\",1,\"\",0x0")]
    [TestCase("\"keypwd\",2,\"a,b\"", "2,4,0,1,300,\"\",\"\",\"\",0,\"a,b\",0x0")]
    [TestCase("\"ciphersuites\",2,0XFFFF", "2,4,0,1,300,\"\",\"\",\"\",0,\"\",0xFFFF")]
    [TestCase("\"ciphersuites\",2,0x002f", "2,4,0,1,300,\"\",\"\",\"\",0,\"\",0x2F")]
    [TestCase("\"ciphersuites\",2,0xC02F,0xC030", "2,4,0,1,300,\"\",\"\",\"\",0,\"\",0xC02F,0xC030")]
    [TestCase("\"ciphersuites\",2,\"0xC02F,0xC030\"", "2,4,0,1,300,\"\",\"\",\"\",0,\"\",0xC02F,0xC030")]
    public async Task A_key_is_set_and_read_back(string parameters, string shown)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"AT+CSSLCFG={parameters}\r", Ok);
        await bench.SayAsync("AT+CSSLCFG=2\r", $"\r\n+CSSLCFG: {shown}\r\n" + Ok);
        await bench.SayAsync("AT+CSSLCFG=1\r", "\r\n+CSSLCFG: 1,4,0,1,300,\"\",\"\",\"\",0,\"\",0x0\r\n" + Ok, "the others keep theirs");
    }

    [TestCase("\"sslversion\",0,5")]
    [TestCase("\"sslversion\",0,\"4\"")]
    [TestCase("\"sslversion\",0,4\"", Description = "log 006")]
    [TestCase("\"sslversion\",10,4")]
    [TestCase("\"sslversion\",0")]
    [TestCase("\"sslversion\",0,4,1")]
    [TestCase("\"sslversion\",0,")]
    [TestCase("\"authmode\",0,4")]
    [TestCase("\"ignorelocaltime\",0,2")]
    [TestCase("\"negotiatetime\",0,9")]
    [TestCase("\"negotiatetime\",0,301")]
    [TestCase("\"cacert\",0,\"ca.crt\"")]
    [TestCase("\"cacert\",0,\"a.pe\"")]
    [TestCase("\"enableSNI\",0,2")]
    [TestCase("\"ciphersuites\",0,0x10000")]
    [TestCase("\"ciphersuites\",0,\"none\"")]
    [TestCase("\"ciphersuites\",0,\"\"")]
    [TestCase("\"ciphersuites\",0,0xC02F,none")]
    [TestCase("\"nonsense\",0,1")]
    [TestCase("10")]
    [TestCase("\"cacert\"")]
    public async Task What_does_not_fit_is_ERROR_and_changes_nothing(string parameters)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"AT+CSSLCFG={parameters}\r", Error);
        await bench.SayAsync("AT+CSSLCFG=0\r", "\r\n+CSSLCFG: 0,4,0,1,300,\"\",\"\",\"\",0,\"\",0x0\r\n" + Ok);
    }

    [TestCase(128, true)]
    [TestCase(129, false)]
    public async Task A_key_password_has_up_to_128_characters(int length, bool fits)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"AT+CSSLCFG=\"keypwd\",0,\"{new string('p', length)}\"\r", fits ? Ok : Error);
    }

    [Test]
    public async Task The_test_form_lists_keys_and_ranges()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync(
            "AT+CSSLCFG=?\r",
            "\r\n+CSSLCFG: \"sslversion\",(0-9),(0-4)\r\n+CSSLCFG: \"authmode\",(0-9),(0-3)\r\n+CSSLCFG: \"ignorelocaltime\",(0-9),(0,1)\r\n"
            + "+CSSLCFG: \"negotiatetime\",(0-9),(10-300)\r\n+CSSLCFG: \"cacert\",(0-9),(5-128)\r\n+CSSLCFG: \"clientcert\",(0-9),(5-128)\r\n"
            + "+CSSLCFG: \"clientkey\",(0-9),(5-128)\r\n+CSSLCFG: \"enableSNI\",(0-9),(0,1)\r\n+CSSLCFG: \"keypwd\",(0-9),(0-128)\r\n"
            + "+CSSLCFG: \"ciphersuites\",(0-9),(0x0000-0xFFFF)\r\n" + Ok);
    }

    [Test]
    public async Task Firmware_without_SNI_shows_seven_values_and_refuses_the_newer_keys()
    {
        await using var bench = new ModemBench(FirmwareProfiles.Sim7600 with { HasSni = false });
        await bench.SayAsync("AT+CSSLCFG=\"enableSNI\",0,1\r", Error);
        await bench.SayAsync("AT+CSSLCFG=\"ciphersuites\",0,0xFFFF\r", Error);
        await bench.SayAsync("AT+CSSLCFG=\"ciphersuites\",0,1,2\r", Error);
        await bench.SayAsync("AT+CSSLCFG=0\r", "\r\n+CSSLCFG: 0,4,0,1,300,\"\",\"\",\"\"\r\n" + Ok);
    }

    [Test]
    public async Task A_reset_puts_the_contexts_back()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CSSLCFG=\"authmode\",0,1\r", Ok);
        await bench.Modem.ResetAsync();
        await bench.PassAsync(TimeSpan.FromMinutes(1)); // off
        await bench.PassAsync(TimeSpan.FromMinutes(1)); // booted
        await bench.TypeAsync("ATE0\r");
        await bench.SayAsync("AT+CSSLCFG=0\r", "\r\n+CSSLCFG: 0,4,0,1,300,\"\",\"\",\"\",0,\"\",0x0\r\n" + Ok);
    }
}
