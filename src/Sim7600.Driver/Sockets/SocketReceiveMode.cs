namespace Sim7600.Driver.Sockets;

/// <summary>How received bytes come from the modem to the host. The modem has one mode for all TCP links and one for all TLS sessions.</summary>
public enum SocketReceiveMode
{
    /// <summary>
    /// The modem keeps bytes until the host asks for them (<c>AT+CIPRXGET=1</c>, <c>AT+CCHSET=1,1</c>): a slow reader makes the peer wait and
    /// nothing is lost.
    /// </summary>
    Manual,

    /// <summary>
    /// The modem sends bytes as they come: fewer commands, but nothing can make the peer wait, so a reader that is too slow breaks the
    /// socket (<see cref="SocketOptions.ReceiveBuffer"/>).
    /// </summary>
    Push,
}
