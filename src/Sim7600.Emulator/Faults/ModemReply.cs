namespace Sim7600.Emulator.Faults;

/// <summary>The modem does not run a command but answers what is given here.</summary>
/// <param name="Text">The lines of the answer, separated by LF, without empty ones. Where none of them is a final result, <c>OK</c> is added: before them for a command whose result comes after <c>OK</c>, after them for any other.</param>
/// <param name="Delay">How much later than usual, 0 to 1 h.</param>
public sealed record ModemReply(string Text, TimeSpan Delay = default) : Fault;
