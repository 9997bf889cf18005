namespace Sim7600.Emulator.Modem;

/// <summary>The packet domain: attach state, contexts and which of them are active.</summary>
internal sealed class PacketData
{
    /// <summary>The context that MQTT and sockets use.</summary>
    public const int DataContext = 1;

    /// <summary>Defined contexts by their number; they survive a reset.</summary>
    public SortedDictionary<int, PdpContext> Contexts { get; } = new(PdpContext.Factory.ToDictionary(context => context.Cid));

    /// <summary>How contexts sign on; they survive a reset.</summary>
    public SortedDictionary<int, PdpAuthentication> Authentications { get; } = [];

    /// <summary>How the contexts of sockets sign on by the older <c>AT+CSOCKAUTH</c>; they survive a reset.</summary>
    public SortedDictionary<int, PdpAuthentication> SocketAuthentications { get; } = [];

    /// <summary>Which context sockets use by <c>AT+CSOCKSETPN</c>; only shown, all traffic takes the first one.</summary>
    public int SocketContext { get; set; } = 1;

    /// <summary>Contexts of the older <c>AT+CGSOCKCONT</c>.</summary>
    public SortedDictionary<int, PdpContext> SocketContexts { get; } = [];

    /// <summary>True while <c>AT+CGATT=0</c> keeps the modem detached.</summary>
    public bool IsDetachedByHost { get; set; }

    /// <summary>Active contexts.</summary>
    public SortedSet<int> Active { get; } = [];

    /// <summary>True between <c>AT+NETOPEN</c> and the end of the service; the socket family sets it, losing the network clears it.</summary>
    public bool NetworkServiceOpen { get; set; }

    /// <summary>State of <c>AT+CNETSTART</c>: 0 closed, 1 opening, 2 open, 3 closing.</summary>
    public int CommonNetwork { get; set; }

    /// <summary>Events that wait for <c>AT+CGEREP</c> to ask for them, the oldest first.</summary>
    public Queue<string> Events { get; } = [];
}
