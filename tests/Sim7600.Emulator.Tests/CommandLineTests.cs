using CsCheck;

namespace Sim7600.Emulator.Tests;

/// <summary>The command line as V.250 and real units have it: echo, line ends, joined commands, bad input.</summary>
[Parallelizable(ParallelScope.All)]
public class CommandLineTests
{
    [TestCase("AT\r", "AT\r\r\nOK\r\n", Description = "echo is the command and one CR (transcript 141)")]
    [TestCase("AT\r\n", "AT\r\r\nOK\r\n", Description = "the LF after CR is not echoed")]
    [TestCase("ATE0\r\n", "ATE0\r\r\nOK\r\n", Description = "the line that ends echo is still echoed: 11 bytes")]
    [TestCase("at+csq\r", "at+csq\r\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
    public async Task With_echo_the_line_comes_back_up_to_its_CR(string typed, string printed)
    {
        await using var bench = new ModemBench(echo: true);
        Assert.That(await bench.TypeAsync(typed), Is.EqualTo(printed));
    }

    [TestCase("AT\r", "\r\nOK\r\n")]
    [TestCase("AT\n", "\r\nOK\r\n", Description = "a lone LF ends a line too")]
    [TestCase("\r\n\r\n\r", "", Description = "empty lines say nothing")]
    [TestCase("\u001b\r", "", Description = "a lone ESC is what gammu starts with")]
    [TestCase("\u001aAT\r", "\r\nOK\r\n", Description = "junk before AT costs nothing")]
    [TestCase("+++AT\r", "\r\nOK\r\n")]
    [TestCase("A\0T\0\r", "\r\nOK\r\n", Description = "NULs are ignored")]
    [TestCase("ATX\b\r", "\r\nOK\r\n", Description = "backspace takes a character back")]
    [TestCase("hello\r", "\r\nERROR\r\n")]
    [TestCase("PATIENCE\r", "\r\nERROR\r\n", Description = "AT in the middle of a word is no command")]
    [TestCase("AT+NOSUCH\r", "\r\nERROR\r\n")]
    [TestCase("AT+NOSUCH=1,\"x\"\r", "\r\nERROR\r\n")]
    [TestCase("AT+CREG=3\r", "\r\nERROR\r\n", Description = "out of range: bare ERROR whatever CMEE is")]
    [TestCase("AT+CREG=1,2\r", "\r\nERROR\r\n", Description = "too many parameters")]
    [TestCase("AT+CREG=\"1\r", "\r\nERROR\r\n", Description = "a quote that never closes")]
    [TestCase("AT+CREG?5\r", "\r\nERROR\r\n")]
    [TestCase("AT+CREG=?\r", "\r\n+CREG: (0-2)\r\n\r\nOK\r\n")]
    [TestCase("AT+CREG? \r", "\r\n+CREG: 0,1\r\n\r\nOK\r\n", Description = "a blank behind is accepted")]
    [TestCase("AT+ CREG?\r", "\r\nERROR\r\n", Description = "a blank behind the plus is not, on a SIM7600G-H")]
    [TestCase("AT+CMEE=1;+CREG=2\r", "\r\nOK\r\n", Description = "smstools joins so")]
    [TestCase("AT+CMEE?;+CREG?\r", "\r\n+CMEE: 2\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n")]
    [TestCase("AT+CREG?;+NOSUCH;+CMEE?\r", "\r\n+CREG: 0,1\r\n\r\nERROR\r\n", Description = "the first failure ends the line")]
    [TestCase("ATQ0 V1 E0 S0=0 &C1 &D2 +CMEE=2\r", "\r\nOK\r\n", Description = "wvdial strings them so")]
    [TestCase("AT S7=45 S0=0 L1 V1 X4 &c1 E0 Q0\r", "\r\nOK\r\n", Description = "Device::Gsm's first line")]
    [TestCase("ATS0?\r", "\r\n000\r\n\r\nOK\r\n")]
    [TestCase("ATE7\r", "\r\nERROR\r\n")]
    [TestCase("ATV0\r", "0\r", Description = "digits, without CR LF before")]
    [TestCase("ATV0+CREG?\r", "+CREG: 0,1\r\n0\r")]
    [TestCase("ATQ1\r", "", Description = "quiet: no final result")]
    [TestCase("ATE0\rA/", "\r\nOK\r\n\r\nOK\r\n", Description = "A/ repeats without CR")]
    [TestCase("AT+CGSN=?\r", "\r\nOK\r\n")]
    public async Task A_line_gets_its_answer(string typed, string printed)
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync(typed), Is.EqualTo(printed));
    }

    [Test]
    public async Task A_line_may_have_559_characters_after_AT_and_no_more()
    {
        await using var bench = new ModemBench();
        string longest = "+CREG?" + new string(' ', 559 - 6);
        Assert.That(await bench.TypeAsync($"AT{longest}\r"), Is.EqualTo("\r\n+CREG: 0,1\r\n\r\nOK\r\n"));
        Assert.That(await bench.TypeAsync($"AT{longest} \r"), Is.EqualTo("\r\nERROR\r\n"));
        Assert.That(await bench.TypeAsync($"AT{new string('x', 100_000)}\r"), Does.StartWith("\r\nERROR\r\n"));
        Assert.That(await bench.TypeAsync("AT\r"), Is.EqualTo("\r\nOK\r\n"), "the session goes on");
    }

    [Test]
    public async Task More_than_39_joined_commands_run_none()
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync($"AT{string.Concat(Enumerable.Repeat("V1", 39))}\r"), Is.EqualTo("\r\nOK\r\n"));
        Assert.That(await bench.TypeAsync($"ATV0{string.Concat(Enumerable.Repeat("V1", 39))}\r"), Is.EqualTo("\r\nERROR\r\n"));
    }

    [Test]
    public async Task Byte_by_byte_and_whole_give_the_same_bytes()
    {
        const string Session = "ATI\rAT+CMEE=2;+CREG?\r\nAT+CPIN?\rhello\rAT+COPS?\r";
        await using var whole = new ModemBench(echo: true);
        await using var single = new ModemBench(echo: true);
        string expected = await whole.TypeAsync(Session);
        string printed = "";
        foreach (char each in Session)
        {
            printed += await single.TypeAsync(each.ToString());
        }

        Assert.That(printed, Is.EqualTo(expected));
        Assert.That(expected, Does.Contain("+CPIN: READY"));
    }

    [Test]
    public async Task Unknown_commands_are_counted()
    {
        await using var bench = new ModemBench();
        await bench.TypeAsync("AT+SYNCML=?\rAT+SYNCML=?\rAT$TSSPCSW=?\r");
        Assert.That(await bench.Modem.GetUnknownCommandsAsync(), Is.EquivalentTo(new Dictionary<string, int> { ["+SYNCML"] = 2, ["$TSSPCSW"] = 1 }));
    }

    [Test]
    public async Task Every_declared_command_answers_its_test_form()
    {
        await using var bench = new ModemBench();
        foreach (string name in bench.Modem.Commands.All.Select(command => command.Name).Where(name => name[0] == '+'))
        {
            string answer = await bench.TypeAsync($"AT{name}=?\r");
            Assert.That(answer.Length > 0 ? answer : await bench.PassAsync(TimeSpan.FromSeconds(1)), Does.EndWith("\r\nOK\r\n"), name);
        }
    }

    private static readonly string[] Phrases =
    [
        "AT", "AT+CMQTTSTART\r", "AT+CMQTTACCQ=0,\"x\"\r", "AT+CMQTTCONNECT=0,\"tcp://host\",60,1\r", "AT+CMQTTSUB=0,3,1\r", "\r", "\r\n", "A/",
        "AT+CMQTTPUB=0,1,60\r", "AT+CMQTTTOPIC=0,4\r", "AT+CREG=", "\"", ";", "=?", "AT+CFUN=0\r", "AT+CFUN=1\r", "AT+CPIN=\"1\"\r", "AT+CMQTTREL=9\r",
    ];

    [Test]
    public void Whatever_is_typed_the_modem_lives()
    {
        Gen<string> pieces = Gen.OneOf(
            Gen.Char['\0', '\u00ff'].Array[0, 40].Select(chars => new string(chars)),
            Gen.Int[0, Phrases.Length - 1].Select(index => Phrases[index]));
        pieces.Array[1, 30].Sample(
            typed =>
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
                LiveAsync(string.Concat(typed)).WaitAsync(limit.Token).GetAwaiter().GetResult();
            },
            iter: 300);

        static async Task LiveAsync(string typed)
        {
            await using var bench = new ModemBench();
            await bench.TypeAsync(typed);

            // Whatever state that left, at most one data entry stands open: feeding it and ending a half line reaches AT.
            string printed = await bench.TypeAsync(new string('.', 10240) + "\r\rATE0V1Q0\r\rAT\r");
            Assert.That(printed, Does.EndWith("\r\nOK\r\n"));
        }
    }
}
