using System.ComponentModel;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Sim7600.Driver.Channel;
using Sim7600.Mqtt.Hosting;

namespace Sim7600.Mqtt.Tests.Hosting;

/// <summary>docs/observability.md against the code: what one has and the other has not fails here.</summary>
public sealed class ObservabilityDocumentTests
{
    private static readonly Assembly[] Libraries = [typeof(AtChannel).Assembly, typeof(ManagedMqttClient).Assembly];
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "observability.md"));

    [Test]
    public void Every_log_event_is_listed_with_its_level_and_name_and_has_an_id_of_its_own()
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        string[] events =
        [
            .. from library in Libraries
               from type in library.GetTypes()
               from method in type.GetMethods(Any)
               let message = method.GetCustomAttribute<LoggerMessageAttribute>()
               where message is not null
               orderby message.EventId
               select $"{message.EventId} | {message.Level} | {method.Name}",
        ];

        Assert.That(events, Has.Length.GreaterThan(30));
        Assert.That(events.Select(text => text[..4]), Is.Unique);
        Assert.That(Section("Log events", columns: 3), Is.EqualTo(events));
    }

    [Test]
    public void Every_metric_is_listed_with_its_kind_and_unit()
    {
        List<string> metrics = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("Sim7600.", StringComparison.Ordinal))
                {
                    string kind = instrument.GetType().Name.ToLowerInvariant();
                    metrics.Add($"`{instrument.Name}` | {(kind.Contains("gauge", StringComparison.Ordinal) ? "gauge" : kind[..kind.IndexOf('`')])} | {instrument.Unit}");
                }
            },
        };
        foreach (Type telemetry in Telemetry())
        {
            RuntimeHelpers.RunClassConstructor(telemetry.TypeHandle);
        }

        listener.Start();
        Assert.That(Section("Metrics", columns: 3), Is.EquivalentTo(metrics));
    }

    [Test]
    public void Every_activity_is_listed() => Assert.That(
        Section("Activities", columns: 1),
        Is.EquivalentTo(
            from type in Telemetry()
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public)
            where field.IsLiteral && field.Name.EndsWith("Activity", StringComparison.Ordinal)
            select $"`{field.GetRawConstantValue()}`"));

    [Test]
    public void Every_health_datum_is_listed() =>
        Assert.That(Section("Health", columns: 1), Is.EqualTo(Sim7600HealthCheck.DataKeys.Select(key => $"`{key}`")));

    [Test]
    public void Every_configuration_key_is_listed() =>
        Assert.That(Section("Configuration keys", columns: 1), Is.EquivalentTo(Keys(typeof(Sim7600HostOptions), "").Select(key => $"`{key}`")));

    private static IEnumerable<Type> Telemetry() =>
        Libraries.SelectMany(library => library.GetTypes()).Where(type => type.Name.EndsWith("Telemetry", StringComparison.Ordinal));

    // What a configuration can set: whatever has a text form, and the parts that consist of such.
    private static IEnumerable<string> Keys(Type type, string prefix)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            Type wanted = property.PropertyType;
            if (wanted == typeof(IList<Sim7600HostSubscription>))
            {
                foreach (string key in Keys(typeof(Sim7600HostSubscription), $"{property.Name}:0:"))
                {
                    yield return key;
                }
            }
            else if (TypeDescriptor.GetConverter(wanted).CanConvertFrom(typeof(string)))
            {
                yield return prefix + property.Name;
            }
            else if (wanted.Namespace!.StartsWith("Sim7600.", StringComparison.Ordinal))
            {
                foreach (string key in Keys(wanted, $"{property.Name}:"))
                {
                    yield return key;
                }
            }
        }
    }

    // The first cells of the rows of the section's table.
    private static IEnumerable<string> Section(string title, int columns) =>
        from line in Lines.SkipWhile(line => line != $"## {title}").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        where line.StartsWith('|') && !line.StartsWith("| ---", StringComparison.Ordinal)
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        where cells[1] is not ("id" or "metric" or "activity" or "data" or "key")
        select string.Join(" | ", cells.Skip(1).Take(columns));
}
