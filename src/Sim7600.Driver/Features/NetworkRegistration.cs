namespace Sim7600.Driver.Features;

/// <summary>Where the modem is registered. A command that this firmware does not know counts as <see cref="RegistrationStatus.Unknown"/>.</summary>
/// <param name="Circuit">Calls and SMS (<c>AT+CREG?</c>).</param>
/// <param name="Packet">Packet data (<c>AT+CGREG?</c>).</param>
/// <param name="Lte">LTE (<c>AT+CEREG?</c>).</param>
public sealed record NetworkRegistration(RegistrationStatus Circuit, RegistrationStatus Packet, RegistrationStatus Lte)
{
    /// <summary>True when data can flow: packet or LTE registration, at home or roaming.</summary>
    public bool IsRegistered => Packet is RegistrationStatus.Home or RegistrationStatus.Roaming || Lte is RegistrationStatus.Home or RegistrationStatus.Roaming;

    /// <summary>True when data flows over another operator's network.</summary>
    public bool IsRoaming => Packet is RegistrationStatus.Roaming || Lte is RegistrationStatus.Roaming;
}
