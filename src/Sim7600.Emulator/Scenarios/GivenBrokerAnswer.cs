namespace Sim7600.Emulator.Scenarios;

/// <summary>What a scenario's broker does with a packet.</summary>
internal enum GivenBrokerAnswer
{
    /// <summary>It acknowledges it.</summary>
    Acknowledge,

    /// <summary>It closes the connection, as cloud brokers do with what their policy forbids.</summary>
    Close,

    /// <summary>It says nothing.</summary>
    Silent,
}
