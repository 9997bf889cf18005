namespace Sim7600.Simulation;

/// <summary>What one seed showed.</summary>
internal sealed record SimulationResult(int Seed, string Node, FaultSchedule Schedule, Judge Judge, TimeSpan Recovery);
