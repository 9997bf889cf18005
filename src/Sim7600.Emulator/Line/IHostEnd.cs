namespace Sim7600.Emulator.Line;

/// <summary>What the modem's side can see of, and do to, the port at the host's end of the serial line. From any thread.</summary>
internal interface IHostEnd
{
    /// <summary>The speed that the host's port is set to now, in baud; null where it cannot be seen, as on a socket.</summary>
    int? BaudRate { get; }

    /// <summary>Bytes that arrived at the host's port and were not read yet; null where that cannot be seen.</summary>
    int? Unread { get; }

    /// <summary>Sets the port to the modem's settings, once all that was handed over before has left; a virtual port has none.</summary>
    /// <param name="baudRate">The speed in baud.</param>
    /// <param name="hardwareFlowControl">RTS/CTS.</param>
    void Apply(int baudRate, bool hardwareFlowControl);
}
