using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Lint;

namespace Sim7600.Emulator.Tests.Lint;

/// <summary>Start, registration, losses, and secrets in topics.</summary>
[Parallelizable(ParallelScope.All)]
public class LifeRuleTests
{
    private const string Connect = "AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Who_goes_on_publishing_after_a_failed_ping_has_not_looked()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new MqttPing());
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.PublishAsync();
        await bench.PublishAsync();
        await bench.PassAsync(TimeSpan.FromSeconds(59));
        Assert.That(await bench.FoundAsync(), Is.Empty);
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        Assert.That(await bench.FoundAsync(), Is.EqualTo("no-recovery"));
        Assert.That(bench.First(LintRules.NoRecovery).Text, Is.EqualTo("In the 61 s after +CMQTTPING: 0,17 the firmware published or subscribed 2 times and did nothing to connect again."));
    }

    [Test]
    public async Task A_subscriber_that_falls_silent_after_a_loss_has_not_looked()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SubscribeAsync();
        bench.Inject(new MqttConnLost());
        await bench.PassAsync(Minute);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("no-recovery"));
    }

    [Test]
    public async Task Who_starts_the_service_and_does_not_connect_has_not_recovered()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        await bench.PublishAsync();
        bench.Inject(new MqttConnLost());
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n");
        await bench.PassAsync(Minute + Minute);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("no-recovery"));
    }

    [TestCase("OK\n+CMQTTCONNECT: 0,3", "+CMQTTCONNECT: 0,3", TestName = "A failed CONNECT ends no loss")]
    [TestCase("ERROR", "ERROR to AT+CMQTTCONNECT", TestName = "A refused CONNECT ends no loss")]
    [TestCase("+CME ERROR: 4", "+CME ERROR: 4 to AT+CMQTTCONNECT", TestName = "A CONNECT that is not allowed ends no loss")]
    public async Task Who_tries_once_and_gives_up_has_not_recovered(string answer, string shown)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        await bench.PublishAsync();
        bench.Inject(new MqttConnLost());
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        bench.Inject(new ModemReply(answer), "AT+CMQTTCONNECT");
        await bench.TypeAsync(Connect);
        await bench.PassAsync(TimeSpan.FromSeconds(59));
        Assert.That(await bench.FoundAsync(), Is.Empty);
        await bench.PassAsync(TimeSpan.FromSeconds(2));
        Assert.That(await bench.FoundAsync(), Is.EqualTo("no-recovery"));
        Assert.That(bench.First(LintRules.NoRecovery).Text, Does.Contain($"+CMQTTCONNLOST: 0,1 and {shown} the firmware did nothing"));
    }

    [Test]
    public async Task Who_tries_again_and_again_does_recover()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        await bench.PublishAsync();
        bench.Inject(new MqttConnLost());
        for (int i = 0; i < 5; i++)
        {
            bench.Inject(new ModemReply("OK\n+CMQTTCONNECT: 0,3"), "AT+CMQTTCONNECT");
            await bench.PassAsync(TimeSpan.FromSeconds(50));
            await bench.TypeAsync(Connect);
        }

        await bench.PassAsync(TimeSpan.FromSeconds(50));
        await bench.SayAsync(Connect, "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        await bench.PassAsync(Minute + Minute);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [TestCase(1, false, "no-recovery", TestName = "Subscriptions end with a clean session")]
    [TestCase(0, false, "", TestName = "A session that is kept has its subscriptions")]
    [TestCase(1, true, "", TestName = "Subscribing again renews them")]
    public async Task Who_subscribed_before_a_loss_subscribes_again(int cleanSession, bool again, string found)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SubscribeAsync();
        bench.Inject(new MqttConnLost());
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.SayAsync(Connect.Replace(",1\r", $",{cleanSession}\r", StringComparison.Ordinal), "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        await bench.PassAsync(TimeSpan.FromSeconds(30));
        if (again)
        {
            await bench.SubscribeAsync();
        }

        await bench.PublishAsync();
        await bench.PassAsync(Minute + Minute);
        Assert.That(await bench.FoundAsync(), Is.EqualTo(found));
        if (found.Length > 0)
        {
            Assert.That(bench.First(LintRules.NoRecovery).Text, Does.StartWith("After +CMQTTCONNLOST: 0,1 the firmware connected again with clean_session 1").And.Contain("did not subscribe again"));
        }
    }

    [Test]
    public async Task Who_begins_from_the_start_after_a_failed_ping_subscribes_again_too()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SubscribeAsync();
        bench.Inject(new MqttPing());
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        foreach (string typed in (string[])["AT+CMQTTDISC=0,60\r", "AT+CMQTTREL=0\r", "AT+CMQTTSTOP\r", "AT+CMQTTSTART\r", "AT+CMQTTACCQ=0,\"dev-1\"\r", Connect])
        {
            await bench.TypeAsync(typed);
        }

        await bench.PublishAsync();
        await bench.PassAsync(Minute);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("no-recovery"));
    }

    [TestCase("AT+CMQTTUNSUB=0,4,0\r", TestName = "What was unsubscribed need not be renewed")]
    [TestCase(null, TestName = "Who never subscribed has nothing to renew")]
    public async Task Who_needs_no_messages_need_not_subscribe_again(string? unsubscribe)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        if (unsubscribe is not null)
        {
            await bench.SubscribeAsync();
            await bench.SayAsync(unsubscribe, "\r\n>");
            await bench.SayAsync("node", "\r\nOK\r\n\r\n+CMQTTUNSUB: 0,0\r\n");
        }

        bench.Inject(new MqttConnLost());
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.SayAsync(Connect, "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        await bench.PublishAsync();
        await bench.PassAsync(Minute + Minute);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [TestCase("AT+CMQTTUNSUB=0,4,0\r", "node", TestName = "Who unsubscribed")]
    [TestCase("AT+CMQTTDISC=0,60\r", "AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r", TestName = "Who connected anew for publishing alone")]
    [TestCase("AT+CMQTTDISC=0,60\r", "", TestName = "Who has disconnected")]
    public async Task Who_needs_no_messages_any_more_may_be_silent_after_a_loss(string typed, string then)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SubscribeAsync();
        await bench.TypeAsync(typed);
        await bench.TypeAsync(then);
        bench.Modem.Post(() => bench.Modem.Cmqtt.Clients[0].ConnectionLost(1));
        await bench.PassAsync(Minute + Minute);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [TestCase("AT+CMQTTUNSUB=0,4,0\r", "node", TestName = "By unsubscribing")]
    [TestCase("AT+CMQTTDISC=0,60\r", "AT+CMQTTREL=0\r", TestName = "By ending the client")]
    public async Task Who_gives_up_its_subscription_after_a_loss_need_not_subscribe_again(string typed, string then)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SubscribeAsync();
        bench.Inject(new MqttConnLost());
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.SayAsync(Connect, "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        await bench.TypeAsync(typed);
        await bench.TypeAsync(then);
        await bench.TypeAsync("AT+CMQTTACCQ=0,\"dev-1\"\r");
        await bench.TypeAsync(Connect);
        await bench.PassAsync(Minute + Minute);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task A_loss_whose_line_was_damaged_was_not_told()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        await bench.PublishAsync();
        bench.Inject(new LineDrop(8));
        bench.Inject(new MqttPing());
        await bench.PassAsync(Minute);
        await bench.PublishAsync();
        await bench.PassAsync(Minute);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task A_reset_that_is_not_looked_at_is_a_loss_too()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new ModemReset());
        await bench.LiveAsync(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(20));
        await bench.PassAsync(Minute);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("no-recovery"));
        Assert.That(bench.First(LintRules.NoRecovery).Text, Does.Contain("after RDY"));
    }

    [Test]
    public async Task Who_asks_for_its_network_waits_for_it()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        await bench.PublishAsync();
        bench.Modem.Faults.DropNetwork(duration: TimeSpan.FromSeconds(200));
        for (int i = 0; i < 20; i++)
        {
            await bench.PassAsync(TimeSpan.FromSeconds(10));
            await bench.TypeAsync("AT+CEREG?\r");
        }

        Assert.That(await bench.FoundAsync(), Is.Empty);
        await bench.PassAsync(Minute);
        await bench.PassAsync(Minute);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("no-recovery"), "the network was there again");
    }

    [Test]
    public async Task Who_learns_of_a_loss_by_publishing_has_its_time_from_there()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        await bench.PublishAsync();
        bench.Inject(new MqttConnLost());
        await bench.PassAsync(TimeSpan.FromSeconds(55));
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r", "\r\n+CMQTTTOPIC: 0,11\r\n\r\nERROR\r\n");
        await bench.PassAsync(TimeSpan.FromSeconds(30));
        await bench.TypeAsync("AT+CMQTTREL=0\r");
        await bench.PassAsync(Minute);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task Who_asks_for_ever_for_a_network_that_is_there_has_not_looked()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        await bench.PublishAsync();
        bench.Inject(new MqttConnLost());
        for (int i = 0; i < 30; i++)
        {
            await bench.PassAsync(TimeSpan.FromSeconds(10));
            await bench.TypeAsync("AT+CEREG?\r");
        }

        Assert.That(await bench.FoundAsync(), Is.EqualTo("no-recovery"));
    }

    [Test]
    public async Task Who_asks_for_its_network_waits_even_where_it_is_there()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        await bench.PublishAsync();
        bench.Inject(new MqttPing());
        await bench.PassAsync(TimeSpan.FromSeconds(50));
        await bench.TypeAsync("AT+CEREG?\r");
        await bench.PassAsync(TimeSpan.FromSeconds(20));
        await bench.TypeAsync("AT+CMQTTDISC=0,60\r");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [TestCase("AT+CMQTTDISC=0,60\r", TestName = "DISC answers a loss")]
    [TestCase("AT+CRESET\r", TestName = "A reset answers a loss")]
    public async Task A_loss_that_is_answered_is_none(string typed)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        await bench.PublishAsync();
        bench.Inject(new MqttPing());
        await bench.PassAsync(TimeSpan.FromSeconds(20));
        await bench.TypeAsync(typed);
        await bench.LiveAsync(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(20));
        await bench.PassAsync(Minute);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task Who_publishes_now_and_then_need_not_connect_before()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        bench.Inject(new MqttConnLost());
        await bench.PassAsync(Minute + Minute);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task What_the_host_does_itself_is_no_loss()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.PublishAsync();
        await bench.PublishAsync();
        await bench.TypeAsync("AT+CFUN=0\r");
        await bench.LiveAsync(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(20));
        await bench.PassAsync(Minute);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [TestCase("AT\r\nATE0\r\nAT+CMQTTSTART\r\n", TestName = "A command after AT without an answer")]
    [TestCase("AT+CMQTTSTART\rAT+CMQTTACCQ=0,\"dev-1\"\r", TestName = "Two commands and no answer")]
    public async Task Commands_into_the_silence_of_a_boot_are_too_early(string typed)
    {
        await using ModemBench bench = LintBench.Create(BootMode.Real);
        await bench.TypeAsync(typed);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("commands-before-ready"));
        Assert.That(bench.First(LintRules.CommandsBeforeReady).Text, Does.StartWith("AT+CMQTT").And.EndWith("without an answer; it is lost."));
    }

    [Test]
    public async Task Asking_into_the_silence_of_a_boot_is_how_to_find_out()
    {
        await using ModemBench bench = LintBench.Create(BootMode.Real);
        await bench.TypeAsync("AT+CMQTTTOPIC=0,4\r"); // to the modem that was there before
        for (int i = 0; i < 5; i++)
        {
            await bench.TypeAsync("AT+CMEE?\r");
            await bench.TypeAsync("ATE0\r");
            await bench.PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task A_modem_that_vanishes_leaves_its_host_without_fault()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new ModemReset());
        await bench.TypeAsync("AT+CMQTTTOPIC=0,4\r");
        await bench.TypeAsync("AT+CMQTTDISC=0,60\r");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task MQTT_before_the_SIM_card_is_ready_is_too_early()
    {
        await using ModemBench bench = LintBench.Create(BootMode.Real);
        await bench.PassAsync(TimeSpan.FromSeconds(10));
        await bench.TypeAsync("AT\rATE0\r");
        await bench.TypeAsync("AT+CMQTTSTART\r");
        Assert.That(await bench.FoundAsync(), Does.Contain("commands-before-ready"));
    }

    [Test]
    public async Task A_boot_that_is_waited_for_is_in_time()
    {
        await using ModemBench bench = LintBench.Create(BootMode.Real);
        await bench.LiveAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        await bench.TypeAsync("AT\r");
        await bench.TypeAsync("AT+CPIN?\r");
        await bench.LiveAsync(TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(500));
        await bench.TypeAsync("AT+CEREG?\r");
        await bench.TypeAsync("AT+CMQTTSTART\r");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [TestCase("", true, TestName = "Nobody asked")]
    [TestCase("AT+CSQ\r", true, TestName = "Signal is no registration")]
    [TestCase("AT+CGREG?\r", false, TestName = "CGREG says it")]
    [TestCase("AT+COPS?\r", false, TestName = "An operator says it")]
    [TestCase("AT+CPSI?\r", false, TestName = "A serving cell says it")]
    public async Task A_registration_must_be_seen_before_START(string typed, bool isTooEarly)
    {
        await using ModemBench bench = LintBench.Create(BootMode.Fast);
        await bench.LiveAsync(TimeSpan.FromSeconds(1));
        await bench.TypeAsync(typed);
        await bench.TypeAsync("AT+CMQTTSTART\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo(isTooEarly ? "mqtt-before-registration" : ""));
    }

    [Test]
    public async Task What_was_before_nobody_saw()
    {
        await using ModemBench bench = LintBench.Create();
        await bench.TypeAsync("AT+CMQTTSTART\r");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [TestCase("node-1/key=s3cr3t-0815/reading", "s3cr3t")]
    [TestCase("v1/access_token:ABCDEFGH/up", "ABCDEFGH")]
    [TestCase("a/eyJhbGciOiJIUzI1NiJ9.e30.x/b", "eyJhb")]
    [TestCase("dev/hunter2secret/up", "hunter2")]
    public async Task Secrets_in_topics_are_found_and_not_told(string topic, string secret)
    {
        await using ModemBench bench = LintBench.Create();
        await bench.SayAsync("AT+CEREG?\r", LintBench.Registered);
        await bench.TypeAsync("AT+CMQTTSTART\r");
        await bench.TypeAsync("AT+CMQTTACCQ=0,\"dev-1\"\r");
        await bench.TypeAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1,\"me\",\"hunter2secret\"\r");
        await bench.PublishAsync(topic);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("secret-in-topic"));
        LintReport report = bench.Lint;
        foreach (string text in new[] { report.ToText(), report.ToJson(), report.ToJUnitXml(), report.ToJUnitXml(LintSeverity.Warning) })
        {
            Assert.That(text, Does.Contain("secret-in-topic").And.Not.Contain(secret));
        }
    }

    [Test]
    public async Task A_password_in_the_topic_of_the_will_is_found_when_it_is_known()
    {
        await using ModemBench bench = LintBench.Create();
        await bench.SayAsync("AT+CEREG?\r", LintBench.Registered);
        await bench.TypeAsync("AT+CMQTTSTART\r");
        await bench.TypeAsync("AT+CMQTTACCQ=0,\"dev-1\"\r");
        await bench.TypeAsync("AT+CMQTTWILLTOPIC=0,15\r");
        await bench.TypeAsync("a/hunter2secret");
        Assert.That(await bench.FoundAsync(), Is.Empty);
        await bench.TypeAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1,\"me\",\"hunter2secret\"\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("secret-in-topic"));
        Assert.That(bench.Lint.ToJson(), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task A_topic_that_was_no_secret_yet_is_not_told_once_it_is_one()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,15\r", "\r\n>");
        await bench.SayAsync("a/hunter2secret", "\r\nOK\r\n");
        await bench.TypeAsync("AT+CMQTTDISC=0,60\r");
        await bench.TypeAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1,\"me\",\"hunter2secret\"\rAT+CSQ\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("command-before-final-result"));
        Assert.That(bench.Lint.ToJson(), Does.Contain("a/****").And.Not.Contain("hunter2"));
    }

    [TestCase("house/door/key/state")]
    [TestCase("house/key:front-door")]
    [TestCase("piano/key=left")]
    [TestCase("cabinet/primary-key:0007")]
    [TestCase("monkey=business/x")]
    [TestCase("lab/keyboard/password/changed")]
    [TestCase("dev-1-name/up")]
    public async Task Words_alone_are_no_secret(string topic)
    {
        await using ModemBench bench = LintBench.Create();
        await bench.SayAsync("AT+CEREG?\r", LintBench.Registered);
        await bench.TypeAsync("AT+CMQTTSTART\r");
        await bench.TypeAsync("AT+CMQTTACCQ=0,\"dev-1-name\"\r");
        await bench.TypeAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1,\"me\",\"dev-1-name\"\r");
        await bench.PublishAsync(topic);
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }
}
