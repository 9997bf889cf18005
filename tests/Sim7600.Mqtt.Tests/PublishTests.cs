using System.Text;
using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt.Tests;

/// <summary>A publish ends delivered, refused or unknown, and each is true.</summary>
[CancelAfter(60_000)]
public sealed class PublishTests
{
    private static readonly byte[] Payload = "21.5"u8.ToArray();

    [TestCase(MqttQualityOfServiceLevel.AtMostOnce, false, "AT+CMQTTPUB=0,0,60\r")]
    [TestCase(MqttQualityOfServiceLevel.AtLeastOnce, false, "AT+CMQTTPUB=0,1,60\r")]
    [TestCase(MqttQualityOfServiceLevel.ExactlyOnce, true, "AT+CMQTTPUB=0,2,60,1\r")]
    public async Task Delivered_is_what_the_result_line_says(MqttQualityOfServiceLevel qos, bool retain, string command)
    {
        await using Talk talk = await Talk.Opened(byteByByte: true);
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("dev-1/t", Payload, qos, retain);
        await talk.TakesTopic("dev-1/t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers(command, "\r\nOK\r\n");
        Assert.That(publishing.IsCompleted, Is.False, "OK alone is no delivery");
        await talk.Peer.Says("\r\n+CMQTTPUB: 0,0\r\n");

        Assert.That((await publishing).IsDelivered);
    }

    [TestCase("\r\n+CMQTTPUB: 0,11\r\n\r\nERROR\r\n", 11, false)]
    [TestCase("\r\n+CMQTTPUB: 0,12\r\n\r\nERROR\r\n", 12, false)]
    [TestCase("\r\n+CMQTTPUB: 0,18\r\n\r\nERROR\r\n", 18, false)]
    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,22\r\n", 22, false)]
    [TestCase("\r\nERROR\r\n\r\n+CMQTTPUB: 0,2\r\n", 2, false)]
    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,1\r\n", 1, true)]
    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,6\r\n", 6, true)]
    [TestCase("\r\n+CMQTTPUB: 0,6\r\n\r\nERROR\r\n", 6, true)]
    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,16\r\n", 16, true)]
    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,17\r\n", 17, true)]
    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,26\r\n", 26, true)]
    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,99\r\n", 99, true)]
    [TestCase("\r\n+CMQTTPUB: 0,0\r\n\r\nERROR\r\n", -1, true)]
    [TestCase("\r\nOK\r\n\r\n+CMQTTPUB: 0,\r\n", -1, true)]
    public async Task Refused_is_only_what_certainly_was_not_published_and_the_number_is_named(string answer, int number, bool mayHaveArrived)
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("dev-1/t", Payload);
        await talk.TakesTopic("dev-1/t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", answer);

        PublishOutcome outcome = await publishing;
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.EqualTo(mayHaveArrived ? PublishStatus.Unknown : PublishStatus.Refused));
            Assert.That(outcome.Result!.Number, Is.EqualTo(number));
            Assert.That(outcome.MayHaveArrived, Is.EqualTo(mayHaveArrived));
            Assert.That(outcome.Reason, Is.Not.Empty);
        });
    }

    [Test]
    public async Task A_payload_whose_length_lost_a_digit_is_not_published()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("dev-1/t", "12 degrees\r\nin here\r"u8.ToArray());
        await talk.TakesTopic("dev-1/t");
        await talk.Peer.Answers("AT+CMQTTPAYLOAD=0,20\r", "\r\n>");
        await talk.Peer.Answers("12 degrees\r\nin here\r", "\r\nOK\r\n\r\nERROR\r\n\r\nERROR\r\n"); // it has read 2 bytes and two lines

        Assert.That((await Assert.ThrowsAsync<AtUnexpectedAnswerException>(() => publishing))!.Message, Does.Contain("more final results or prompts than there were commands"));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task A_payload_whose_echo_with_a_lost_byte_looks_like_an_answer_is_not_published()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("dev-1/t", "319 \r\nOK\r\n>\r\n"u8.ToArray());
        await talk.TakesTopic("dev-1/t");
        await talk.Peer.Answers("AT+CMQTTPAYLOAD=0,13\r", "AT+CMQTTPAYLOAD=0,13\r\r\n>");
        await talk.Peer.Answers("319 \r\nOK\r\n>\r\n", "31 \r\nOK\r\n>\r\n"); // it lacks a byte still, and echoes

        Assert.That((await Assert.ThrowsAsync<AtUnexpectedAnswerException>(() => publishing))!.Message, Does.Contain("final results or prompts"));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task A_result_too_many_behind_pub_leaves_open_what_was_published()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("dev-1/t", Payload);
        await talk.TakesTopic("dev-1/t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", "\r\nOK\r\n\r\nERROR\r\n\r\n+CMQTTPUB: 0,0\r\n");

        Assert.That((await publishing).MayHaveArrived);
    }

    [Test]
    public async Task A_bare_error_in_the_place_of_ok_is_a_refusal_when_it_repeats()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("dev-1/t", Payload);
        foreach (int milliseconds in new[] { 250, 500, 0 })
        {
            await talk.TakesTopic("dev-1/t");
            await talk.TakesPayload("21.5");
            talk.Time.Forget();
            await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", "\r\nERROR\r\n");
            await talk.Time.Passes(talk.Options.ResultLineGrace);
            if (milliseconds > 0)
            {
                await talk.Time.Passes(TimeSpan.FromMilliseconds(milliseconds));
            }
        }

        Assert.That((await publishing).Status, Is.EqualTo(PublishStatus.Refused));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task A_byte_of_the_topic_command_that_the_line_lost_costs_a_second_try_and_no_refusal()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("dev-1/t", Payload);
        await talk.Peer.Answers("AT+CMQTTTOPIC=0,7\r", "\r\nERROR\r\n");
        await talk.Time.Passes(talk.Options.ResultLineGrace);
        await talk.Time.Passes(TimeSpan.FromMilliseconds(250));
        await talk.TakesTopic("dev-1/t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", "\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n");
        Assert.That((await publishing).IsDelivered);
    }

    [Test]
    public async Task A_topic_that_is_refused_ends_it_before_anything_is_published()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("dev-1/t", Payload);
        await talk.Peer.Answers("AT+CMQTTTOPIC=0,7\r", "\r\n+CMQTTTOPIC: 0,11\r\n\r\nERROR\r\n");

        Assert.That((await publishing).Result!.Code, Is.EqualTo(CmqttResultCode.NoConnection));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Lengths_count_bytes_and_payload_is_any_bytes()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Task<PublishOutcome> publishing = client.PublishAsync("größe/€", all);
        await talk.Peer.Answers("AT+CMQTTTOPIC=0,11\r", "\r\n>");
        await talk.Peer.Answers(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("größe/€")), "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTPAYLOAD=0,256\r", "\r\n>");
        await talk.Peer.Answers(Encoding.Latin1.GetString(all), "\r\nOK\r\n");
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", "\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n");

        Assert.That((await publishing).IsDelivered);
    }

    [Test]
    public async Task An_empty_message_leaves_payload_out()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("dev-1/t", ReadOnlyMemory<byte>.Empty, retain: true);
        await talk.TakesTopic("dev-1/t");
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60,1\r", "\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n");

        Assert.That((await publishing).IsDelivered);
    }

    [Test]
    public async Task The_largest_payload_is_sent_and_one_byte_more_is_refused()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Assert.That((await Assert.ThrowsAsync<ArgumentException>(() => client.PublishAsync("t", new byte[10_241])))!.Message, Does.Contain("10240").And.Contain("10241"));
        talk.Peer.ExpectsNothingMore();

        Task<PublishOutcome> publishing = client.PublishAsync("t", new byte[10_240]);
        await talk.TakesTopic("t");
        await talk.TakesPayload(new string('\0', 10_240));
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", "\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n");
        Assert.That((await publishing).IsDelivered);
    }

    [TestCase("", "1 to 1024")]
    [TestCase("a/+/b", "+")]
    [TestCase("a/#", "#")]
    [TestCase("a\0b", "NUL")]
    public async Task A_topic_that_cannot_be_is_refused_and_nothing_is_sent(string topic, string named)
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();

        Assert.That((await Assert.CatchAsync<ArgumentException>(() => client.PublishAsync(topic, Payload)))!.Message, Does.Contain(named));
        Assert.That((await Assert.CatchAsync<ArgumentException>(() => client.PublishAsync(new string('ü', 513), Payload)))!.Message, Does.Contain("1026").And.Contain("1024"));
        talk.Peer.ExpectsNothingMore();
    }

    [TestCase("a\"b")]
    [TestCase("a\rATE1\r")]
    [TestCase("a\nb\u001b")]
    public async Task A_topic_goes_by_count_whatever_is_in_it(string topic)
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync(topic, Payload);
        await talk.TakesTopic(topic);
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", "\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n");

        Assert.That((await publishing).IsDelivered);
    }

    [Test]
    public async Task A_topic_with_half_a_surrogate_pair_is_refused()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();

        Assert.That((await Assert.CatchAsync<ArgumentException>(() => client.PublishAsync("a\uD800b", Payload)))!.Message, Does.Contain("surrogate"));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Concurrent_publishers_keep_topic_payload_and_pub_together()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient zero = await talk.Connected();
        Sim7600MqttClient one = await talk.Connected(Talk.Plain with { ClientIndex = 1, ClientId = "node-8" });
        Task<PublishOutcome>[] publishing =
        [
            .. Enumerable.Range(0, 4).Select(_ => zero.PublishAsync("t", Payload)),
            .. Enumerable.Range(0, 4).Select(_ => one.PublishAsync("t", Payload)),
        ];
        for (int done = 0; done < publishing.Length; done++)
        {
            // They come in turn: the first four are client 0's, because they asked first.
            int index = done < 4 ? 0 : 1;
            await talk.TakesTopic("t", index);
            await talk.TakesPayload("21.5", index);
            await talk.Peer.Answers($"AT+CMQTTPUB={index},0,60\r", $"\r\nOK\r\n\r\n+CMQTTPUB: {index},0\r\n");
        }

        Assert.That((await Task.WhenAll(publishing)).All(outcome => outcome.IsDelivered));
    }

    [TestCase("AT+CMQTTTOPIC=0,1\r", "\r\n+CMQTTTOPIC: 0,14\r\n\r\nERROR\r\n")]
    [TestCase("AT+CMQTTPUB=0,0,60\r", "\r\n+CMQTTPUB: 0,14\r\n\r\nERROR\r\n")]
    public async Task A_busy_modem_is_asked_again_from_the_topic_on(string command, string answer)
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("t", Payload);
        if (command.Contains("PUB", StringComparison.Ordinal))
        {
            await talk.TakesTopic("t");
            await talk.TakesPayload("21.5");
        }

        await talk.Peer.Answers(command, answer);
        await talk.Time.Passes(TimeSpan.FromMilliseconds(250));
        await talk.TakesTopic("t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", "\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n");

        Assert.That((await publishing).IsDelivered);
    }

    [Test]
    public async Task A_modem_that_stays_busy_refuses_in_the_end()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected(Talk.Plain with { BusyTimeout = TimeSpan.FromSeconds(1) });
        Task<PublishOutcome> publishing = client.PublishAsync("t", Payload);
        foreach (int delay in (int[])[250, 500, 0])
        {
            await talk.Peer.Answers("AT+CMQTTTOPIC=0,1\r", "\r\n+CMQTTTOPIC: 0,14\r\n\r\nERROR\r\n");
            if (delay > 0)
            {
                await talk.Time.Passes(TimeSpan.FromMilliseconds(delay));
            }
        }

        Assert.That((await publishing).Result!.Code, Is.EqualTo(CmqttResultCode.ClientBusy));
    }

    [Test]
    public async Task A_line_that_dies_after_pub_leaves_the_outcome_unknown_and_before_it_says_not_published()
    {
        await using (Talk talk = await Talk.Opened())
        {
            Sim7600MqttClient client = await talk.Connected();
            Task<PublishOutcome> publishing = client.PublishAsync("t", Payload, MqttQualityOfServiceLevel.AtLeastOnce);
            await talk.TakesTopic("t");
            await talk.TakesPayload("21.5");
            await talk.Peer.Answers("AT+CMQTTPUB=0,1,60\r", "\r\nOK\r\n");
            await talk.Peer.Unplug();
            PublishOutcome outcome = await publishing;
            Assert.That(outcome.Status, Is.EqualTo(PublishStatus.Unknown));
            Assert.That(outcome.MayHaveArrived);
            Assert.That(outcome.Reason, Does.Contain("unplugged"));
        }

        await using (Talk talk = await Talk.Opened())
        {
            Sim7600MqttClient client = await talk.Connected();
            Task<PublishOutcome> publishing = client.PublishAsync("t", Payload);
            await talk.TakesTopic("t");
            await talk.Peer.Expects("AT+CMQTTPAYLOAD=0,4\r");
            await talk.Peer.Unplug();
            await Assert.ThrowsAsync<AtChannelClosedException>(() => publishing);
        }
    }

    [Test]
    public async Task No_result_in_time_is_unknown_and_a_late_one_is_not_the_next_publish_s()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> lost = client.PublishAsync("t", Payload, MqttQualityOfServiceLevel.AtLeastOnce);
        await talk.TakesTopic("t");
        await talk.TakesPayload("21.5");
        talk.Time.Forget();
        await talk.Peer.Answers("AT+CMQTTPUB=0,1,60\r", "\r\nOK\r\n");
        await talk.Time.Passes(TimeSpan.FromSeconds(130));
        Assert.That((await lost).Status, Is.EqualTo(PublishStatus.Unknown));

        Task<PublishOutcome> next = client.PublishAsync("t", Payload, MqttQualityOfServiceLevel.AtLeastOnce);
        await talk.GetsInStep();
        await talk.TakesTopic("t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,1,60\r", "\r\n+CMQTTPUB: 0,0\r\n\r\nOK\r\n\r\n+CMQTTPUB: 0,17\r\n");
        Assert.That((await next).Result!.Code, Is.EqualTo(CmqttResultCode.Timeout));
    }

    [Test]
    public async Task A_connection_that_ends_between_pub_and_its_result_leaves_it_unknown()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("t", Payload, MqttQualityOfServiceLevel.AtLeastOnce);
        await talk.TakesTopic("t");
        await talk.TakesPayload("21.5");
        talk.Time.Forget();
        await talk.Peer.Answers("AT+CMQTTPUB=0,1,60\r", "\r\nOK\r\n\r\n+CMQTTCONNLOST: 0,3\r\n");
        await talk.Time.Passes(TimeSpan.FromSeconds(1));

        PublishOutcome outcome = await publishing;
        Assert.That(outcome.Status, Is.EqualTo(PublishStatus.Unknown));
        Assert.That(outcome.Reason, Does.Contain("CONNLOST"));
    }

    [Test]
    public async Task The_result_just_before_or_after_the_loss_still_counts(
        [Values("\r\nOK\r\n\r\n+CMQTTPUB: 0,6\r\n\r\n+CMQTTCONNLOST: 0,1\r\n", "\r\n+CMQTTPUB: 0,6\r\n\r\nERROR\r\n\r\n+CMQTTCONNLOST: 0,1\r\n",
            "\r\nOK\r\n\r\n+CMQTTCONNLOST: 0,1\r\n\r\n+CMQTTPUB: 0,6\r\n")] string answer)
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("t", Payload, MqttQualityOfServiceLevel.AtLeastOnce);
        await talk.TakesTopic("t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,1,60\r", answer);

        Assert.That((await publishing).Result!.Code, Is.EqualTo(CmqttResultCode.ReceiveFailed));
        await client.ConnectionLost;
    }

    [Test]
    public async Task A_restart_after_pub_is_unknown()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        Task<PublishOutcome> publishing = client.PublishAsync("t", Payload);
        await talk.TakesTopic("t");
        await talk.TakesPayload("21.5");
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", "\r\nRDY\r\n");

        Assert.That((await publishing).Status, Is.EqualTo(PublishStatus.Unknown));
    }

    [Test]
    public async Task A_payload_that_was_left_behind_is_not_sent_with_an_empty_message()
    {
        await using Talk talk = await Talk.Opened();
        Sim7600MqttClient client = await talk.Connected();
        using var cancel = new CancellationTokenSource();
        Task<PublishOutcome> cancelled = client.PublishAsync("t", Payload, ct: cancel.Token);
        await talk.TakesTopic("t");
        await talk.Peer.Answers("AT+CMQTTPAYLOAD=0,4\r", "\r\n>");
        await talk.Peer.Expects("21.5");
        await cancel.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => cancelled);

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.PublishAsync("t", ReadOnlyMemory<byte>.Empty));
        talk.Peer.ExpectsNothingMore();
    }

    [Test]
    public async Task Messages_and_urcs_in_every_gap_change_nothing()
    {
        await using Talk talk = await Talk.Opened(byteByByte: true);
        Sim7600MqttClient client = await talk.Connected();
        string noise = Talk.Message("x", "\r\nOK\r\n>ERROR\r\n") + "\r\n+CREG: 1\r\n\r\n+CMTI: \"SM\",3\r\n";
        Task<PublishOutcome> publishing = client.PublishAsync("t", Payload);
        await talk.Peer.Answers("AT+CMQTTTOPIC=0,1\r", noise + "\r\n>");
        await talk.Peer.Answers("t", noise + "\r\nOK\r\n" + noise);
        await talk.Peer.Answers("AT+CMQTTPAYLOAD=0,4\r", noise + "\r\n>");
        await talk.Peer.Answers("21.5", noise + "\r\nOK\r\n" + noise);
        await talk.Peer.Answers("AT+CMQTTPUB=0,0,60\r", noise + "\r\nOK\r\n" + noise + "\r\n+CMQTTPUB: 0,0\r\n" + noise);

        Assert.That((await publishing).IsDelivered);
        Assert.That(talk.Modem.Channel.QuarantinedLines, Is.Zero);
    }
}
