using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Lifecycle;
using Sim7600.Driver.Recovery;

namespace Sim7600.Driver.Diagnostics;

/// <summary>
/// The driver's metrics and traces, under the name <c>Sim7600.Driver</c>. Names and tags are part of the contract. While nobody listens
/// nothing is measured. Commands appear by name only: parameters may hold secrets.
/// </summary>
internal static class DriverTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Sim7600.Driver";

    /// <summary>One rung of the recovery ladder, from its delay to its end.</summary>
    public const string RecoverActivity = "sim7600.modem.recover";

    private const string Port = "sim7600.port";
    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> CommandDuration = Meter.CreateHistogram(
        "sim7600.at.command.duration",
        "s",
        "How long AT commands took, from being sent, getting back in step before it included, to their whole answer.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 180] });

    private static readonly Counter<long> Timeouts = Meter.CreateCounter<long>("sim7600.at.timeouts", "{command}", "AT commands that got no whole answer in time.");

    private static readonly Counter<long> Quarantined = Meter.CreateCounter<long>(
        "sim7600.at.lines.quarantined", "{line}", "Received lines that belonged to no running command and were dropped.");

    private static readonly Counter<long> UrcsDropped = Meter.CreateCounter<long>(
        "sim7600.at.urcs.dropped", "{line}", "Unsolicited lines that were dropped because their listener was too slow.");

    private static readonly Counter<long> RecoverySteps = Meter.CreateCounter<long>("sim7600.modem.recovery.steps", "{step}", "Rungs of the recovery ladder that were begun.");

    private static readonly ConcurrentDictionary<ModemSupervisor, byte> Supervisors = new();

    static DriverTelemetry() => Meter.CreateObservableGauge(
        "sim7600.modem.state", ObserveStates, "{modem}", "1 for the state in which a supervised modem is, 0 for the others.");

    /// <summary>True while somebody measures commands.</summary>
    public static bool MeasuresCommands => CommandDuration.Enabled || Timeouts.Enabled;

    /// <summary>Notes one command's end.</summary>
    /// <param name="port">The line's name.</param>
    /// <param name="command">The command.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="error">What it failed with; null when it was answered.</param>
    /// <param name="reply">Its answer; null when it failed.</param>
    public static void CommandEnded(string port, AtCommand command, TimeSpan elapsed, AtReply? reply, Exception? error)
    {
        string name = NameOf(command.Text);
        CommandDuration.Record(elapsed.TotalSeconds, new(Port, port), new("at.command", name), new("outcome", OutcomeOf(reply, error)));
        if (error is AtTimeoutException)
        {
            Timeouts.Add(1, new(Port, port), new("at.command", name));
        }
    }

    /// <summary>Notes a line that nobody claimed.</summary>
    public static void LineQuarantined(string port) => Quarantined.Add(1, new KeyValuePair<string, object?>(Port, port));

    /// <summary>Notes an unsolicited line that a listener did not get.</summary>
    public static void UrcDropped(string port) => UrcsDropped.Add(1, new KeyValuePair<string, object?>(Port, port));

    /// <summary>Notes a rung, and begins its activity.</summary>
    /// <returns>The activity; null while nobody listens.</returns>
    public static Activity? Climb(string port, RecoveryStep step)
    {
        if (RecoverySteps.Enabled)
        {
            RecoverySteps.Add(1, new(Port, port), new("rung", step.Rung.ToString()));
        }

        Activity? activity = Source.StartActivity(RecoverActivity);
        activity?.SetTag(Port, port).SetTag("rung", step.Rung.ToString()).SetTag("attempt", step.Attempt);
        return activity;
    }

    /// <summary>Shows a modem's state until <see cref="Hide"/>.</summary>
    public static void Show(ModemSupervisor supervisor) => Supervisors.TryAdd(supervisor, 0);

    /// <summary>Shows it no more.</summary>
    public static void Hide(ModemSupervisor supervisor) => Supervisors.TryRemove(supervisor, out _);

    /// <summary>
    /// A command's name without its parameters. Only letters count, so that no number that follows without a separator, of a phone or a PIN,
    /// becomes part of it.
    /// </summary>
    internal static string NameOf(string text)
    {
        int end = "AT".Length;
        if (!text.StartsWith("AT", StringComparison.OrdinalIgnoreCase) || end == text.Length)
        {
            return "AT";
        }

        bool isExtended = text[end] is '+' or '$' or '^' or '*' or '#';
        end += isExtended || text[end] is '&' or '\\' or '%' ? 1 : 0;
        int most = isExtended ? end + 20 : end + 1;
        while (end < text.Length && end < most && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        return text[..end].ToUpperInvariant();
    }

    private static string OutcomeOf(AtReply? reply, Exception? error) => error switch
    {
        null => reply?.Final.IsSuccess == true ? "ok" : "error",
        AtErrorException => "error",
        AtTimeoutException => "timeout",
        AtModemRestartedException => "restarted",
        AtChannelClosedException => "closed",
        OperationCanceledException => "cancelled",
        _ => "unexpected",
    };

    private static IEnumerable<Measurement<int>> ObserveStates() =>
        from supervisor in Supervisors.Keys
        let present = supervisor.State
        from state in Enum.GetValues<ModemState>()
        select new Measurement<int>(state == present ? 1 : 0, new(Port, supervisor.Options.PortName), new("state", state.ToString()));
}
