namespace Sim7600.Emulator;

/// <summary>What the mobile network does with the modem.</summary>
public enum NetworkState
{
    /// <summary>Registered in the home network.</summary>
    Home,

    /// <summary>Registered while roaming.</summary>
    Roaming,

    /// <summary>Not registered, searching.</summary>
    Searching,

    /// <summary>Registration denied.</summary>
    Denied,

    /// <summary>No network in reach.</summary>
    None,
}
