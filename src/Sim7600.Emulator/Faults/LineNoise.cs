namespace Sim7600.Emulator.Faults;

/// <summary>Bytes arrive as others, at random. It lasts.</summary>
/// <param name="PerThousand">How many of a thousand bytes, 1 to 1000.</param>
/// <param name="Direction">The direction; to the host unless named.</param>
public sealed record LineNoise(int PerThousand, LineDirection Direction = LineDirection.ToHost) : Fault;
