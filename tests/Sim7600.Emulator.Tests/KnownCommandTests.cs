using Sim7600.Emulator.Commands;

namespace Sim7600.Emulator.Tests;

/// <summary>
/// The commands that a SIM7600 has outside of MQTT, files and communication, written out: none may be unknown, each answers
/// its test form, and each says where its facts come from.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class KnownCommandTests
{
    private const string Ok = "\r\nOK\r\n";

    private static readonly string[] Families = ["General", "Identity", "Sim", "Registration", "Radio", "PacketData", "Power", "Clock", "Hardware"];

    private static readonly string[] Basic =
    [
        "E", "Q", "V", "X", "L", "M", "H", "I", "Z", "&F", "&W", "&V", "&C", "&D", "&S", "&E", "\\V", "\\Q",
        "S0", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12",
    ];

    private static readonly string[] Extended =
    [
        "+IPR", "+IPREX", "+ICF", "+IFC", "+GCAP", "+CSCS", "+CMEE",
        "+CGMI", "+CGMM", "+CGMR", "+CGSN", "+GMI", "+GMM", "+GMR", "+GSN", "+CIMI", "+CICCID", "+SIMCOMATI", "+SIMEI", "+CSUB",
        "+CPOF", "+CRESET", "+CFUN", "+CATR", "+CUARTRM", "+CUSBADB", "+CMTE", "+CVALARM", "+CPMVT",
        "+CPIN", "+SPIC", "+CLCK", "+CPWD", "+CSIM", "+CRSM", "+CSPN", "+UIMHOTSWAPON", "+UIMHOTSWAPLEVEL",
        "+CSQ", "+AUTOCSQ", "+CSQDELTA", "+CREG", "+CGREG", "+CEREG", "+COPS", "+CNMP", "+CNBP", "+CNAOP", "+CNSMOD", "+CPSI", "+WS46",
        "+CGDCONT", "+CGATT", "+CGACT", "+CGPADDR", "+CGAUTH", "+CGEREP", "+CGCLASS", "+CGSOCKCONT", "+CSOCKAUTH", "+CSOCKSETPN", "+CNETSTART", "+CNETSTOP", "+CNETIPADDR",
        "+CCLK", "+CTZU", "+CTZR", "+CNTP", "+CHTPSERV", "+CHTPUPDATE",
        "+CBC", "+CPMUTEMP", "+CADC", "+CADC2", "+CVAUXV", "+CVAUXS", "+CGFUNC", "+CGDRT", "+CGSETV", "+CGGETV", "+CGISR", "+CRIIC", "+CWIIC",
        "+CFGRI", "+CSCLK", "+CUSBPIDSWITCH",
    ];

    private static readonly (string Name, string Line)[] TestForms =
    [
        ("+CREG", "+CREG: (0-2)"),
        ("+CMEE", "+CMEE: (0-2)"),
        ("+ICF", "+ICF: (1-6),(0-3)"),
        ("+CFUN", "+CFUN: (0-1,4-7),(0-1)"),
        ("+CSCS", "+CSCS: (\"IRA\",\"GSM\",\"UCS2\")"),
        ("+CGACT", "+CGACT: (0,1)"),
        ("+CGPADDR", "+CGPADDR: (1,2,3)"),
        ("+CGEREP", "+CGEREP: (0-2),(0-1)"),
        ("+CPSI", "+CPSI: (0-255)"),
        ("+CNSMOD", "+CNSMOD: (0-1)"),
        ("+CNMP", "+CNMP: (2,9,10,13,14,19,22,38,39,48,51,54,59,60,63,67)"),
        ("+AUTOCSQ", "+AUTOCSQ: (0-1),(0-1)"),
        ("+CSQDELTA", "+CSQDELTA: (0-5)"),
        ("+CNTP", "+CNTP: 255,(-96~96)"),
        ("+CLCK", "+CLCK: (\"PF\",\"SC\",\"AO\",\"OI\",\"OX\",\"AI\",\"IR\",\"AB\",\"AG\",\"AC\",\"FD\",\"PN\",\"PU\",\"PP\",\"PC\")"),
        ("+CGAUTH", "+CGAUTH: (1-24,100-179),(0-3),127,127"),
        ("+CVAUXV", "+CVAUXV: (1700-3050)"),
        ("+WS46", "+WS46: (12,22,25,28,29,30,31)"),
    ];

    [Test]
    public async Task Every_command_of_the_list_is_known_and_the_list_names_every_command_of_its_families()
    {
        await using var bench = new ModemBench();
        foreach (string name in Basic.Concat(Extended))
        {
            Assert.That(bench.Modem.Commands.TryGet(name, out _), Is.True, name);
        }

        string[] declared = [.. bench.Modem.Commands.All.Where(command => Families.Contains(command.Family) && command.Name[0] == '+').Select(command => command.Name)];
        Assert.That(declared, Is.SubsetOf(Extended));
    }

    [TestCaseSource(nameof(Extended))]
    public async Task Its_test_form_answers_and_ends_in_OK(string name)
    {
        await using var bench = new ModemBench();
        string answer = await bench.TypeAsync($"AT{name}=?\r");
        answer = answer.Length > 0 ? answer : await bench.PassAsync(TimeSpan.FromSeconds(1));
        Assert.That(answer, Does.EndWith(Ok));
        foreach (string line in answer[..^Ok.Length].Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.That(line, Does.StartWith($"{name}: "));
        }

        Assert.That(await bench.Modem.GetUnknownCommandsAsync(), Is.Empty);
    }

    [TestCaseSource(nameof(TestForms))]
    public async Task The_test_form_shows_the_ranges((string Name, string Line) given)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"AT{given.Name}=?\r", $"\r\n{given.Line}\r\n" + Ok);
    }

    [TestCase("+CGMI")]
    [TestCase("+CGMM")]
    [TestCase("+CGMR")]
    [TestCase("+CGSN")]
    [TestCase("+CIMI")]
    [TestCase("+CICCID")]
    [TestCase("+CPIN")]
    public async Task Some_answer_the_test_form_with_OK_alone(string name)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"AT{name}=?\r", Ok);
    }

    [Test]
    public async Task Every_declaration_says_where_its_facts_come_from()
    {
        await using var bench = new ModemBench();
        foreach (AtCommandDefinition command in bench.Modem.Commands.All.Where(command => Families.Contains(command.Family)))
        {
            Assert.That(command.Source, Is.Not.Empty, command.Name);
        }
    }

    [TestCase("+CESQ", Description = "not in the manual")]
    [TestCase("+SYNCML")]
    [TestCase("+MODE")]
    [TestCase("$TSSPCSW")]
    [TestCase("_OHWV")]
    public async Task What_the_module_lacks_is_an_error(string name)
    {
        await using var bench = new ModemBench();
        await bench.SayAsync($"AT{name}=?\r", "\r\nERROR\r\n");
    }
}
