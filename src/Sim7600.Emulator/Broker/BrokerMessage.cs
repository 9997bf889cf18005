using System.Globalization;
using System.Text;
using System.Text.Unicode;
using MQTTnet.Protocol;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Emulator;

/// <summary>A message that a client published to the embedded broker.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The payload; empty, never null.</param>
/// <param name="Qos">The quality of service it was published with.</param>
/// <param name="Retain">The retain flag it was published with.</param>
/// <param name="ClientId">Who published it.</param>
public sealed record BrokerMessage(string Topic, byte[] Payload, MqttQualityOfServiceLevel Qos, bool Retain, string ClientId)
{
    /// <summary>Characters of the payload that <see cref="ToString"/> shows at most.</summary>
    private const int Shown = 200;

    /// <summary>Topic, sender, QoS, and the payload with its length: as text where it is UTF-8 without control characters, else with escapes.</summary>
    public override string ToString()
    {
        string text = Utf8.IsValid(Payload) && Encoding.UTF8.GetString(Payload) is { } utf8 && !utf8.Any(char.IsControl) ? utf8 : AtText.Escape(Payload);
        string shown = text.Length <= Shown ? text : $"{text[..Shown]}…";
        return string.Create(
            CultureInfo.InvariantCulture, $"{Topic} from {ClientId}, QoS {(int)Qos}{(Retain ? ", retained" : "")}, {Payload.Length} bytes: {shown}");
    }
}
