namespace Sim7600.Fuzzing;

/// <summary>Code that takes bytes from outside, with what must hold whatever they are.</summary>
internal interface IFuzzTarget
{
    /// <summary>Its name on the command line and its folder in the corpus.</summary>
    string Name { get; }

    /// <summary>What it feeds and what must hold.</summary>
    string Meaning { get; }

    /// <summary>Inputs are cut to this many bytes.</summary>
    int LongestInput { get; }

    /// <summary>Words that lead into the code; mutation puts them in.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>Inputs to begin with, besides those in the corpus.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>Feeds one input. Whatever it throws is a finding.</summary>
    Task RunAsync(byte[] input);
}
