namespace Sim7600.Emulator.Commands;

/// <summary>Why the parameters of a command do not fit its declaration.</summary>
internal enum ArgumentFault
{
    /// <summary>Too few, too many, or broken syntax.</summary>
    Malformed,

    /// <summary>A client index that does not exist.</summary>
    ClientIndex,

    /// <summary>A length of data out of range.</summary>
    Length,

    /// <summary>A string where a number belongs, or a value out of range.</summary>
    Value,
}
