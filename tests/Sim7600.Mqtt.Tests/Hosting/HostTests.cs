using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MQTTnet.Protocol;
using Sim7600.Conversations;
using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Recovery;
using Sim7600.Mqtt.Hosting;

namespace Sim7600.Mqtt.Tests.Hosting;

/// <summary>A real host with a modem that answers.</summary>
[CancelAfter(60_000)]
public sealed class HostTests
{
    private const string Password = "pa55-w0rd";
    private const string Pin = "4711";

    private static HostApplicationBuilder Builder(AnsweringModem modem, RecordedLog log, params (string Key, string? Value)[] more)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ILoggerFactory>(log);
        Add(builder, "Sim7600", modem, more);
        builder.Services.AddSim7600(builder.Configuration.GetSection("Sim7600"));
        builder.Services.Configure<Sim7600HostOptions>(options => options.Adjust = managed => OnLink(managed, modem));
        builder.Services.AddHealthChecks().AddSim7600();
        return builder;
    }

    private static void Add(HostApplicationBuilder builder, string section, AnsweringModem modem, params (string Key, string? Value)[] more)
    {
        (string Key, string? Value)[] settings =
        [
            ("PortName", modem.Name), ("Pin", Pin), ("Broker", "mqtt://b.example"), ("ClientId", "node-7"), ("UserName", "u"), ("Password", Password),
            ("Subscriptions:0:Filter", "plant/7/cmd/#"),
        ];
        foreach ((string Key, string? Value)[] layer in ((string Key, string? Value)[][])[settings, more])
        {
            builder.Configuration.AddInMemoryCollection(layer.Select(setting => KeyValuePair.Create($"{section}:{setting.Key}", setting.Value)));
        }
    }

    private static ManagedMqttOptions OnLink(ManagedMqttOptions options, AnsweringModem modem) => options with
    {
        Modem = options.Modem with
        {
            OpenLink = modem.OpenAsync,
            Modem = options.Modem.Modem with { Channel = options.Modem.Modem.Channel with { QuietTime = TimeSpan.FromMilliseconds(1) } },
        },
    };

    [Test]
    public async Task Services_enqueue_and_receive_from_first_to_last(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("device");
        using var log = new RecordedLog();
        HostApplicationBuilder builder = Builder(modem, log);
        builder.Services.AddSingleton<Thermometer>().AddHostedService(provider => provider.GetRequiredService<Thermometer>());
        using IHost host = builder.Build();
        await host.StartAsync(ct);
        Assert.That(await modem.Published.ReadAsync(ct), Is.EqualTo("plant/7/temp=21.5"));

        await modem.Says(Talk.Message("plant/7/cmd/on", "1"));
        Assert.That((await host.Services.GetRequiredService<Thermometer>().Received.Task.WaitAsync(ct)).PayloadAsText(), Is.EqualTo("1"));

        await host.StopAsync(ct);
        for (int number = 0; number < Thermometer.LastWords; number++)
        {
            Assert.That(modem.Published.TryRead(out string? published), "what is enqueued while the host stops is published before it has stopped");
            Assert.That(published, Is.EqualTo($"plant/7/state=bye {number}"));
        }

        Assert.That(modem.Heard, Does.Contain("plant/7/cmd/#").And.Contain("AT+CMQTTSUB=0,13,1"));
        Assert.That(modem.Heard.TakeLast(3), Is.EqualTo((string[])["AT+CMQTTDISC=0,60", "AT+CMQTTREL=0", "AT+CMQTTSTOP"]), "it leaves orderly");
        Assert.That(log.Text, Does.Contain("2001 ").And.Not.Contain(Password).And.Not.Contain(Pin));
    }

    private static readonly TestCaseData[] Bad =
    [
        new TestCaseData("PortName", "", "Sim7600:PortName: "),
        new TestCaseData("BaudRate", "0", "Sim7600:BaudRate: "),
        new TestCaseData("Pin", "12x4567", "Sim7600:Pin: "),
        new TestCaseData("Apn", "a\"b", "Sim7600:Apn: "),
        new TestCaseData("PacketDataContext", "16", "Sim7600:PacketDataContext: "),
        new TestCaseData("Broker", null, "Sim7600:Broker: give"),
        new TestCaseData("Broker", "no address 12x4567", "Sim7600:Broker: "),
        new TestCaseData("Broker", "http://b.example", "Sim7600:Broker: "),
        new TestCaseData("Broker", "mqtt://u:12x4567@b.example", "Sim7600:Broker: "),
        new TestCaseData("Broker", "mqtts://b.example", "Sim7600:CaFile: mqtts:// needs"),
        new TestCaseData("ClientId", " ", "Sim7600:ClientId: "),
        new TestCaseData("UserName", "", "Sim7600:Password: "),
        new TestCaseData("Password", "12x4567\"\n", "Sim7600:Password: "),
        new TestCaseData("KeepAlive", "60", "Sim7600:KeepAlive: 60.00:00:00 is longer than a day"),
        new TestCaseData("KeepAlive", "00:00:00", "Sim7600:KeepAlive: "),
        new TestCaseData("PublishTimeout", "00:00:10", "Sim7600:PublishTimeout: "),
        new TestCaseData("ClientIndex", "2", "Sim7600:ClientIndex: "),
        new TestCaseData("Will:Topic", "a/#", "Sim7600:Will: "),
        new TestCaseData("CaFile", "/nowhere/ca.pem", "Sim7600:CaFile: this is for mqtts://"),
        new TestCaseData("Subscriptions:0:Filter", "a/#/b", "Sim7600:Subscriptions:0:Filter: "),
        new TestCaseData("Subscriptions:1:QualityOfService", "3", "Sim7600:Subscriptions:1:QualityOfService: "),
        new TestCaseData("ReceiveCapacity", "0", "Sim7600:ReceiveCapacity: "),
        new TestCaseData("RefusalLimit", "0", "Sim7600:RefusalLimit: "),
        new TestCaseData("DrainTimeout", "-00:00:01", "Sim7600:DrainTimeout: "),
        new TestCaseData("HeartbeatInterval", "30", "Sim7600:HeartbeatInterval: "),
        new TestCaseData("Outbox:MaximumMessages", "0", "Sim7600:Outbox:MaximumMessages: "),
        new TestCaseData("Recovery:Jitter", "2", "Sim7600:Recovery:Jitter: "),
        new TestCaseData("Recovery:FirstDelay", "1.00:00:01", "Sim7600:Recovery:FirstDelay: "),
    ];

    [TestCaseSource(nameof(Bad))]
    public async Task A_bad_configuration_ends_the_start_and_names_the_key(string key, string? value, string message)
    {
        await using var modem = new AnsweringModem("bad");
        using var log = new RecordedLog();
        using IHost host = Builder(modem, log, (key, value)).Build();

        OptionsValidationException error = await Caught(host);
        Assert.That(error.Failures, Has.Some.StartsWith(message));
        Assert.That(error + log.Text, Does.Not.Contain(Password).And.Not.Contain("12x4567"));
        Assert.That(modem.Heard, Is.Empty);
    }

    [TestCase("KeepAlife", "00:01:00", "KeepAlife")]
    [TestCase("Outbox:Size", "1", "Size")]
    [TestCase("ReceiveCapacity", "many", "Sim7600:ReceiveCapacity")]
    [TestCase("Subscriptions:0:QualityOfService", "best", "Sim7600:Subscriptions:0:QualityOfService")]
    public async Task A_key_or_value_that_cannot_be_read_ends_the_start_and_is_named(string key, string value, string message)
    {
        await using var modem = new AnsweringModem("bad");
        using var log = new RecordedLog();
        using IHost host = Builder(modem, log, (key, value)).Build();

        Assert.That((await Caught(host)).Message, Does.StartWith("Sim7600: ").And.Contain(message));
        Assert.That(log.Text, Does.Not.Contain(Password));
    }

    [Test]
    public async Task All_that_is_wrong_is_said_at_once_and_files_are_looked_at()
    {
        await using var modem = new AnsweringModem("bad");
        using var log = new RecordedLog();
        string noCertificate = typeof(HostTests).Assembly.Location;
        using IHost host = Builder(
            modem, log, ("Broker", "mqtts://b.example"), ("CaFile", noCertificate), ("CertFile", "/nowhere/cert.pem"), ("ClientId", "")).Build();

        OptionsValidationException error = await Caught(host);
        Assert.That(error.Failures, Has.Some.StartsWith("Sim7600:CaFile: ").And.Some.StartsWith("Sim7600:CertFile: the file /nowhere/cert.pem")
            .And.Some.StartsWith("Sim7600:KeyFile: ").And.Some.StartsWith("Sim7600:ClientId: "));
    }

    [Test]
    public async Task Every_kind_of_key_reaches_the_client(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("keys");
        using var log = new RecordedLog();
        HostApplicationBuilder builder = Builder(
            modem, log, ("BaudRate", "9600"), ("Apn", "internet"), ("KeepAlive", "00:05:00"), ("CleanSession", "false"), ("Will:Topic", "gone"), ("Will:Payload", "x"),
            ("Will:QualityOfService", "ExactlyOnce"), ("Outbox:WhenFull", "DropOldest"), ("Outbox:TimeToLive", "7.00:00:00"), ("Recovery:MqttReconnects", "9"),
            ("Recovery:LongestDelay", "00:10:00"), ("ReceiveOverflow", "DropNewest"), ("ReceiveCapacity", "5"), ("DrainTimeout", "00:00:02"), ("OutboxPath", ""));
        var time = new ScriptedTime();
        builder.Services.AddSingleton<TimeProvider>(time);
        using IHost host = builder.Build();
        await host.StartAsync(ct);
        ManagedMqttClient client = await host.Services.GetRequiredService<ISim7600Mqtt>().GetClientAsync(ct);
        ManagedMqttOptions options = client.Options;
        Assert.Multiple(() =>
        {
            Assert.That(options.Modem.Modem.Serial.BaudRate, Is.EqualTo(9600));
            Assert.That(options.Modem.Apn, Is.EqualTo("internet"));
            Assert.That(options.Connection.KeepAlive, Is.EqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(options.Connection.CleanSession, Is.False);
            Assert.That(options.Connection.Will, Has.Property("Topic").EqualTo("gone").And.Property("QualityOfService").EqualTo(MqttQualityOfServiceLevel.ExactlyOnce));
            Assert.That(options.Outbox, Is.EqualTo(new OutboxOptions { WhenFull = OutboxWhenFull.DropOldest, TimeToLive = TimeSpan.FromDays(7) }));
            Assert.That(options.Modem.Recovery, Is.EqualTo(new RecoveryOptions { MqttReconnects = 9, LongestDelay = TimeSpan.FromMinutes(10) }));
            Assert.That(options.ReceiveOverflow, Is.EqualTo(ReceiveOverflow.DropNewest));
            Assert.That(options.ReceiveCapacity, Is.EqualTo(5));
            Assert.That(options.OutboxPath, Is.Null, "an empty text is none");
            Assert.That(client.Supervisor.TimeProvider, Is.SameAs(time));
        });
    }

    [Test]
    public async Task A_scheme_that_is_none_is_the_only_complaint()
    {
        await using var modem = new AnsweringModem("scheme");
        using var log = new RecordedLog();
        using IHost host = Builder(modem, log, ("Broker", "http://b.example"), ("CertFile", "/nowhere/cert.pem")).Build();
        OptionsValidationException error = await Caught(host);
        Assert.That(error.Failures, Is.EqualTo((string[])["Sim7600:Broker: The broker's scheme http:// is not one of mqtt:// and mqtts://."]));
    }

    [Test]
    public async Task Health_follows_the_client(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("health");
        using var log = new RecordedLog();
        modem.Answers("AT+CMQTTCONNECT", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,30\r\n");
        modem.Answers("AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
        using IHost host = Builder(modem, log, ("RefusalLimit", "1")).Build();
        HealthReportEntry before = await Health();
        Assert.That(before.Status, Is.EqualTo(HealthStatus.Unhealthy), "not started");

        await host.StartAsync(ct);
        ISim7600Mqtt mqtt = host.Services.GetRequiredService<ISim7600Mqtt>();
        HealthReportEntry waiting = await Health();
        Assert.That(waiting.Status, Is.EqualTo(HealthStatus.Degraded), "the SIM is not ready");
        Assert.That(waiting.Description, Is.EqualTo($"WaitingForModem: the modem is {waiting.Data["modem"]}: {waiting.Data["modemReason"]}"));

        modem.Answers("AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n");
        await Assert.ThatAsync(() => mqtt.WaitConnectedAsync(ct), Throws.TypeOf<MqttFaultedException>());
        HealthReportEntry refused = await Health();
        Assert.That(refused.Status, Is.EqualTo(HealthStatus.Unhealthy), "the broker refuses");
        Assert.That(refused.Data["state"], Is.EqualTo("Faulted"));
        Assert.That(refused.Data["reason"], Does.Contain("30"));
        Assert.That(refused.Data["modem"], Is.EqualTo("Online"));

        await mqtt.EnqueueAsync("a", default, ct: ct);
        Assert.That((await Health()).Data["pending"], Is.EqualTo(1));
        modem.Answers("AT+CMQTTCONNECT", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        mqtt.Retry();
        await modem.Published.ReadAsync(ct);
        Assert.That((await Health()).Status, Is.EqualTo(HealthStatus.Healthy));

        await host.StopAsync(ct);
        Assert.That((await Health()).Status, Is.EqualTo(HealthStatus.Unhealthy));
        async Task<HealthReportEntry> Health()
        {
            HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(ct);
            HealthReportEntry entry = report.Entries["sim7600"];
            Assert.That(entry.Description + string.Join(' ', entry.Data), Does.Not.Contain(Password).And.Not.Contain(Pin));
            return entry;
        }
    }

    [Test]
    public async Task What_happens_is_measured_and_traced_without_secrets(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("measured");
        using var log = new RecordedLog();
        using var measured = new Measured(modem.Name);
        using var callers = new Activity("start of the program");
        callers.Start();
        using IHost host = Builder(modem, log, ("Recovery:FirstDelay", "00:00:00")).Build();
        await host.StartAsync(ct);
        callers.Stop();
        ISim7600Mqtt mqtt = host.Services.GetRequiredService<ISim7600Mqtt>();
        await mqtt.EnqueueAsync("plant/7/temp", "secret payload"u8.ToArray(), ct: ct);
        await modem.Published.ReadAsync(ct);
        await modem.Says(Talk.Message("plant/7/cmd/on", "1"));
        await foreach (MqttMessage message in mqtt.ReceiveAsync(ct))
        {
            break;
        }

        measured.Observe();
        Assert.That(measured.Sum("sim7600.mqtt.state", "state=Connected"), Is.EqualTo(1));
        Assert.That(measured.Sum("sim7600.modem.state", "state=Online"), Is.EqualTo(1));

        AtChannel channel = (await (await mqtt.GetClientAsync(ct)).Supervisor.WaitOnlineAsync(ct)).Modem.Channel;
        modem.Answers("AT+CGMI", "\r\n");
        await Assert.ThatAsync(
            () => channel.ExecuteAsync(new AtCommand("AT+CGMI=\"4711\"") { RedactedText = "AT+CGMI=…", Timeout = TimeSpan.FromMilliseconds(10) }, ct),
            Throws.TypeOf<AtTimeoutException>());
        await modem.Says("\r\nwho asked?\r\n\r\n+CMQTTCONNLOST: 0,1\r\n");
        IAsyncEnumerable<ManagedMqttTransition> steps = (await mqtt.GetClientAsync(ct)).WatchAsync(ct);
        if (measured.Count("sim7600.mqtt.recovery.steps") == 0 || mqtt.State != ManagedMqttState.Connected)
        {
            await foreach (ManagedMqttTransition step in steps)
            {
                if (step.State == ManagedMqttState.Connected)
                {
                    break;
                }
            }
        }

        await host.StopAsync(ct);
        Assert.Multiple(() =>
        {
            Assert.That(measured.Sum("sim7600.mqtt.publishes", "outcome=delivered"), Is.EqualTo(1));
            Assert.That(measured.Count("sim7600.mqtt.publish.duration", "outcome=delivered"), Is.EqualTo(1));
            Assert.That(measured.Sum("sim7600.mqtt.messages.received"), Is.EqualTo(1));
            Assert.That(measured.Sum("sim7600.mqtt.outbox.messages", "event=accepted"), Is.EqualTo(1));
            Assert.That(measured.Sum("sim7600.mqtt.outbox.messages", "event=delivered"), Is.EqualTo(1));
            Assert.That(measured.Count("sim7600.mqtt.outbox.pending"), Is.EqualTo(1));
            Assert.That(measured.Sum("sim7600.mqtt.connections.lost", "kind=ConnectionLost"), Is.EqualTo(1));
            Assert.That(measured.Sum("sim7600.mqtt.recovery.steps", "rung=MqttReconnect"), Is.EqualTo(1));
            Assert.That(measured.Sum("sim7600.at.timeouts", "at.command=AT+CGMI "), Is.EqualTo(1));
            Assert.That(measured.Sum("sim7600.at.lines.quarantined"), Is.GreaterThan(0));
            Assert.That(measured.Count("sim7600.at.command.duration", "at.command=AT+CMQTTPUB outcome=ok "), Is.EqualTo(1));
            Assert.That(measured.Count("sim7600.at.command.duration", "at.command=AT+CGMI outcome=timeout "), Is.EqualTo(1));
            Assert.That(
                measured.Activities.Select(activity => activity.OperationName),
                Is.SupersetOf((string[])["sim7600.mqtt.connect", "sim7600.mqtt.publish", "sim7600.mqtt.recover"]));
            Assert.That(measured.Activities.Select(activity => activity.ParentId), Has.All.Null, "the client's own traces, not its caller's");
            Assert.That(measured.Text, Does.Not.Contain(Password).And.Not.Contain(Pin).And.Not.Contain("secret payload"));
        });
        measured.Observe();
        Assert.That(measured.Count("sim7600.mqtt.outbox.pending"), Is.EqualTo(1), "a client that has ended is shown no more");
    }

    [Test]
    public async Task Stopping_without_a_connection_does_not_wait_and_says_what_is_lost(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("offline");
        using var log = new RecordedLog();
        modem.Answers("AT+CPIN?", "\r\n+CPIN: NOT READY\r\n\r\nOK\r\n");
        using IHost host = Builder(modem, log, ("DrainTimeout", "01:00:00")).Build();
        await host.StartAsync(ct);
        await host.Services.GetRequiredService<ISim7600Mqtt>().EnqueueAsync("a", default, ct: ct);

        await host.StopAsync(ct);
        Assert.That(log.Text, Does.Contain("2201 MQTT client 0: stopping with 1 messages that are not published; they are lost"));
    }

    [Test]
    public async Task A_modem_that_is_stuck_in_a_publish_does_not_hold_the_host_longer_than_its_shutdown_time(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("stuck");
        using var log = new RecordedLog();
        modem.Answers("AT+CMQTTPUB", "");
        HostApplicationBuilder builder = Builder(modem, log, ("DrainTimeout", "01:00:00"));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        using IHost host = builder.Build();
        await host.StartAsync(ct);
        await host.Services.GetRequiredService<ISim7600Mqtt>().EnqueueAsync("a", "1"u8.ToArray(), ct: ct);
        await modem.Published.ReadAsync(ct);

        await host.StopAsync(ct);
        Assert.That(log.Count(2201), Is.EqualTo(1));
        Assert.That(log.Count(2202), Is.EqualTo(1));
        host.Dispose();

        // Only now may the publish end, and the client with it.
        await modem.Says("\r\n+CMQTTPUB: 0,0\r\n\r\nOK\r\n");
    }

    [Test]
    public async Task An_outbox_that_cannot_be_opened_ends_the_start_and_whoever_waits(CancellationToken ct)
    {
        await using var modem = new AnsweringModem("outbox");
        using var log = new RecordedLog();
        using IHost host = Builder(modem, log, ("OutboxPath", "/nowhere/at/all.outbox")).Build();
        Task<ManagedMqttClient> waiting = host.Services.GetRequiredService<ISim7600Mqtt>().GetClientAsync(ct);

        await Assert.ThatAsync(() => host.StartAsync(ct), Throws.TypeOf<OutboxStoreException>());
        await Assert.ThatAsync(() => waiting, Throws.InvalidOperationException.With.Message.Contains("/nowhere/at/all.outbox"));
    }

    [Test]
    public async Task Two_modems_go_by_their_names(CancellationToken ct)
    {
        await using var north = new AnsweringModem("north");
        await using var south = new AnsweringModem("south");
        using var log = new RecordedLog();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        foreach ((string name, AnsweringModem modem) in ((string, AnsweringModem)[])[("north", north), ("south", south)])
        {
            Add(builder, $"Modems:{name}", modem);
            builder.Services.AddSim7600(name, builder.Configuration.GetSection($"Modems:{name}"));
            builder.Services.AddSim7600(name, options => options.Adjust = managed => OnLink(managed, modem));
            builder.Services.AddHealthChecks().AddSim7600(name, name);
        }

        using IHost host = builder.Build();
        await host.StartAsync(ct);
        await host.Services.GetRequiredKeyedService<ISim7600Mqtt>("north").EnqueueAsync("t", "n"u8.ToArray(), ct: ct);
        await host.Services.GetRequiredKeyedService<ISim7600Mqtt>("south").EnqueueAsync("t", "s"u8.ToArray(), ct: ct);
        Assert.That(await north.Published.ReadAsync(ct), Is.EqualTo("t=n"));
        Assert.That(await south.Published.ReadAsync(ct), Is.EqualTo("t=s"));
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(ct);
        Assert.That(report.Entries.Keys, Is.EquivalentTo((string[])["north", "south"]));
        Assert.That(report.Status, Is.EqualTo(HealthStatus.Healthy));
        await host.StopAsync(ct);
    }

    private static async Task<OptionsValidationException> Caught(IHost host)
    {
        try
        {
            await host.StartAsync(CancellationToken.None);
        }
        catch (OptionsValidationException exception)
        {
            return exception;
        }

        throw new AssertionException("The host started.");
    }

    private sealed class Thermometer(ISim7600Mqtt mqtt) : BackgroundService
    {
        public const int LastWords = 50;

        public TaskCompletionSource<MqttMessage> Received { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            await base.StopAsync(cancellationToken);
            for (int number = 0; number < LastWords; number++)
            {
                await mqtt.EnqueueAsync("plant/7/state", Encoding.UTF8.GetBytes($"bye {number}"), ct: cancellationToken);
            }
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await mqtt.EnqueueAsync("plant/7/temp", "21.5"u8.ToArray(), ct: stoppingToken);
            await foreach (MqttMessage message in mqtt.ReceiveAsync(stoppingToken))
            {
                Received.TrySetResult(message);
            }
        }
    }
}
