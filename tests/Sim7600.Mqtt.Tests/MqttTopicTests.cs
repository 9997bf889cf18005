namespace Sim7600.Mqtt.Tests;

public sealed class MqttTopicTests
{
    // The examples of MQTT 3.1.1, 4.7, and the corners around them.
    [TestCase("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [TestCase("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [TestCase("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [TestCase("sport/#", "sport", true)]
    [TestCase("sport/#", "sports", false)]
    [TestCase("#", "a", true)]
    [TestCase("#", "a/b", true)]
    [TestCase("#", "/", true)]
    [TestCase("sport/tennis/+", "sport/tennis/player1", true)]
    [TestCase("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [TestCase("sport/+", "sport", false)]
    [TestCase("sport/+", "sport/", true)]
    [TestCase("+/+", "/finance", true)]
    [TestCase("/+", "/finance", true)]
    [TestCase("+", "/finance", false)]
    [TestCase("+", "a", true)]
    [TestCase("+/tennis/#", "sport/tennis", true)]
    [TestCase("a/+/c", "a/b/c", true)]
    [TestCase("a/+/c", "a//c", true)]
    [TestCase("a/+/c", "a/b/d", false)]
    [TestCase("a/b", "a/b", true)]
    [TestCase("a/b", "A/b", false)]
    [TestCase("a/b", "a/b/", false)]
    [TestCase("a/b/", "a/b", false)]
    [TestCase("a", "a/b", false)]
    [TestCase("#", "$SYS/uptime", false)]
    [TestCase("+/uptime", "$SYS/uptime", false)]
    [TestCase("$SYS/#", "$SYS/uptime", true)]
    [TestCase("$SYS/+", "$SYS/uptime", true)]
    [TestCase("a/#", "a/$b", true)]
    public void A_filter_takes_what_the_standard_says(string filter, string topic, bool takes) =>
        Assert.That(MqttTopic.Matches(filter, topic), Is.EqualTo(takes));

    [TestCase("a/b", true)]
    [TestCase("a \"b\"\r\n", true)]
    [TestCase("", false)]
    [TestCase("a/+", false)]
    [TestCase("#", false)]
    [TestCase("a\0", false)]
    public void A_topic_is_told_from_what_is_none(string topic, bool isFine) => Assert.That(MqttTopic.FindTopicError(topic), isFine ? Is.Null : Is.Not.Empty.And.Not.Contain("Parameter"));

    [TestCase("a/+/#", true)]
    [TestCase("a\"b", true)]
    [TestCase("", false)]
    [TestCase("a/#/b", false)]
    [TestCase("a+", false)]
    public void A_filter_is_told_from_what_is_none(string filter, bool isFine) => Assert.That(MqttTopic.FindFilterError(filter), isFine ? Is.Null : Is.Not.Empty.And.Not.Contain("Parameter"));
}
