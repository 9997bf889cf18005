namespace Sim7600.Mqtt;

/// <summary>What an outbox has done since it was opened, and what it holds now.</summary>
/// <param name="Accepted">Messages taken over.</param>
/// <param name="Delivered">Messages published.</param>
/// <param name="Refused">Messages given up because the modem refused them.</param>
/// <param name="Expired">Messages whose time to live was over before they were published.</param>
/// <param name="Dropped">Messages dropped because there was no room, old and new ones.</param>
/// <param name="Pending">Messages that wait now, those of earlier runs and those being published among them.</param>
/// <param name="PendingBytes">Their topics, payloads and tags, in bytes.</param>
public readonly record struct OutboxCounters(long Accepted, long Delivered, long Refused, long Expired, long Dropped, long Pending, long PendingBytes);
