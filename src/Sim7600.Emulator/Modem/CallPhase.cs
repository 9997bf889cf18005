namespace Sim7600.Emulator.Modem;

/// <summary>State of the call, with its number in <c>+CLCC</c> (3GPP TS 27.007); −1 is none.</summary>
internal enum CallPhase
{
    None = -1,
    Active = 0,
    Dialling = 2,
    Alerting = 3,
    Incoming = 4,
}
