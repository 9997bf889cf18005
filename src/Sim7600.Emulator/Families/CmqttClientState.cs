namespace Sim7600.Emulator.Families;

/// <summary>The life of one CMQTT client (<c>cmqtt.md</c> 4).</summary>
internal enum CmqttClientState
{
    /// <summary>Not acquired.</summary>
    Free,

    /// <summary>Acquired, not connected.</summary>
    Acquired,

    /// <summary>Connected to a broker.</summary>
    Connected,
}
