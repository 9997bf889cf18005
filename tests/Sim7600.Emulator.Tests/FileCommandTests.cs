namespace Sim7600.Emulator.Tests;

/// <summary>Files of the module.</summary>
[Parallelizable(ParallelScope.All)]
public class FileCommandTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    [Test]
    public async Task Files_are_written_listed_read_renamed_and_deleted()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+FSCD?\r", "\r\n+FSCD: C:/\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+FSMKDIR=logs\r", Ok);
        await bench.SayAsync("AT+FSMKDIR=logs\r", Error, "it is there");
        await bench.SayAsync("AT+FSCD=C:/logs\r", "\r\n+FSCD: C:/logs/\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CFTRANRX=\"c:/logs/a.txt\",5\r", "\r\n>");
        await bench.SayAsync("hello", Ok);
        await bench.SayAsync("AT+FSLS\r", "\r\n+FSLS: SUBDIRECTORIES:\r\n\r\n+FSLS: FILES:\r\na.txt\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+FSLS?\r", "\r\n+FSLS: SUBDIRECTORIES:0,FILES:1\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CFTRANTX=\"c:/logs/a.txt\",1,3\r", "\r\n+CFTRANTX: DATA,3\r\nell\r\n\r\n+CFTRANTX: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+FSMEM\r", "\r\n+FSMEM: C:(11348480, 5)\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+FSRENAME=a.txt,b.txt\r", Ok);
        await bench.SayAsync("AT+CFTRANTX=\"c:/logs/a.txt\"\r", Error);
        await bench.SayAsync("AT+FSCD=..\r", "\r\n+FSCD: C:/\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+FSLS=1\r", "\r\n+FSLS: SUBDIRECTORIES:\r\nlogs\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+FSRMDIR=logs\r", Error, "not empty");
        await bench.SayAsync("AT+FSDEL=C:/logs/b.txt\r", Ok);
        await bench.SayAsync("AT+FSRMDIR=logs\r", Ok);
    }

    [TestCase("AT+FSCD=E:/\r", Description = "no such drive")]
    [TestCase("AT+FSCD=nowhere\r")]
    [TestCase("AT+FSDEL=nothing\r")]
    [TestCase("AT+FSATTRI=nothing\r")]
    [TestCase("AT+FSRMDIR=C:/\r")]
    [TestCase("AT+FSMKDIR=C:/no/such\r")]
    [TestCase("AT+FSRENAME=a,b\r")]
    public async Task What_is_not_there_is_an_error(string typed)
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync(typed), Is.EqualTo(Error));
    }
}
