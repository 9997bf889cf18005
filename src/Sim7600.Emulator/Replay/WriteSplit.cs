namespace Sim7600.Emulator;

/// <summary>In which pieces the typed bytes of a replay reach the modem.</summary>
public enum WriteSplit
{
    /// <summary>Each typed line in one write.</summary>
    Whole,

    /// <summary>Byte by byte.</summary>
    Bytes,

    /// <summary>In pieces of random length.</summary>
    Random,
}
