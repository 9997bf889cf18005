namespace Sim7600.Emulator.Commands;

/// <summary>How sure a fact about the modem is.</summary>
internal enum Evidence
{
    /// <summary>A vendor document and a real session, or two real sessions, agree.</summary>
    Confirmed,

    /// <summary>Vendor documents only.</summary>
    Documented,

    /// <summary>One source only.</summary>
    OneSource,

    /// <summary>Seen on a sibling of the SIM7600 only.</summary>
    Sibling,

    /// <summary>Nobody says it; what the neighbours suggest.</summary>
    Inferred,
}
