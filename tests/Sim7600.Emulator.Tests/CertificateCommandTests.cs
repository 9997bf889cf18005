namespace Sim7600.Emulator.Tests;

/// <summary>AT+CCERTDOWN, AT+CCERTLIST and AT+CCERTDELE, to the byte.</summary>
[Parallelizable(ParallelScope.All)]
public class CertificateCommandTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    [Test]
    public async Task Files_are_loaded_listed_overwritten_and_deleted()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CCERTLIST\r", Ok, "an empty list is just OK (log 010)");
        await LoadAsync(bench, "cacert.pem", "first");
        await LoadAsync(bench, "clientkey.der", "\0\r\nOK\r\n>\u00FF");
        await LoadAsync(bench, "cacert.pem", "second");
        await bench.SayAsync("at+ccertlist\r", "\r\n+CCERTLIST: \"cacert.pem\"\r\n+CCERTLIST: \"clientkey.der\"\r\n" + Ok);
        await bench.SayAsync("AT+CCERTDELE=\"cacert.pem\"\r", Ok);
        await bench.SayAsync("AT+CCERTDELE=\"cacert.pem\"\r", Error, "it is gone");
        await bench.SayAsync("AT+CCERTLIST\r", "\r\n+CCERTLIST: \"clientkey.der\"\r\n" + Ok);
    }

    [Test]
    public async Task Every_byte_is_counted_into_the_file()
    {
        await using var bench = new ModemBench();
        string all = string.Concat(Enumerable.Range(0, 10240).Select(value => (char)(value & 0xFF)));
        await LoadAsync(bench, "all.pem", all);
        byte[]? content = null;
        bench.Modem.Post(() => content = bench.Modem.Certificates.Find("all.pem"));
        await bench.PrintedAsync();
        Assert.That(content, Is.EqualTo(all.Select(value => (byte)value)));
    }

    [TestCase("AT+CCERTDOWN=\"a.pe\",10", Description = "4 bytes")]
    [TestCase("AT+CCERTDOWN=\"cacert.txt\",10")]
    [TestCase("AT+CCERTDOWN=\"cacertpem\",10")]
    [TestCase("AT+CCERTDOWN=\"CACERT.PEM\",10", Description = "the endings are written in small letters")]
    [TestCase("AT+CCERTDOWN=\"cacert.pem\",0")]
    [TestCase("AT+CCERTDOWN=\"cacert.pem\",10241")]
    [TestCase("AT+CCERTDOWN=\"cacert.pem\",-1")]
    [TestCase("AT+CCERTDOWN=\"cacert.pem\",\"10\"")]
    [TestCase("AT+CCERTDOWN=\"cacert.pem\"")]
    [TestCase("AT+CCERTDOWN=\"cacert.pem,10")]
    [TestCase("AT+CCERTDOWN=cacert.pem\",10")]
    [TestCase("AT+CCERTDOWN")]
    [TestCase("AT+CCERTDOWN?")]
    [TestCase("AT+CCERTLIST?")]
    [TestCase("AT+CCERTDELE=\"nobody.pem\"")]
    [TestCase("AT+CCERTDELE")]
    public async Task What_does_not_fit_is_ERROR_and_stores_nothing(string command)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"{command}\r", Error);
        await bench.SayAsync("AT+CCERTLIST\r", Ok);
    }

    [TestCase(5, true)]
    [TestCase(128, true)]
    [TestCase(129, false)]
    public async Task A_name_has_5_to_128_bytes(int length, bool fits)
    {
        await using var bench = new ModemBench();
        string name = new string('n', length - 4) + ".der";
        await bench.SayAsync($"AT+CCERTDOWN=\"{name}\",1\r", fits ? "\r\n>" : Error);
        if (fits)
        {
            await bench.SayAsync("x", Ok);
        }
    }

    [TestCase("AT+CCERTDOWN=?", "\r\n+CCERTDOWN: (5-128),(1-10240)\r\n\r\nOK\r\n")]
    [TestCase("AT+CCERTLIST=?", "\r\nOK\r\n")]
    [TestCase("AT+CCERTDELE=?", "\r\n+CCERTDELE: (5-128)\r\n\r\nOK\r\n")]
    public async Task Test_forms(string command, string answer)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"{command}\r", answer);
    }

    [Test]
    public async Task The_store_survives_a_reset_and_a_half_upload_does_not()
    {
        await using var bench = new ModemBench();
        await LoadAsync(bench, "cacert.pem", "text");
        await bench.SayAsync("AT+CCERTDOWN=\"half.pem\",10\r", "\r\n>");
        await bench.TypeAsync("half");
        await bench.Modem.ResetAsync();
        await bench.PassAsync(TimeSpan.FromMinutes(1)); // off
        await bench.PassAsync(TimeSpan.FromMinutes(1)); // booted
        await bench.TypeAsync("ATE0\r");
        await bench.SayAsync("AT+CCERTLIST\r", "\r\n+CCERTLIST: \"cacert.pem\"\r\n" + Ok);
    }

    private static async Task LoadAsync(ModemBench bench, string name, string content)
    {
        await bench.SayAsync($"AT+CCERTDOWN=\"{name}\",{content.Length}\r", "\r\n>");
        await bench.SayAsync(content, Ok);
    }
}
