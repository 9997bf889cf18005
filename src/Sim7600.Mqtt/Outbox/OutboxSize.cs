namespace Sim7600.Mqtt;

/// <summary>How much an outbox holds.</summary>
/// <param name="Messages">The number of messages.</param>
/// <param name="Bytes">Their topics, payloads and tags together, in bytes.</param>
public readonly record struct OutboxSize(long Messages, long Bytes);
