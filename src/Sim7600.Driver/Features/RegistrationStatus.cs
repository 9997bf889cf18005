namespace Sim7600.Driver.Features;

/// <summary>The <c>&lt;stat&gt;</c> of <c>AT+CREG?</c>, <c>AT+CGREG?</c> and <c>AT+CEREG?</c> (<c>core.md</c> 6).</summary>
public enum RegistrationStatus
{
    /// <summary>Not registered and not searching.</summary>
    NotSearching = 0,

    /// <summary>Registered at home.</summary>
    Home = 1,

    /// <summary>Searching.</summary>
    Searching = 2,

    /// <summary>The network denied it.</summary>
    Denied = 3,

    /// <summary>Unknown, for example out of coverage.</summary>
    Unknown = 4,

    /// <summary>Registered, roaming.</summary>
    Roaming = 5,

    /// <summary>Registered for SMS only, at home.</summary>
    SmsOnlyHome = 6,

    /// <summary>Registered for SMS only, roaming.</summary>
    SmsOnlyRoaming = 7,

    /// <summary>Emergency calls only.</summary>
    EmergencyOnly = 8,
}
