namespace Sim7600.Emulator.Modem;

/// <summary>A further network in reach that the card may not use; <c>AT+COPS=?</c> lists it as forbidden.</summary>
internal sealed record RadioOperator(string LongName, string ShortName, string Plmn, RadioTechnology Technology);
