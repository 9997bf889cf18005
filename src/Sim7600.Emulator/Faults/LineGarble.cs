namespace Sim7600.Emulator.Faults;

/// <summary>One byte arrives as another.</summary>
/// <param name="Byte">Which byte from the trigger on, from 1.</param>
/// <param name="Direction">The direction; to the host unless named.</param>
public sealed record LineGarble(int Byte, LineDirection Direction = LineDirection.ToHost) : Fault;
