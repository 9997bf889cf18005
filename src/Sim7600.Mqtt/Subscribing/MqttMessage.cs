using System.Text;

namespace Sim7600.Mqtt;

/// <summary>A received message. The modem reports neither QoS, nor retain, nor duplicate flags (<c>cmqtt.md</c> 7.1).</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The bytes, exactly as sent; empty for an empty message.</param>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The payload read as UTF-8; bytes that are not become U+FFFD.</summary>
    /// <returns>The text.</returns>
    public string PayloadAsText() => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>Topic and size; the payload is the user's.</summary>
    public override string ToString() => $"{Topic} ({Payload.Length} bytes)";
}
