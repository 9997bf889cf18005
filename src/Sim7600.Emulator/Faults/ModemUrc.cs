namespace Sim7600.Emulator.Faults;

/// <summary>A line stands in the middle of what the modem prints, wherever that is.</summary>
/// <param name="Text">The line without its CR LF; printable, at most 500 characters.</param>
/// <param name="AfterBytes">After how many printed bytes from the trigger on, 0 to 1 000 000; with 0 it is printed at once.</param>
public sealed record ModemUrc(string Text, int AfterBytes) : Fault;
