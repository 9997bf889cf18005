namespace Sim7600.Mqtt;

/// <summary>One thing that happened to one message of an outbox.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Id">The message's number; 0 for one that was dropped before it got one.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Tag">The caller's own mark; null for none.</param>
/// <param name="Attempts">How many attempts failed so far.</param>
/// <param name="Outcome">The publish's end, where one was the cause; null otherwise.</param>
public sealed record OutboxEvent(OutboxEventKind Kind, long Id, string Topic, string? Tag, int Attempts, PublishOutcome? Outcome);
