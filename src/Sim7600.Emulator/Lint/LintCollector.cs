using Microsoft.Extensions.Logging;

namespace Sim7600.Emulator.Lint;

/// <summary>Counts the findings of all modems and keeps the first ones of each rule. From any thread.</summary>
internal sealed partial class LintCollector(LintOptions options, TimeProvider time, ILogger log)
{
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Dictionary<LintRule, (long Count, List<LintFinding> Kept)> _findings = LintRules.All.ToDictionary(rule => rule, _ => (0L, new List<LintFinding>()));
    private long _commands;
    private TimeSpan? _ended;
    private bool _callsNobody;

    public LintOptions Options => options;

    /// <summary>Since the start.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    public void CountCommand() => Interlocked.Increment(ref _commands);

    public void Add(LintFinding finding)
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                return;
            }

            (long count, List<LintFinding> kept) = _findings[finding.Rule];
            if (kept.Count < LintOptions.MaximumQuotes)
            {
                kept.Add(finding);
            }

            _findings[finding.Rule] = (count + 1, kept);
        }

        try
        {
            if (!Volatile.Read(ref _callsNobody))
            {
                options.Changed?.Invoke();
            }
        }
        catch (Exception error)
        {
            // Who reads the report must not be able to stop the modem.
            Volatile.Write(ref _callsNobody, true);
            LogFailed(error);
        }
    }

    /// <summary>Nothing more is heard.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended ??= Now;
        }
    }

    public LintReport Report()
    {
        lock (_gate)
        {
            return new LintReport(
                _ended ?? Now,
                _ended is not null,
                Interlocked.Read(ref _commands),
                [.. LintRules.All.Select(rule => new LintRuleResult(rule, _findings[rule].Count, [.. _findings[rule].Kept]))]);
        }
    }

    [LoggerMessage(EventId = 2701, Level = LogLevel.Error, Message = "Nobody is told of findings any more: who was told failed. The linter and the modems go on")]
    private partial void LogFailed(Exception error);
}
