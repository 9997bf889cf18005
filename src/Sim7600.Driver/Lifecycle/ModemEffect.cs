namespace Sim7600.Driver.Lifecycle;

/// <summary>What is to be done in a state. The machine only names it; the supervisor's loop does it and fires the outcome.</summary>
public enum ModemEffect
{
    /// <summary>Nothing: wait for <see cref="ModemTrigger.Open"/>.</summary>
    Rest,

    /// <summary>Open the port when it is not open, and ask <c>AT</c> until it is answered.</summary>
    Probe,

    /// <summary>Set up echo, error texts and reports; ask for the SIM.</summary>
    Initialise,

    /// <summary>Enter the PIN once, or wait for the SIM.</summary>
    UnlockSim,

    /// <summary>Wait for a registration.</summary>
    AwaitNetwork,

    /// <summary>Set up the packet data context.</summary>
    PreparePacketData,

    /// <summary>Watch what comes unasked, and ask now and then whether the modem is still there.</summary>
    Watch,

    /// <summary>Wait for the ladder's delay and carry out its next rung.</summary>
    ClimbLadder,

    /// <summary>Switch the modem on by the power hook, or wait until it is.</summary>
    AwaitPower,
}
