namespace Sim7600.Driver.Sockets;

/// <summary>A socket of the modem can no longer be used. The message says why and what to try.</summary>
public sealed class SocketBrokenException : IOException
{
    internal SocketBrokenException(string socket, SocketEnd end, string? detail = null, Exception? innerException = null)
        : base($"{socket}: {Sentence(end)}{(detail is null ? "" : $" ({detail})")}. {Advice(end)}", innerException) => End = end;

    /// <summary>Why it is of no more use.</summary>
    public SocketEnd End { get; }

    private static string Sentence(SocketEnd end) => end switch
    {
        SocketEnd.ClosedByPeer => "the peer has closed the connection",
        SocketEnd.SendFailed => "the modem could not send all bytes",
        SocketEnd.WriteInterrupted => "an earlier write ended in the middle, and what is written now would not fit to what the peer got of it",
        SocketEnd.NetworkLost => "the modem lost its network",
        SocketEnd.ModemRestarted => "the modem restarted",
        SocketEnd.LineLost => "the serial line to the modem is gone",
        SocketEnd.Overrun => "received bytes were dropped because nobody read them in time",
        _ => "the modem does not answer when it is asked for received bytes",
    };

    private static string Advice(SocketEnd end) => end switch
    {
        SocketEnd.NetworkLost => "Wait for the registration (Network.WaitForRegistrationAsync), then open a new socket.",
        SocketEnd.ModemRestarted => "Wait until the modem has booted and is registered, then open a new socket.",
        SocketEnd.LineLost => "Check cable and supply, open the modem again, then a new socket.",
        SocketEnd.Overrun => "Read faster, or use SocketReceiveMode.Manual, which makes the peer wait.",
        SocketEnd.WriteInterrupted => "Dispose this socket and open a new one.",
        _ => "Open a new socket.",
    };
}
