namespace Sim7600.Driver.Sockets;

/// <summary>How to open and use a socket of the modem. Immutable; change a copy with <c>with</c>.</summary>
public sealed record SocketOptions
{
    /// <summary>How received bytes come. Sockets of one kind that are open at the same time have the same mode.</summary>
    public SocketReceiveMode ReceiveMode { get; init; } = SocketReceiveMode.Manual;

    /// <summary>
    /// How long opening may take: the modem gives up by itself after 120 s (<c>AT+CIPTIMEOUT</c>). With TLS at least the time of the handshake
    /// is added.
    /// </summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>How long one piece (1500 bytes, with TLS 2048) may take until the modem says that it is on its way. The modem gives up after 120 to 150 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(160);

    /// <summary>
    /// Bytes that may wait in this program for the reader, 4096 or more. In manual mode the modem is asked for no more beyond that; in push
    /// mode the socket breaks when 16 times as many wait.
    /// </summary>
    public int ReceiveBuffer { get; init; } = 64 * 1024;

    internal void Validate()
    {
        if (!Enum.IsDefined(ReceiveMode))
        {
            throw new ArgumentException("ReceiveMode is Manual or Push.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(OpenTimeout, TimeSpan.Zero, nameof(OpenTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SendTimeout, TimeSpan.Zero, nameof(SendTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReceiveBuffer, 4096, nameof(ReceiveBuffer));
    }
}
