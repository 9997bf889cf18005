namespace Sim7600.Emulator.Faults;

/// <summary>Flow control stops the line: bytes wait, and pass in their order when it goes on. It lasts.</summary>
/// <param name="Direction">The direction; to the host unless named.</param>
public sealed record LineFlowStop(LineDirection Direction = LineDirection.ToHost) : Fault;
