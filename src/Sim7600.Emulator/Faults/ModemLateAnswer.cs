namespace Sim7600.Emulator.Faults;

/// <summary>The modem takes a command and does nothing with it for a while; then it runs it. What the host sends meanwhile waits.</summary>
/// <param name="Delay">How long, 1 ms to 1 h.</param>
public sealed record ModemLateAnswer(TimeSpan Delay) : Fault;
