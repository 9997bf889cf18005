namespace Sim7600.Emulator.Faults;

/// <summary>Each byte arrives later, in its order. It lasts.</summary>
/// <param name="Delay">How much later, 1 ms to 1 h.</param>
/// <param name="Direction">The direction; to the host unless named.</param>
public sealed record LineDelay(TimeSpan Delay, LineDirection Direction = LineDirection.ToHost) : Fault;
