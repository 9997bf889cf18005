namespace Sim7600.Emulator.Faults;

/// <summary>One byte arrives twice.</summary>
/// <param name="Byte">Which byte from the trigger on, from 1.</param>
/// <param name="Direction">The direction; to the host unless named.</param>
public sealed record LineDuplicate(int Byte, LineDirection Direction = LineDirection.ToHost) : Fault;
