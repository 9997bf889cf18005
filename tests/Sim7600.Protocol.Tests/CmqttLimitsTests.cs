using System.Reflection;

namespace Sim7600.Protocol.Tests;

public sealed class CmqttLimitsTests
{
    // AT command manual V3.00, chapter 16, not from our code. Where firmware or an older manual differs, the comment says so.
    private static readonly Dictionary<string, object> Manual = new()
    {
        ["Clients"] = 2, // client_index 0 to 1
        ["SslContexts"] = 10, // CMQTTSSLCFG: 0 to 9; a SIM7600G-H lists ten
        ["ClientId"] = 128, // ACCQ; 23 in the MQTT manual V1.00 of 2018
        ["ServerAddressMinimum"] = 9, // CONNECT
        ["ServerAddress"] = 256,
        ["AddressScheme"] = "tcp://", // with TLS too: ssl:// and mqtts:// are refused with 12
        ["DefaultPort"] = 1883,
        ["KeepAliveMinimum"] = 1, // 60 in the manual of 2018
        ["KeepAlive"] = 18 * 60 * 60,
        ["UserName"] = 256,
        ["Password"] = 256,
        ["WillTopic"] = 1024,
        ["WillMessage"] = 1024, // 10240 in the manual of 2018
        ["Topic"] = 1024, // TOPIC, SUBTOPIC, SUB, UNSUBTOPIC, UNSUB
        ["Payload"] = 10240, // PAYLOAD
        ["CachedTopics"] = 5120, // all topics of one list together
        ["PublishTimeoutMinimum"] = 60, // a field driver sends 1
        ["PublishTimeout"] = 180,
        ["DisconnectTimeoutMinimum"] = 60, // DISC: 0 for none, or 60 to 180
        ["DisconnectTimeout"] = 180,
        ["ReceivePiece"] = 1500, // a longer payload comes in pieces
        ["MaximumResponseSeconds"] = 120, // START, REL, CONNECT, DISC, PUB, SUB, UNSUB
    };

    [Test]
    public void Each_limit_is_what_its_source_says() =>
        Assert.That(
            typeof(CmqttLimits).GetFields(BindingFlags.Public | BindingFlags.Static)
                .ToDictionary(field => field.Name, field => field.GetRawConstantValue()!),
            Is.EquivalentTo(Manual));
}
