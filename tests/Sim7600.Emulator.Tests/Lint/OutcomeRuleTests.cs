using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Lint;

namespace Sim7600.Emulator.Tests.Lint;

/// <summary>What a firmware makes of the outcome of its MQTT commands.</summary>
[Parallelizable(ParallelScope.All)]
public class OutcomeRuleTests
{
    private const string Connect = "AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r";

    [Test]
    public async Task The_next_command_after_OK_alone_does_not_wait_for_the_result_line()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTTOPIC=0,4\r", "\r\n>");
        await bench.SayAsync("node", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", "\r\nOK\r\n");
        await bench.PassAsync(TimeSpan.FromMilliseconds(300));
        await bench.TypeAsync("AT+CMQTTTOPIC=0,4\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("command-before-result-line"));
        Assert.That(bench.First(LintRules.CommandBeforeResultLine).Text, Is.EqualTo("300 ms after the OK to AT+CMQTTPUB came AT+CMQTTTOPIC; +CMQTTPUB: had not been printed yet."));
    }

    [TestCase("AT+CMQTTDISC?\r", 0.1, TestName = "A question is allowed at any time")]
    [TestCase("AT+CMQTTACCQ=1,\"other\"\r", 0.1, TestName = "The other client is not busy")]
    [TestCase("AT+CMQTTDISC=0,60\r", 2, TestName = "Who is tired of waiting may disconnect")]
    [TestCase("AT+CMQTTTOPIC=0,4\r", 60, TestName = "Who has given up goes on with the next")]
    public async Task Not_every_command_must_wait_for_the_result_line(string typed, double after)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTSUB=0,4,1\r", "\r\n>");
        await bench.SayAsync("node", "\r\nOK\r\n");
        await bench.PassAsync(TimeSpan.FromSeconds(after));
        await bench.TypeAsync(typed);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task A_restarted_host_knows_nothing_of_what_is_under_way()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTTOPIC=0,4\r", "\r\n>");
        await bench.SayAsync("node", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", "\r\nOK\r\n");
        await bench.PassAsync(TimeSpan.FromMilliseconds(800));
        await bench.SayAsync("AT\r", "\r\nOK\r\n");
        await bench.TypeAsync("AT+CMQTTSTART\r");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task A_disconnect_right_after_the_OK_to_a_publish_throws_it_away()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTTOPIC=0,4\r", "\r\n>");
        await bench.SayAsync("node", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", "\r\nOK\r\n");
        await bench.TypeAsync("AT+CMQTTDISC=0,60\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("command-before-result-line"));
    }

    [Test]
    public async Task A_loss_ends_the_wait_for_the_result_line()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Broker.Answer = _ => null;
        await bench.SayAsync("AT+CMQTTTOPIC=0,4\r", "\r\n>");
        await bench.SayAsync("node", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTPUB=0,1,60\r", "\r\nOK\r\n");
        bench.Inject(new MqttPing());
        await bench.PrintedAsync();
        await bench.TypeAsync("AT+CMQTTDISC=0,60\r");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [TestCase("AT+CMQTTCONNECT", "+CMQTTCONNECT: 0,3", Connect, "AT+CMQTTSUB=0,4,1\r", TestName = "SUB after a CONNECT that failed")]
    [TestCase("AT+CMQTTCONNECT", "ERROR", Connect, "AT+CMQTTTOPIC=0,4\r", TestName = "TOPIC after a CONNECT that was refused")]
    [TestCase("AT+CMQTTTOPIC", "+CMQTTTOPIC: 0,14\nERROR", "AT+CMQTTTOPIC=0,4\r", "AT+CMQTTPAYLOAD=0,4\r", TestName = "PAYLOAD after a TOPIC that was refused")]
    [TestCase("AT+CMQTTPAYLOAD", "ERROR", "AT+CMQTTPAYLOAD=0,4\r", "AT+CMQTTPUB=0,1,60\r", TestName = "PUB after a PAYLOAD that was refused")]
    [TestCase("AT+CMQTTSUBTOPIC", "+CMQTTSUBTOPIC: 0,12\nERROR", "AT+CMQTTSUBTOPIC=0,4,1\r", "AT+CMQTTSUB=0\r", TestName = "SUB after a SUBTOPIC that was refused")]
    [TestCase("AT+CMQTTSTART", "+CMQTTSTART: 7\nERROR", "AT+CMQTTSTART\r", "AT+CMQTTACCQ=0,\"dev-1\"\r", TestName = "ACCQ after a START that failed")]
    [TestCase("AT+CMQTTACCQ", "ERROR", "AT+CMQTTACCQ=0,\"dev-1\"\r", Connect, TestName = "CONNECT after an ACCQ that was refused")]
    public async Task What_builds_on_a_failure_ignores_it(string command, string reply, string failing, string next)
    {
        await using ModemBench bench = LintBench.Create();
        await bench.SayAsync("AT+CEREG?\r", LintBench.Registered);
        bench.Modem.Faults.Reply(command, reply);
        await bench.TypeAsync(failing);
        await bench.TypeAsync(next);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("result-ignored"));
        Assert.That(bench.First(LintRules.ResultIgnored).Text, Does.StartWith($"{command} failed with ").And.Contain(next.TrimEnd()[..10]));
    }

    [TestCase("AT+CMQTTTOPIC", "+CMQTTTOPIC: 0,14\nERROR", "AT+CMQTTTOPIC=0,4\r", "AT+CMQTTTOPIC=0,4\r", TestName = "A refused TOPIC is tried again")]
    [TestCase("AT+CMQTTTOPIC", "ERROR", "AT+CMQTTTOPIC=0,4\r", "AT+CMQTTDISC=0,60\r", TestName = "After a refused TOPIC it disconnects")]
    [TestCase("AT+CMQTTPUB", "+CMQTTPUB: 0,17", "AT+CMQTTPUB=0,1,60\r", "AT+CMQTTTOPIC=0,4\r", TestName = "After a failed PUB the message is sent again")]
    [TestCase("AT+CMQTTSUB", "+CMQTTSUB: 0,6", "AT+CMQTTSUB=0\r", "AT+CMQTTTOPIC=0,4\r", TestName = "Publishing may go on where subscribing failed")]
    public async Task Trying_again_and_cleaning_up_are_what_a_failure_asks_for(string command, string reply, string failing, string next)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Modem.Faults.Reply(command, reply);
        await bench.TypeAsync(failing);
        await bench.TypeAsync(next);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task What_is_there_already_is_gone_on_with()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\"\r", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n");
        await bench.SayAsync(Connect, "\r\n+CMQTTCONNECT: 0,13\r\n\r\nERROR\r\n");
        await bench.PublishAsync();
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task A_connect_that_turns_out_well_after_all_is_no_failure()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Modem.Faults.Reply("AT+CMQTTCONNECT", "+CMQTTCONNECT: 0,17");
        await bench.TypeAsync(Connect);
        await bench.TypeAsync("AT+CMQTTDISC?\r");
        await bench.SayAsync("AT+CMQTTTOPIC=0,4\r", "\r\n>");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task Starting_again_over_a_connection_that_failed_is_no_clean_up()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new MqttPing());
        await bench.PrintedAsync();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\"\r", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n");
        Assert.That(await bench.FoundAsync(), Is.Empty, "both may be asked");
        await bench.SayAsync(Connect, "\r\n+CMQTTCONNECT: 0,13\r\n\r\nERROR\r\n");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("no-cleanup-on-error-path"));
    }

    [Test]
    public async Task Cleaning_up_after_one_client_does_nothing_for_the_other()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new MqttPing());
        await bench.PrintedAsync();
        await bench.SayAsync("AT+CMQTTACCQ=1,\"dev-2\"\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTREL=1\r", "\r\nOK\r\n");
        await bench.SayAsync(Connect, "\r\n+CMQTTCONNECT: 0,13\r\n\r\nERROR\r\n");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("no-cleanup-on-error-path"));
        Assert.That(bench.First(LintRules.NoCleanupOnErrorPath).Text, Does.StartWith("After +CMQTTPING: 0,17 came AT+CMQTTCONNECT again, with no DISC"));
    }

    [Test]
    public async Task After_CONNLOST_there_is_nothing_to_end()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new MqttConnLost());
        await bench.PrintedAsync();
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n");
        await bench.SayAsync("AT+CMQTTACCQ=0,\"dev-1\"\r", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n");
        await bench.SayAsync(Connect, "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [TestCase("AT+CMQTTDISC=0,60\r|AT+CMQTTREL=0\r|AT+CMQTTSTOP\r|AT+CMQTTSTART\r|AT+CMQTTACCQ=0,\"dev-1\"\r|AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r", TestName = "DISC, REL, STOP before START")]
    [TestCase("AT+CMQTTDISC=0,60\r|AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r", TestName = "DISC and CONNECT again")]
    [TestCase("ATE0\r|AT+CMQTTSTART\r|AT+CMQTTACCQ=0,\"dev-1\"\r|AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r", TestName = "A host that was restarted cannot know")]
    public async Task After_a_loss_there_are_ways_back(string typed)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new MqttPing());
        await bench.PrintedAsync();
        foreach (string line in typed.Split('|'))
        {
            await bench.TypeAsync(line);
        }

        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task After_NONET_the_service_is_gone_and_START_is_right()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new MqttNoNet());
        await bench.PrintedAsync();
        await bench.ConnectAsync();
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }
}
