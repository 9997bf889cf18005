namespace Sim7600.Emulator.Modem;

/// <summary>The packet domain: attach state, contexts and which of them are active.</summary>
internal sealed class PacketData
{
    /// <summary>Defined contexts by their number; they survive a reset.</summary>
    public SortedDictionary<int, PdpContext> Contexts { get; } = new(PdpContext.Factory.ToDictionary(context => context.Cid));

    /// <summary>True while <c>AT+CGATT=0</c> keeps the modem detached.</summary>
    public bool IsDetachedByHost { get; set; }

    /// <summary>Active contexts.</summary>
    public SortedSet<int> Active { get; } = [];

    /// <summary>The context that MQTT and sockets use.</summary>
    public const int DataContext = 1;
}
