namespace Sim7600.Emulator.Broker;

/// <summary>
/// Packet ids of QoS 2 messages that were taken and whose PUBREL has not come. They belong to the MQTT session, which with
/// clean session 0 outlives a connection, so that a message that is sent again is taken once (MQTT 3.1.1, 4.3.3).
/// </summary>
internal sealed class IncompleteReceipts
{
    private readonly HashSet<ushort> _ids = [];
    private readonly Lock _gate = new();

    /// <summary>Takes a message.</summary>
    /// <returns>False when it was taken before.</returns>
    public bool Begin(ushort packetId)
    {
        lock (_gate)
        {
            return _ids.Add(packetId);
        }
    }

    /// <summary>The sender has released the id; the next message with it is a new one.</summary>
    public void Complete(ushort packetId)
    {
        lock (_gate)
        {
            _ids.Remove(packetId);
        }
    }

    /// <summary>The session begins anew.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _ids.Clear();
        }
    }
}
