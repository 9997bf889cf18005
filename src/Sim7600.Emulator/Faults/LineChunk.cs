namespace Sim7600.Emulator.Faults;

/// <summary>What is written at once arrives in pieces with a gap before each, as USB bridges and slow readers cut it. It lasts.</summary>
/// <param name="Size">Bytes of a piece, 1 to 4096.</param>
/// <param name="Gap">Time between two pieces, 0 to 60 s; 0 cuts without waiting.</param>
/// <param name="Direction">The direction; to the host unless named.</param>
public sealed record LineChunk(int Size, TimeSpan Gap, LineDirection Direction = LineDirection.ToHost) : Fault;
