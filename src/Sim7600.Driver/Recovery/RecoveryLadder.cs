namespace Sim7600.Driver.Recovery;

/// <summary>
/// Says what to try next: each rung as often as its budget allows, then the next harder one, with delays that double and are jittered. It only
/// decides; it waits for nothing and touches nothing. It has one owner and is not thread-safe.
/// </summary>
public sealed class RecoveryLadder
{
    private readonly RecoveryOptions _options;
    private readonly IReadOnlyList<(RecoveryRung Rung, int Budget)> _rungs;
    private int _rung;
    private int _attempts;
    private int _failures;

    /// <summary>Stands at the foot of a ladder.</summary>
    /// <param name="options">Delays and jitter.</param>
    /// <param name="rungs">The rungs with their budgets of 1 and more, the gentlest first.</param>
    /// <exception cref="ArgumentException">A budget is below 1, or the rungs are not in their order.</exception>
    public RecoveryLadder(RecoveryOptions options, IReadOnlyList<(RecoveryRung Rung, int Budget)> rungs)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rungs);
        if (rungs.Any(rung => rung.Budget < 1) || rungs.Zip(rungs.Skip(1)).Any(pair => pair.First.Rung >= pair.Second.Rung))
        {
            throw new ArgumentException("Each rung has a budget of 1 or more, and a gentler rung stands before a harder one.", nameof(rungs));
        }

        _options = options;
        _rungs = rungs;
    }

    /// <summary>Goes on after a failure.</summary>
    /// <param name="atLeast">The gentlest rung that can help against this failure.</param>
    /// <returns>The next step; null when the budgets of all rungs are used up.</returns>
    public RecoveryStep? Next(RecoveryRung atLeast = RecoveryRung.MqttReconnect)
    {
        while (_rung < _rungs.Count && (_rungs[_rung].Rung < atLeast || _attempts >= _rungs[_rung].Budget))
        {
            _rung++;
            _attempts = 0;
        }

        return _rung == _rungs.Count ? null : new RecoveryStep(_rungs[_rung].Rung, ++_attempts, _rungs[_rung].Budget, NextDelay());
    }

    /// <summary>All is well again: the next failure starts at the foot, without a long delay.</summary>
    public void Reset()
    {
        StartOver();
        _failures = 0;
    }

    /// <summary>Goes back to the foot with fresh budgets, but keeps the long delays.</summary>
    public void StartOver()
    {
        _rung = 0;
        _attempts = 0;
    }

    /// <summary>The delay before a try that is not on the ladder; it grows as the others do.</summary>
    /// <returns>The delay.</returns>
    public TimeSpan NextDelay()
    {
        // 2^30 of the shortest useful delay is longer than any limit.
        double doubled = _options.FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 30));
        double jitter = 1 + (_options.Jitter * ((2 * _options.Random.NextDouble()) - 1));
        return TimeSpan.FromSeconds(Math.Min(doubled, _options.LongestDelay.TotalSeconds) * jitter);
    }
}
