namespace Sim7600.Emulator.Families;

/// <summary>The states that decide how a CMQTT command is answered (AT command manual V3.00, chapter 16; real sessions).</summary>
internal enum CmqttState
{
    /// <summary>The service is stopped.</summary>
    Stopped,

    /// <summary>The service runs, the client is not acquired.</summary>
    Free,

    /// <summary>The client is acquired and not connected.</summary>
    Acquired,

    /// <summary>The client is connected and has nothing to do.</summary>
    Connected,

    /// <summary>An operation of the client is running.</summary>
    Busy,
}
