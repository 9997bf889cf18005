using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator;

/// <summary>A start state of the modem and its surroundings, with what goes wrong later, read from a file of JSON with comments.</summary>
public sealed class Scenario
{
    private Scenario(int? seed, GivenState given, IReadOnlyList<ScheduledFault> faults)
    {
        Faults = faults;
        Seed = seed;
        Given = given;
    }

    /// <summary>The seed of everything random, or null.</summary>
    public int? Seed { get; }

    /// <summary>The profile that the scenario asks for, or null.</summary>
    public string? Profile => Given.Profile;

    /// <summary>What goes wrong, and when; with each modem.</summary>
    public IReadOnlyList<ScheduledFault> Faults { get; }

    internal GivenState Given { get; }

    /// <summary>Reads a scenario file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The scenario.</returns>
    /// <exception cref="ScenarioException">The file is not valid; the message names the line and what was expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Scenario Load(string path) => Read(JsonDocumentNode.Load(path));

    internal static Scenario Of(GivenState given) => new(null, given, []);

    internal static Scenario Read(JsonDocumentNode root)
    {
        root.AsObject("a scenario", "$schema", "seed", "given", "faults");
        root.Find("$schema")?.AsText("$schema");
        return new Scenario(
            root.Find("seed")?.AsNumber("seed", int.MinValue, int.MaxValue),
            root.Find("given") is { } given ? GivenState.Read(given) : new GivenState(),
            root.Find("faults") is { } faults ? FaultReader.ReadAll(faults) : []);
    }
}
