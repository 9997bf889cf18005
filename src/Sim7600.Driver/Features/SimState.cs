namespace Sim7600.Driver.Features;

/// <summary>What the SIM needs before it can be used (<c>core.md</c> 5).</summary>
public enum SimState
{
    /// <summary>Something this list does not know.</summary>
    Unknown,

    /// <summary>Ready.</summary>
    Ready,

    /// <summary>The card is still being read, as in the seconds after boot; ask again.</summary>
    Busy,

    /// <summary>No card.</summary>
    Absent,

    /// <summary>The card wants its PIN.</summary>
    PinRequired,

    /// <summary>Too many wrong PINs: the card wants its PUK.</summary>
    PukRequired,

    /// <summary>The modem is locked to a network or a card.</summary>
    Locked,

    /// <summary>The card does not work.</summary>
    Failed,
}
