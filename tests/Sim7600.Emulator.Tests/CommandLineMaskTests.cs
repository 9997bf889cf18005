using System.Text;
using CsCheck;
using Sim7600.Emulator.Line;

namespace Sim7600.Emulator.Tests;

/// <summary>What of typed lines may be shown: everything that looks as declared, and no secret, however it was typed.</summary>
[Parallelizable(ParallelScope.All)]
public class CommandLineMaskTests
{
    [TestCase("AT\r")]
    [TestCase("ATE0\r\n")]
    [TestCase("at+cmee=2;+csq;+creg?\r")]
    [TestCase("ATE0V1;+CMEE=2\r")]
    [TestCase("AT&FS0=0S3?\r")]
    [TestCase("ATD+1234567;\r")]
    [TestCase("A/")]
    [TestCase("+++\r")]
    [TestCase("AT+CGDCONT=1,\"IP\",\"internet\"\r")]
    [TestCase("AT+CMQTTPUB=0,1,60\rAT+CMQTTSUB=0,9,1\r")]
    [TestCase("AT+CMQTTACCQ=0,dev-1,1\r")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://h:1883\",60,1\r")]
    [TestCase("AT+CMQTTCONNECT=?\rAT+CMQTTCONNECT?\r")]
    [TestCase("AT+CPIN?\rAT+CLCK=\"SC\",2\r")]
    [TestCase("AT+CSSLCFG=\"cacert\",0,\"ca.pem\"\r")]
    [TestCase("AT+CSSLCFG=\"ciphersuites\",0,0x2F,0xC02F\r")]
    [TestCase("AT+CCERTDOWN=\"key.pem\",1700\r")]
    [TestCase("AT+HTTPPARA=\"URL\",\"http://h/a,b\"\r")]
    [TestCase("AT+HTTPPARA=\"URL\",\"http://h:8080/a:b\"\r")]
    [TestCase("AT+CMQTTCONNECT=0,tcp://h:1883,60,1\r")]
    public async Task What_looks_as_declared_is_shown(string typed) => Assert.That(await ShowAsync(typed), Is.EqualTo(typed));

    [TestCase("AT+CMQTTCONNECT=0,\"tcp://h:1883\",60,1,\"user\",\"pass\"\r", "AT+CMQTTCONNECT=0,\"tcp://h:1883\",60,1,*************\r")]
    [TestCase("at+cmqttconnect = 0,tcp://h,60,1,user,pass\r", "at+cmqttconnect = 0,tcp://h,60,1,*********\r")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://h,60,1,\"user\",\"pass\"\r", "AT+CMQTTCONNECT=0,\"tcp://h,60,1,*************\r", Description = "a quote is missing")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://h\",\"user\",\"pass\"\r", "AT+CMQTTCONNECT=0,\"tcp://h\",\"************\r", Description = "two numbers are missing")]
    [TestCase("AT+CMQTTCONNECT0,\"tcp://h\",60,1,\"u\",\"pass\"\r", "AT+CMQTTCONNECT***************************\r", Description = "the equals sign is missing")]
    [TestCase("AT+CMQTTCONECT=0,\"u\",\"pass\"\r", "AT+CMQTTCONECT=************\r", Description = "nobody knows this command")]
    [TestCase("AT+HTTPPARA=\"URL\",\"http://user:pass@h/\"\r", "AT+HTTPPARA=\"URL\",\"http://user:********\r")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://user:123456@h:1883\",60,1\r", "AT+CMQTTCONNECT=0,\"tcp://user:12345**************\r", Description = "a port has five digits")]
    [TestCase("AT+HTTPPARA=\"URL\",\"http://h/a?key=d\"\r", "AT+HTTPPARA=\"URL\",\"http://h/a?******\r")]
    [TestCase("AT+CUSD=1,\"**04*4711*8265*8265#\",15\r", "AT+CUSD=1,*************************\r")]
    [TestCase("AT+CPIN=1234\r", "AT+CPIN=****\r")]
    [TestCase("At+CpIn=\"1234\"\r", "At+CpIn=******\r")]
    [TestCase("AT+CPIX\bN=1234\r", "AT+CPIX\bN=****\r", Description = "corrected while typing")]
    [TestCase("AT+CPIN =1234,5678\r", "AT+CPIN =*********\r")]
    [TestCase("AT+CMEE=2;+CPIN=1234\r", "AT+CMEE=2;+CPIN=****\r")]
    [TestCase("AT+CMEE=2AT+CPIN=1234\r", "AT+CMEE=2************\r", Description = "the CR between two lines was lost")]
    [TestCase("AT+CMQTTACCQ=0,devAT+CPIN=1234\r", "AT+CMQTTACCQ=0,devAT**********\r")]
    [TestCase("AT CPIN=1234\r", "AT *********\r")]
    [TestCase("CPIN=1234\r", "*********\r")]
    [TestCase("AT+CLCK=\"SC\",1,\"1234\"\r", "AT+CLCK=\"SC\",1,******\r")]
    [TestCase("AT+CLCK=\"SC\",1234\r", "AT+CLCK=\"SC\",1***\r")]
    [TestCase("AT+CPWD=\"SC\",\"1234\",\"5678\"\r", "AT+CPWD=\"SC\",*************\r")]
    [TestCase("AT+CGAUTH=1,1,\"pass\",\"user\"\r", "AT+CGAUTH=1,1,*************\r")]
    [TestCase("AT+CSOCKAUTH=1,1,\"pass\",\"user\"\r", "AT+CSOCKAUTH=1,1,*************\r")]
    [TestCase("AT+CSSLCFG=\"keypwd\",0,\"pass\"\r", "AT+CSSLCFG=\"keypwd\",0,******\r")]
    [TestCase("AT+CSSLCFG=\"keypw\",0,\"pass\"\r", "AT+CSSLCFG=\"keypw\",0,******\r", Description = "a misspelt key")]
    [TestCase("AT+CSIM=26,\"0020000108313233\"\r", "AT+CSIM=26,******************\r")]
    [TestCase("AT+HTTPPARA=\"USERDATA\",\"Authorization: x\"\r", "AT+HTTPPARA=\"USERDATA\",******************\r")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nMIIE\n", "-----**********************\n****\n")]
    public async Task What_is_secret_or_not_as_declared_is_not(string typed, string shown) => Assert.That(await ShowAsync(typed), Is.EqualTo(shown));

    [TestCase("+CMQTTCONNECT: 0,\"tcp://h:1883\",60,1,\"user\",\"pass\"", "+CMQTTCONNECT: 0,\"tcp://h:1883\",60,1,****")]
    [TestCase("+CMQTTCONNECT: 0,\"tcp://h:1883\",60,1", "+CMQTTCONNECT: 0,\"tcp://h:1883\",60,1")]
    [TestCase("+CGAUTH: 1,1,\"user\",\"pass\"", "+CGAUTH: 1,1,****")]
    [TestCase("+CSSLCFG: 0,3,2,0,120,\"ca\",\"c\",\"k\",1,\"pass\",0x2F", "+CSSLCFG: 0,3,2,0,120,\"ca\",\"c\",\"k\",****")]
    [TestCase("+CGPSXD: 0; +CGAUTH: 1,1,\"user\",\"pass\"; +CIPHEAD: 1;", "+CGPSXD: 0; +CGAUTH: 1,1,****")]
    [TestCase("+CPIN: READY", "+CPIN: READY")]
    public async Task An_answer_is_shown_up_to_its_secret(string line, string shown)
    {
        await using var bench = new ModemBench();
        int count = new CommandLineMask(bench.Modem.Commands).CountShownOfAnswer(line);
        Assert.That(count == line.Length ? line : $"{line[..count]}****", Is.EqualTo(shown));
    }

    [Test]
    public async Task The_pieces_in_which_a_line_comes_change_nothing()
    {
        await using var bench = new ModemBench();
        Gen<string> part = Gen.OneOf(((string[])["AT", "at", "+CPIN", "+CMQTTCONNECT", "+CSSLCFG", "+CMEE", "=", "?", "\"keypwd\"", "\"", ",", ";", " ", "0", "12", "user", "\b", "\r", "\n", "\0", "é", "D", "S3", "&F"]).Select(each => Gen.Const(each)).ToArray());
        part.Array[0, 20].Select(parts => string.Concat(parts)).Sample(typed =>
        {
            byte[] bytes = Encoding.Latin1.GetBytes(typed);
            var whole = new CommandLineMask(bench.Modem.Commands);
            var pieces = new CommandLineMask(bench.Modem.Commands);
            byte[] shown = Show(whole, bytes);
            return shown.Length == bytes.Length && shown.SequenceEqual(bytes.SelectMany(each => Show(pieces, [each])))
                && shown.Zip(bytes).All(pair => pair.First == pair.Second || pair.First == '*');
        });
    }

    [Test]
    public async Task A_line_without_end_is_not_kept()
    {
        await using var bench = new ModemBench();
        byte[] shown = Show(new CommandLineMask(bench.Modem.Commands), Encoding.ASCII.GetBytes("AT+CGDCONT=1,\"IP\",\"" + new string('x', 10_000)));
        Assert.That(Encoding.ASCII.GetString(shown), Does.Match("x{100}\\*+$"));
    }

    private static async Task<string> ShowAsync(string typed)
    {
        await using var bench = new ModemBench();
        return Encoding.Latin1.GetString(Show(new CommandLineMask(bench.Modem.Commands), Encoding.Latin1.GetBytes(typed)));
    }

    private static byte[] Show(CommandLineMask mask, byte[] typed) => CommandLineMask.WithStars(typed, mask.Hide(typed));
}
