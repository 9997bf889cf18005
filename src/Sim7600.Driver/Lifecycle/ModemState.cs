namespace Sim7600.Driver.Lifecycle;

/// <summary>Where a supervised modem is in its life.</summary>
public enum ModemState
{
    /// <summary>Not in use: never opened, or closed by this program.</summary>
    Closed,

    /// <summary>Opening the port and looking for a modem that answers.</summary>
    Probing,

    /// <summary>Setting it up: echo off, error texts, registration reports; reading its SIM.</summary>
    Initialising,

    /// <summary>The SIM is missing, busy or wants its PIN.</summary>
    SimLocked,

    /// <summary>The SIM is ready; the modem looks for a network.</summary>
    Searching,

    /// <summary>Registered for data; the packet data context is being set up.</summary>
    Registered,

    /// <summary>Registered, with packet data: everything can be used.</summary>
    Online,

    /// <summary>Something failed, and a rung of the recovery ladder is being tried.</summary>
    Recovering,

    /// <summary>The modem said that it switches off.</summary>
    PoweredOff,

    /// <summary>What failed cannot be mended by trying again; it needs a person, and then a new start.</summary>
    Faulted,
}
