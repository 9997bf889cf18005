namespace Sim7600.Driver.Recovery;

/// <summary>What the ladder says to do next.</summary>
/// <param name="Rung">The rung.</param>
/// <param name="Attempt">Which try of this rung it is, from 1.</param>
/// <param name="Budget">How many tries this rung has; <see cref="int.MaxValue"/> for as many as it takes.</param>
/// <param name="Delay">How long to wait first.</param>
public sealed record RecoveryStep(RecoveryRung Rung, int Attempt, int Budget, TimeSpan Delay)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rung} ({(Budget == int.MaxValue ? $"try {Attempt}" : $"{Attempt} of {Budget}")}) in {Delay.TotalSeconds:0.#} s";
}
