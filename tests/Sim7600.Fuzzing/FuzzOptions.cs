namespace Sim7600.Fuzzing;

/// <summary>How much to fuzz.</summary>
/// <param name="Inputs">Inputs for each target, or null for as many as the time allows.</param>
/// <param name="Seconds">Seconds for all targets together.</param>
/// <param name="Target">One target, or null for all.</param>
/// <param name="Seed">The seed of the mutations.</param>
/// <param name="Findings">The folder for inputs that break something.</param>
internal sealed record FuzzOptions(long? Inputs, int Seconds, string? Target, int Seed, string Findings);
