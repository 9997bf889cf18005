namespace Sim7600.Driver.Sockets;

/// <summary>Why a socket of the modem is of no more use.</summary>
public enum SocketEnd
{
    /// <summary>The peer has closed the connection.</summary>
    ClosedByPeer,

    /// <summary>The modem could not send all of a piece, so the stream has a hole.</summary>
    SendFailed,

    /// <summary>A write was cancelled or timed out in the middle: how much of it left is unknown, and more bytes would not fit to it.</summary>
    WriteInterrupted,

    /// <summary>The modem lost its network.</summary>
    NetworkLost,

    /// <summary>The modem restarted.</summary>
    ModemRestarted,

    /// <summary>The serial line to the modem is gone.</summary>
    LineLost,

    /// <summary>In push mode the reader was too slow, and bytes had to be dropped.</summary>
    Overrun,

    /// <summary>The modem does not answer any more when it is asked for received bytes.</summary>
    ModemSilent,
}
