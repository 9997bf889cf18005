using MQTTnet.Protocol;
using Sim7600.Driver;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt.Tests;

/// <summary>A publish whose modem hangs, or reports other things, at any point of the conversation.</summary>
[CancelAfter(300_000)]
public sealed class PublishTruthTests
{
    private static readonly string[] Points =
    [
        "CMQTTTOPIC echo", "CMQTTTOPIC prompt", "CMQTTTOPIC data echo", "CMQTTTOPIC OK",
        "CMQTTPAYLOAD echo", "CMQTTPAYLOAD prompt", "CMQTTPAYLOAD data echo", "CMQTTPAYLOAD OK",
        "CMQTTPUB echo", "CMQTTPUB OK", "CMQTTPUB result",
    ];

    private static readonly string[] Noises =
    [
        "\r\n+CREG: 1\r\n",
        "\r\n+CMTI: \"SM\",3\r\n",
        "\r\n+CUSD: 0,\"OK\",15\r\n",
        "\r\nRING\r\n",
        Talk.Message("x", "\r\nOK\r\n\r\n+CMQTTPUB: 0,17\r\n>\r\nERROR\r\n"),
    ];

    [Test]
    public async Task An_answer_that_is_late_at_any_point_is_nobody_s_and_the_next_publish_gets_its_own(
        [ValueSource(nameof(Points))] string point, [Values(0, 150, 700, 2500)] int millisecondsLate)
    {
        await using CountingSession session = await CountingSession.Connected(echoes: true);
        session.Peer.PublishCode = payload => payload == "second" ? 17 : 0;
        bool hung = false;
        session.Peer.Saying = (at, text) =>
        {
            if (at == point && !hung)
            {
                hung = true;
                session.Peer.IsMute = true;
            }

            return text;
        };

        bool pubWasSent = point.StartsWith("CMQTTPUB", StringComparison.Ordinal);
        try
        {
            PublishOutcome outcome = await session.Runs(session.Client.PublishAsync("t", "first!"u8.ToArray(), MqttQualityOfServiceLevel.AtLeastOnce), TimeSpan.FromSeconds(1));
            Assert.That(outcome.Status, Is.EqualTo(PublishStatus.Unknown));
            Assert.That(pubWasSent);
        }
        catch (AtTimeoutException)
        {
            Assert.That(pubWasSent, Is.False);
        }

        Task late = Task.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(millisecondsLate), session.Time);
            await session.Peer.ReleaseAsync(pieceLength: 3);
        });
        PublishOutcome second = await session.Runs(session.Client.PublishAsync("t", "second"u8.ToArray(), MqttQualityOfServiceLevel.AtLeastOnce));
        await late;

        Assert.That(second.Result!.Code, Is.EqualTo(CmqttResultCode.Timeout));
        Assert.That(session.Peer.Published, Is.EqualTo(pubWasSent ? new[] { ("t", "first!"), ("t", "second") } : new[] { ("t", "second") }));
        Assert.That(session.Peer.Data.Select(entry => entry.Bytes), Has.None.Contains("AT"));
        Assert.That(session.Peer.Data, Has.All.Matches<(string Name, int Count, string Bytes)>(entry => entry.Bytes.Length == entry.Count));
    }

    [Test]
    public async Task An_unsolicited_line_at_any_point_changes_nothing([ValueSource(nameof(Points))] string point, [Values] bool after)
    {
        foreach (string noise in Noises)
        {
            await using CountingSession session = await CountingSession.Connected(echoes: true);
            bool said = false;
            session.Peer.Saying = (at, text) =>
            {
                if (at != point || said)
                {
                    return text;
                }

                said = true;
                return after ? text + noise : noise + text;
            };
            PublishOutcome outcome = await session.Runs(session.Client.PublishAsync("t", "one"u8.ToArray(), MqttQualityOfServiceLevel.AtLeastOnce));

            Assert.That(said);
            Assert.That(outcome.IsDelivered, $"{noise}: {outcome}");
            Assert.That(session.Peer.Published, Is.EqualTo(new[] { ("t", "one") }));
        }
    }

    [Test]
    public async Task A_byte_lost_in_topic_or_payload_is_published_by_nobody([Values(0, 1)] int entry, [Values(0, 2, 5)] int offset)
    {
        await using CountingSession session = await CountingSession.Connected(echoes: false);
        session.Peer.Loses = (place, number) => number == entry && place == offset;
        await Assert.ThrowsAsync<AtTimeoutException>(() => session.Runs(session.Client.PublishAsync("sensor", "first!"u8.ToArray()), TimeSpan.FromSeconds(1)));

        PublishOutcome outcome = await session.Runs(session.Client.PublishAsync("sensor", "second"u8.ToArray()));
        Assert.That(outcome.IsDelivered);
        Assert.That(session.Peer.Published, Is.EqualTo(new[] { ("sensor", "second") }));
        Assert.That(session.Peer.Data.Select(one => one.Bytes), Has.None.Contains("AT"));
    }

    [Test]
    public async Task A_byte_lost_in_a_filter_subscribes_to_nothing_that_anybody_publishes([Values(0, 4, 10)] int offset)
    {
        await using CountingSession session = await CountingSession.Connected(echoes: false);
        session.Peer.Loses = (place, number) => number == 0 && place == offset;
        Task<MqttSubscription> opening = session.Client.OpenSubscriptionAsync(["plant/cmd/x"]);
        await Assert.ThrowsAsync<AtTimeoutException>(() => session.Runs(opening));

        PublishOutcome outcome = await session.Runs(session.Client.PublishAsync("sensor", "second"u8.ToArray()));
        Assert.That(outcome.IsDelivered);
        Assert.That(session.Peer.Data[0].Bytes, Does.EndWith("\r").And.Not.Contains("AT"));
    }
}
