using MQTTnet.Protocol;

namespace Sim7600.Mqtt;

/// <summary>One message that waits to be published.</summary>
/// <param name="Id">Its number, from 1, ascending in the order of acceptance and never used again; 0 before it was stored.</param>
/// <param name="Topic">The topic, 1 to 1024 bytes in UTF-8.</param>
/// <param name="Payload">0 to 10,240 bytes, whatever they are.</param>
/// <param name="QualityOfService">The quality of service to publish it with.</param>
/// <param name="Retain">True to let the broker keep it.</param>
/// <param name="AcceptedAt">When it was accepted, in UTC.</param>
/// <param name="ExpiresAt">From when on it is not published any more; null for never.</param>
/// <param name="Tag">The caller's own mark, for example the number of a line; null for none.</param>
/// <param name="Attempts">How many times publishing it was tried and did not end delivered.</param>
public sealed record OutboxMessage(
    long Id,
    string Topic,
    ReadOnlyMemory<byte> Payload,
    MqttQualityOfServiceLevel QualityOfService,
    bool Retain,
    DateTimeOffset AcceptedAt,
    DateTimeOffset? ExpiresAt,
    string? Tag,
    int Attempts)
{
    /// <summary>Number, topic and size; the payload is the user's.</summary>
    public override string ToString() => $"{Id}: {Topic} ({Payload.Length} bytes)";
}
