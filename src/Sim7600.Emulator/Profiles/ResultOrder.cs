namespace Sim7600.Emulator;

/// <summary>In which order a command shows its final result and its result line.</summary>
public enum ResultOrder
{
    /// <summary>The result line, then <c>OK</c>.</summary>
    ResultFirst,

    /// <summary><c>OK</c>, then the result line.</summary>
    OkFirst,

    /// <summary><c>OK</c> first when the packet data context has to be activated for it, else the result line first.</summary>
    ByPacketData,
}
