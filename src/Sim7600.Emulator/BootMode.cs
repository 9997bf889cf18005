namespace Sim7600.Emulator;

/// <summary>How a modem starts, and how long a reset takes.</summary>
public enum BootMode
{
    /// <summary>The modem is up and registered from the start. A reset during the session boots as <see cref="Fast"/> does.</summary>
    None,

    /// <summary>The order of a real boot with all times divided by 100.</summary>
    Fast,

    /// <summary>Silence for about ten seconds, then <c>RDY</c>, <c>+CPIN: READY</c>, <c>SMS DONE</c>, <c>PB DONE</c> and registration as on a real unit.</summary>
    Real,
}
