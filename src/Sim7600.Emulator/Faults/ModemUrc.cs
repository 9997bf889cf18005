namespace Sim7600.Emulator.Faults;

/// <summary>A line stands in the middle of what the modem prints, wherever that is.</summary>
/// <param name="Text">One line without its CR LF, 1 to 500 characters, none of them a control character; for several lines, inject several.</param>
/// <param name="AfterBytes">After how many printed bytes from the trigger on, 0 to 1 000 000; with 0 it is printed at once.</param>
public sealed record ModemUrc(string Text, int AfterBytes) : Fault;
