namespace Sim7600.Emulator.Faults;

/// <summary>What a parameter of a fault is in JSON.</summary>
internal enum FaultValueKind
{
    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A whole number of milliseconds.</summary>
    Milliseconds,

    /// <summary>A text; its range is that of its length in characters.</summary>
    Text,

    /// <summary>One of a few words.</summary>
    Word,
}
