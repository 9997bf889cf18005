namespace Sim7600.Mqtt;

/// <summary>Which message is lost when the reader of received messages is too slow. The modem has acknowledged it to the broker in any case.</summary>
public enum ReceiveOverflow
{
    /// <summary>The one that has waited longest.</summary>
    DropOldest,

    /// <summary>The one that has just come.</summary>
    DropNewest,
}
