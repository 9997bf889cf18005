using Sim7600.Fuzzing.Targets;

namespace Sim7600.Fuzzing;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
        [new DigesterTarget(), new ParametersTarget(), new LineTarget(), new ModemTarget(), new TranscriptTarget(), new ScenarioTarget(), new FaultTarget(), new PduTarget()];

    public static IFuzzTarget Find(string name) => All.First(target => target.Name == name);
}
