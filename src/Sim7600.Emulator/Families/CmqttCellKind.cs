namespace Sim7600.Emulator.Families;

/// <summary>What a CMQTT command does in a state.</summary>
internal enum CmqttCellKind
{
    /// <summary>It runs.</summary>
    Runs,

    /// <summary><c>OK</c>, and nothing changes.</summary>
    OkOnly,

    /// <summary><c>+CMQTTx: i,n</c> and <c>ERROR</c>.</summary>
    Refused,

    /// <summary><c>ERROR</c> alone.</summary>
    BareError,
}
