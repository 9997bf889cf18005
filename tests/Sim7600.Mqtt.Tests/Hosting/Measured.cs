using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sim7600.Mqtt.Tests.Hosting;

/// <summary>Measures and traces everything of one port, as an exporter would.</summary>
internal sealed class Measured : IDisposable
{
    private readonly string _port;
    private readonly ConcurrentQueue<(string Metric, double Value, string Tags)> _measurements = new();
    private readonly ConcurrentQueue<Activity> _activities = new();
    private readonly MeterListener _meters;
    private readonly ActivityListener _traces;

    public Measured(string port)
    {
        _port = port;
        _meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name.StartsWith("Sim7600.", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.Start();
        _traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Sim7600.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if ((string?)activity.GetTagItem("sim7600.port") == _port)
                {
                    _activities.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_traces);
    }

    public Activity[] Activities => [.. _activities];

    /// <summary>The sum of a metric's measurements whose tags hold a text such as <c>outcome=delivered</c>.</summary>
    public double Sum(string metric, string tag = "") => Of(metric, tag).Sum();

    /// <summary>How many measurements there were.</summary>
    public int Count(string metric, string tag = "") => Of(metric, tag).Count();

    /// <summary>Asks the gauges now.</summary>
    public void Observe() => _meters.RecordObservableInstruments();

    /// <summary>Everything, to look for what must not be there.</summary>
    public string Text => string.Join('\n', _measurements) + '\n'
        + string.Join('\n', _activities.Select(activity => $"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)}"));

    public void Dispose()
    {
        _meters.Dispose();
        _traces.Dispose();
    }

    private IEnumerable<double> Of(string metric, string tag) =>
        from measurement in _measurements where measurement.Metric == metric && measurement.Tags.Contains($" {tag}", StringComparison.Ordinal) select measurement.Value;

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string text = " " + string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")) + " ";
        if (text.Contains($" sim7600.port={_port} ", StringComparison.Ordinal))
        {
            _measurements.Enqueue((instrument.Name, value, text));
        }
    }
}
