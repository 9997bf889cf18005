using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Tests.Faults;

/// <summary>The vocabulary is whole: every record is in it, every entry happens, and what lasts ends.</summary>
[Parallelizable(ParallelScope.All)]
public class FaultTableTests
{
    [Test]
    public void Every_record_has_one_name()
    {
        IEnumerable<Type> records = typeof(Fault).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Fault)));
        Assert.That(FaultTable.All.Select(definition => definition.Type), Is.EquivalentTo(records));
        Assert.That(FaultTable.All.Select(definition => definition.FullName), Is.Unique);
        Assert.That(records, Has.All.Matches<Type>(type => type is { IsPublic: true, IsSealed: true }));
    }

    [TestCaseSource(nameof(Names))]
    public async Task Every_fault_happens_without_a_mistake_of_ours_and_ends(string name)
    {
        FaultDefinition definition = FaultTable.All.Single(each => each.FullName == name);
        var log = new RecordedWarnings();
        await using var bench = new ModemBench(log: log);
        await bench.ConnectAsync();
        object[] values = [.. definition.Parameters.Select(parameter => parameter.Kind switch
        {
            FaultValueKind.Word => (object)parameter.Words![0],
            FaultValueKind.Text or FaultValueKind.Line => "OK",
            _ => parameter.Minimum,
        })];
        bench.Modem.Faults.Inject(definition.Create(values), new FaultTrigger { Duration = definition.MayLast ? TimeSpan.FromSeconds(1) : null });
        await bench.TypeAsync("AT+CMQTTTOPIC=0,3\rt/1AT+CSQ\r");
        await bench.LiveAsync(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500));
        Assert.That(log.All.First(text => text.Contains("fault", StringComparison.Ordinal)), Does.Contain($"\"{definition.Group}\":\"{definition.Name}\""));
        Assert.That(log.All.Any(text => text.Contains($"{name} is over", StringComparison.Ordinal)), Is.EqualTo(definition.MayLast));
        Assert.That(log.All, Has.None.Contains("handler failed"));
        bench.Modem.Faults.Clear();
        await bench.TypeAsync("\r");
        Assert.That(await bench.TypeAsync("AT\r"), Does.EndWith("\r\nOK\r\n").Or.Empty, "empty while it boots, or takes it as data");
    }

    [Test]
    public async Task A_fault_that_waits_for_an_unknown_command_is_warned_about()
    {
        var log = new RecordedWarnings();
        await using var bench = new ModemBench(log: log);
        await bench.InjectAsync("""{ "on": "AT+CMQTPUB", "modem": "no-answer" }""");
        Assert.That(log.All, Has.Some.Contains("a fault waits for AT+CMQTPUB, which the emulator does not know; did you mean AT+CMQTTPUB?"));
    }

    [Test]
    public async Task A_value_of_an_unknown_command_is_warned_about()
    {
        var log = new RecordedWarnings();
        var given = new GivenState { Values = new Dictionary<string, GivenValue> { ["+CMQTPUB"] = new([["0"]]), ["+CSQ"] = new([["hello"]]) } };
        await using var modem = new VirtualModem(1, new VirtualModemOptions { Given = given, Log = log }, new ScriptedBroker());
        await modem.SettleAsync();
        Assert.That(log.All, Has.Exactly(1).Contains("the scenario gives a value to"));
        Assert.That(log.All, Has.Some.Contains("Modem 1: the scenario gives a value to +CMQTPUB, which the emulator does not know; did you mean +CMQTTPUB?"));
    }

    private static IEnumerable<string> Names() => FaultTable.All.Select(definition => definition.FullName);
}
