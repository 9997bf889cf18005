namespace Sim7600.Emulator.Faults;

/// <summary>The modem echoes again, as after <c>ATE1</c> that nobody sent.</summary>
public sealed record ModemEchoOn : Fault;
