namespace Sim7600.Emulator.Families;

/// <summary>What keeps AT+NETOPEN from working although the modem is registered; real sessions show both answers.</summary>
internal enum BearerFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A bare <c>ERROR</c>: two SIM7600G-H with an operator of the United States.</summary>
    Refused,

    /// <summary><c>OK</c>, then <c>+NETOPEN: 1</c>.</summary>
    Failed,
}
