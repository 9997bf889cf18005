namespace Sim7600.Emulator.Faults;

/// <summary>The two ends have different baud rates: each byte arrives as garbage. It lasts.</summary>
/// <param name="Direction">The direction; to the host unless named.</param>
public sealed record LineWrongBaud(LineDirection Direction = LineDirection.ToHost) : Fault;
