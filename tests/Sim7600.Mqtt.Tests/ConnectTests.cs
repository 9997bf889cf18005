using Sim7600.Driver;
using Sim7600.Driver.Features;
using Sim7600.Mqtt.Session;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt.Tests;

/// <summary>From START to CONNECT and back, whatever the modem was left in.</summary>
[CancelAfter(60_000)]
public sealed class ConnectTests
{
    private static readonly MqttConnectOptions Secret = Talk.Plain with { UserName = "u", Password = "hunter2" };

    [TestCase("\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n", "\r\nOK\r\n\r\n+CMQTTDISC: 0,0\r\n", "\r\n+CMQTTSTOP: 0\r\n\r\nOK\r\n")]
    [TestCase("\r\nOK\r\n\r\n+CMQTTSTART: 0\r\n", "\r\n+CMQTTCONNECT: 0,0\r\n\r\nOK\r\n", "\r\n+CMQTTDISC: 0,0\r\n\r\nOK\r\n", "\r\nOK\r\n\r\n+CMQTTSTOP: 0\r\n")]
    public async Task Connecting_and_disconnecting_take_both_orders(string start, string connect, string disconnect, string stop)
    {
        await using Talk talk = await Talk.Opened(byteByByte: true);
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain);
        await talk.Peer.Answers("AT+CMQTTSTART\r", start);
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", connect);
        Sim7600MqttClient client = await connecting;
        Assert.That(client.IsConnected);

        Task leaving = client.DisconnectAsync();
        await talk.Peer.Answers("AT+CMQTTDISC=0,60\r", disconnect);
        await talk.Peer.Answers("AT+CMQTTREL=0\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTSTOP\r", stop);
        await leaving;
        Assert.That((await client.ConnectionLost).Kind, Is.EqualTo(MqttConnectionLossKind.ClosedByHost));
        await client.DisposeAsync();
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Leaving_waits_for_an_operation_that_the_broker_does_not_answer_and_lets_others_use_the_line_meanwhile()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task leaving = client.DisconnectAsync();
        foreach (double pause in (double[])[0.25, 0.5, 1, .. Enumerable.Repeat(2.0, 60)])
        {
            await talk.Peer.Answers("AT+CMQTTDISC=0,60\r", "\r\n+CMQTTDISC: 0,14\r\n\r\nERROR\r\n");
            Task<SignalQuality> asking = talk.Modem.Network.SignalAsync();
            await talk.Peer.Answers("AT+CSQ\r", "\r\n+CSQ: 21,99\r\n\r\nOK\r\n");
            Assert.That((await asking).Rssi, Is.EqualTo(21));
            await talk.Time.PassesUntil(TimeSpan.FromSeconds(pause), () => talk.Peer.HasHeardSomething);
        }

        await talk.Disconnects();
        await leaving;
    }

    [Test]
    public async Task Leaving_that_takes_too_long_ends_in_a_time_out_and_not_in_a_cancellation_that_nobody_asked_for()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task leaving = client.DisconnectAsync();
        await talk.Peer.Expects("AT+CMQTTDISC=0,60\r");
        await talk.Time.Passes(Sim7600MqttClient.CleanupTimeout);

        Assert.That((await Assert.ThrowsAsync<TimeoutException>(() => leaving))!.Message, Does.Contain("client 0"));
        Assert.That(client.IsConnected, Is.False);
    }

    [Test]
    public async Task The_will_and_the_credentials_go_with_the_connect()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(
            Secret with { Broker = new("mqtt://b.example:1884"), CleanSession = false, KeepAlive = TimeSpan.FromSeconds(90), Will = new("dev-1/ü", "offline"u8.ToArray(), MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce) });
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTWILLTOPIC=0,8\r", "\r\n>");
        await talk.Peer.Answers("dev-1/\xC3\xBC", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTWILLMSG=0,7,1\r", "\r\n>");
        await talk.Peer.Answers("offline", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1884\",90,0,\"u\",\"hunter2\"\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        await connecting;

        Assert.That(talk.Log.Text, Does.Not.Contain("hunter2").And.Contain("\"****\""));
    }

    [TestCase("\r\nOK\r\n\r\n+CMQTTCONNECT: 0,30\r\n")]
    [TestCase("\r\n+CMQTTCONNECT: 0,30\r\n\r\nERROR\r\n")]
    [TestCase("\r\nERROR\r\n\r\n+CMQTTCONNECT: 0,30\r\n")]
    public async Task A_refusal_names_its_number_and_leaves_the_modem_clean(string answer)
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Secret);
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1,\"u\",\"hunter2\"\r", answer);
        await talk.Releases();

        MqttConnectException error = (await Assert.ThrowsAsync<MqttConnectException>(() => connecting))!;
        Assert.That(error.Result!.Code, Is.EqualTo(CmqttResultCode.RefusedUserNameOrPassword));
        Assert.That(error.Message, Does.Contain("30").And.Contain("node-7").And.Contain("correct them"));
        Assert.That(error + talk.Log.Text + Secret, Does.Not.Contain("hunter2"));

        await using Sim7600MqttClient again = await talk.Connected();
        Task leaving = again.DisconnectAsync();
        await talk.Disconnects();
        await leaving;
    }

    [Test]
    public async Task A_failing_start_ends_and_does_not_loop()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain);
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\nOK\r\n\r\n+CMQTTSTART: 7\r\n");

        MqttConnectException error = (await Assert.ThrowsAsync<MqttConnectException>(() => connecting))!;
        Assert.That(error.Result!.Code, Is.EqualTo(CmqttResultCode.NetworkOpenFailed));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task A_bare_error_is_a_refusal_without_a_number()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain);
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\nERROR\r\n");
        await talk.Time.Passes(talk.Options.ResultLineGrace);

        Assert.That((await Assert.ThrowsAsync<MqttConnectException>(() => connecting))!.Result, Is.EqualTo(CmqttResult.Unspecified));
    }

    [TestCase("0,0", "0,\"other\",0,3")]
    [TestCase("0,1", "0,\"other\",0,3")]
    [TestCase("0,1", "0,\"node-7\",0,3")]
    [TestCase("0,0", "0,\"node-7\",1,3")]
    [TestCase("0,0", null)]
    public async Task A_client_that_is_not_ours_is_released_and_acquired_anew(string state, string? acquired)
    {
        bool connected = state == "0,0";
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain);
        await talk.FindsClientInUse(acquired, state);
        if (connected)
        {
            await talk.Peer.Answers("AT+CMQTTDISC=0,60\r", "\r\n+CMQTTCONNLOST: 0,1\r\n\r\nOK\r\n\r\n+CMQTTDISC: 0,0\r\n");
        }

        await talk.Peer.Answers("AT+CMQTTREL=0\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        Sim7600MqttClient client = await connecting;
        Assert.That(client.IsConnected, "a loss before our own CONNECT is not ours");

        Task leaving = client.DisconnectAsync();
        await talk.Disconnects(stops: false);
        await leaving;
        talk.Peer.ExpectsNothingMore();
    }

    [TestCase("\"node-7\"", "\"tcp://b.example:1883\"")]
    [TestCase("node-7", "tcp://b.example:1883")]
    public async Task A_connection_that_is_just_as_ours_is_adopted(string id, string address)
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain);
        await talk.FindsClientInUse($"0,{id},0,3", "0,0");
        await talk.Peer.Answers("AT+CMQTTCONNECT?\r", $"\r\n+CMQTTCONNECT: 0,{address},60,1\r\n+CMQTTCONNECT: 1\r\n\r\nOK\r\n");
        Sim7600MqttClient client = await connecting;
        Assert.That(client.State, Is.EqualTo(MqttSessionState.Connected));
        talk.Peer.ExpectsNothingMore();

        await talk.Peer.Says("\r\n+CMQTTCONNLOST: 0,2\r\n");
        Assert.That((await client.ConnectionLost).Code, Is.EqualTo(2), "its end is noticed");
    }

    [TestCase("0,\"tcp://b.example:1884\",60,1")]
    [TestCase("0,\"tcp://b.example:1883\",61,1")]
    [TestCase("0,\"tcp://b.example:1883\",60,0")]
    [TestCase("0,\"tcp://b.example:1883\",60,1,\"someone\"")]
    [TestCase("1,\"tcp://b.example:1883\",60,1")]
    [TestCase("0,\"tcp://b.exam")]
    public async Task A_connection_that_differs_is_made_anew(string connection)
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain);
        await talk.FindsClientInUse("0,\"node-7\",0,3", "0,0");
        await talk.Peer.Answers("AT+CMQTTCONNECT?\r", $"\r\n+CMQTTCONNECT: {connection}\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTDISC=0,60\r", "\r\nOK\r\n\r\n+CMQTTDISC: 0,0\r\n");
        await talk.Peer.Answers("AT+CMQTTREL=0\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        Assert.That((await connecting).IsConnected);
    }

    [TestCase("AT+CMQTTSTART")]
    [TestCase("AT+CMQTTACCQ?")]
    [TestCase("AT+CMQTTDISC?")]
    public async Task A_connection_whose_keep_alive_fails_meanwhile_is_not_adopted(string during)
    {
        string Urc(string command) => command == during ? "\r\n+CMQTTPING: 0,17\r\n" : "\r\n+CMQTTPING: 1,17\r\n";
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain);
        await talk.Peer.Answers("AT+CMQTTSTART\r", Urc("AT+CMQTTSTART") + "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ?\r", Urc("AT+CMQTTACCQ?") + "\r\n+CMQTTACCQ: 0,\"node-7\",0,3\r\n+CMQTTACCQ: 1,\"\",0,3\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTDISC?\r", Urc("AT+CMQTTDISC?") + "\r\n+CMQTTDISC: 0,0\r\n+CMQTTDISC: 1,1\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTDISC=0,60\r", "\r\nOK\r\n\r\n+CMQTTDISC: 0,0\r\n");
        await talk.Peer.Answers("AT+CMQTTREL=0\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
        Assert.That((await connecting).IsConnected);
    }

    [Test]
    public async Task A_password_that_the_modem_reads_back_is_compared_and_shown_nowhere()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Secret);
        await talk.FindsClientInUse("0,\"node-7\",0,3", "0,0");
        await talk.Peer.Answers("AT+CMQTTCONNECT?\r", "\r\n+CMQTTCONNECT: 0,\"tcp://b.example:1883\",60,1,\"u\",\"hunter2\"\r\n\r\nOK\r\n");
        Assert.That((await connecting).IsConnected);
        Assert.That(talk.Log.Text, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task A_client_that_stays_in_use_ends_in_a_refusal_and_not_in_a_loop()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain);
        await talk.FindsClientInUse("0,\"other\",0,3", "0,1");
        await talk.Peer.Answers("AT+CMQTTREL=0\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n");
        await talk.Peer.Answers("AT+CMQTTREL=0\r", "\r\nOK\r\n");
        Assert.That((await Assert.ThrowsAsync<MqttConnectException>(() => connecting))!.Result!.Code, Is.EqualTo(CmqttResultCode.ClientUsed));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task A_client_that_is_connected_already_is_disconnected_first()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain);
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", "\r\n+CMQTTCONNECT: 0,13\r\n\r\nERROR\r\n");
        await talk.Peer.Answers("AT+CMQTTDISC=0,60\r", "\r\nOK\r\n\r\n+CMQTTDISC: 0,0\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");

        Assert.That((await connecting).IsConnected);
    }

    [Test]
    public async Task A_connect_result_that_was_lost_is_asked_for()
    {
        await using Talk talk = await Talk.Opened();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain);
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await talk.Peer.Expects("AT+CMQTTACCQ=0,\"node-7\"\r");

        // Before its answer, because CONNECT starts its own time at once after it.
        talk.Time.Forget();
        await talk.Peer.Says("\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", "\r\nOK\r\n");
        await talk.Time.Passes(Talk.Plain.ConnectTimeout);
        await talk.GetsInStep();
        await talk.Peer.Answers("AT+CMQTTDISC?\r", "\r\n+CMQTTDISC: 0,0\r\n+CMQTTDISC: 1,1\r\n\r\nOK\r\n");

        Assert.That((await connecting).IsConnected);
    }

    [Test]
    public async Task Cancelling_a_connect_leaves_the_modem_clean()
    {
        await using Talk talk = await Talk.Opened();
        using var cancel = new CancellationTokenSource();
        Task<Sim7600MqttClient> connecting = talk.Modem.ConnectMqttAsync(Talk.Plain, cancel.Token);
        await talk.Peer.Answers("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTACCQ=0,\"node-7\"\r", "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTCONNECT=0,\"tcp://b.example:1883\",60,1\r", "");
        await cancel.CancelAsync();
        await talk.GetsInStep();
        await talk.Disconnects();

        await Assert.CatchAsync<OperationCanceledException>(() => connecting);
    }

    [Test]
    public async Task Two_clients_share_the_service_and_the_last_one_stops_it([Values(0, 1)] int first)
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient zero = await talk.Connected();
        await Assert.ThrowsAsync<InvalidOperationException>(() => talk.Modem.ConnectMqttAsync(Talk.Plain));
        Sim7600MqttClient one = await talk.Connected(Talk.Plain with { ClientIndex = 1, ClientId = "node-8" });
        (Sim7600MqttClient leaves, Sim7600MqttClient stays) = first == 0 ? (zero, one) : (one, zero);

        Task leaving = leaves.DisconnectAsync();
        await talk.Disconnects(first, stops: false);
        await leaving;
        Assert.That(stays.IsConnected);
        leaving = stays.DisconnectAsync();
        await talk.Disconnects(1 - first, stops: true);
        await leaving;
        talk.Peer.ExpectsNothingMore();
    }

    [TestCase("+CMQTTCONNLOST: 0,1", MqttConnectionLossKind.ConnectionLost, "AT+CMQTTREL=0\r")]
    [TestCase("+CMQTTPING: 0,1", MqttConnectionLossKind.KeepAliveFailed, "AT+CMQTTDISC=0,60\r")]
    [TestCase("+CMQTTNONET", MqttConnectionLossKind.NetworkLost, "AT+CMQTTREL=0\r")]
    public async Task The_end_of_the_connection_is_told_and_cleaned_up(string urc, MqttConnectionLossKind kind, string firstCommand)
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        await talk.Peer.Says($"\r\n{urc}\r\n");
        Assert.That((await client.ConnectionLost).Kind, Is.EqualTo(kind));
        Assert.That(client.IsConnected, Is.False);
        await Assert.ThrowsAsync<MqttConnectionLostException>(() => client.PublishAsync("t", default));
        await Assert.ThrowsAsync<MqttConnectionLostException>(() => client.OpenSubscriptionAsync(["t"]));

        Task leaving = client.DisconnectAsync();
        if (firstCommand.Contains("DISC", StringComparison.Ordinal))
        {
            await talk.Peer.Answers(firstCommand, "\r\n+CMQTTDISC: 0,11\r\n\r\nERROR\r\n");
        }

        await talk.Releases();
        await leaving;
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Losses_of_the_other_client_are_not_ours()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        await talk.Peer.Says("\r\n+CMQTTCONNLOST: 1,1\r\n\r\n+CMQTTPING: 1,1\r\n\r\n+CMQTTPING: 0,0\r\n\r\n+CMQTTCONNLOST: 0,2\r\n");

        Assert.That((await client.ConnectionLost).Code, Is.EqualTo(2));
    }

    [Test]
    public async Task After_a_restart_of_the_modem_nothing_is_sent_and_connecting_starts_anew()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        await talk.Peer.Says("\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n\r\nRDY\r\n");
        Assert.That((await client.ConnectionLost).Kind, Is.EqualTo(MqttConnectionLossKind.ModemRestarted));
        await client.DisposeAsync();
        talk.Peer.ExpectsNothingMore();

        client = await talk.Connected();
        Task leaving = client.DisconnectAsync();
        await talk.Disconnects();
        await leaving;
    }

    [Test]
    public async Task A_lost_line_ends_the_connection_and_disposing_returns()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        await talk.Peer.Unplug();

        MqttConnectionLoss loss = await client.ConnectionLost;
        Assert.That(loss.Kind, Is.EqualTo(MqttConnectionLossKind.LinkLost));
        Assert.That(loss.Description, Does.Contain("the device was unplugged"));
        await client.DisposeAsync();
        await Assert.ThrowsAsync<AtChannelClosedException>(() => talk.Modem.ConnectMqttAsync(Talk.Plain));
    }

    [TestCase("mqtt://b.example", "no\"de", "quote")]
    [TestCase("mqtt://b.example", "no\rde", "CR")]
    [TestCase("mqtt://b.example", "no\nde", "LF")]
    [TestCase("mqtt://b.example", "no\0de", "NUL")]
    [TestCase("mqtt://b.example", "", "1 to 128")]
    [TestCase("http://b.example", "node", "http")]
    [TestCase("mqtt://u:p@b.example", "node", "UserName")]
    [TestCase("mqtt://b.example/path", "node", "path")]
    [TestCase("mqtt://b.example:1?x", "node", "query")]
    [TestCase("mqtt://b.example:1#x", "node", "query")]
    public async Task Options_that_cannot_be_carried_are_refused_before_anything_is_sent(string broker, string clientId, string named)
    {
        await using Talk talk = await Talk.Opened();

        ArgumentException error = (await Assert.CatchAsync<ArgumentException>(
            () => talk.Modem.ConnectMqttAsync(new() { Broker = new(broker), ClientId = clientId })))!;

        Assert.That(error.Message, Does.Contain(named));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public void A_password_in_the_address_is_shown_nowhere()
    {
        var options = new MqttConnectOptions { Broker = new("mqtt://u:s3cret@b.example:1883") };
        Assert.That(options.ToString(), Does.Contain("b.example").And.Not.Contain("s3cret"));
        Assert.That(Assert.Throws<ArgumentException>(options.Validate)!.ToString(), Does.Not.Contain("s3cret"));
    }

    [Test]
    public async Task More_options_are_refused_before_anything_is_sent()
    {
        await using Talk talk = await Talk.Opened();
        foreach (MqttConnectOptions bad in (MqttConnectOptions[])
            [
                Secret with { Password = "hunter\"2" },
                Secret with { Password = new string('p', 257) },
                Secret with { UserName = null },
                Secret with { UserName = "u\0" },
                Secret with { UserName = new string('ü', 129) },
                Secret with { UserName = new string('u', 256), Password = new string('p', 256), Broker = new("mqtt://" + new string('b', 60)) },
                Secret with { ClientId = new string('ü', 65) },
                Secret with { ClientIndex = 2 },
                Secret with { KeepAlive = TimeSpan.Zero },
                Secret with { PublishTimeout = TimeSpan.FromSeconds(181) },
                Secret with { Will = new("a/+", "x"u8.ToArray()) },
                Secret with { Will = new("a", default) },
            ])
        {
            ArgumentException error = (await Assert.CatchAsync<ArgumentException>(() => talk.Modem.ConnectMqttAsync(bad)))!;
            Assert.That(error.ToString(), Does.Not.Contain("hunter"));
        }

        talk.Peer.ExpectsNothingMore();
    }
}
