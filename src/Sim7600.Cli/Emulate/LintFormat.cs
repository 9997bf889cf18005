namespace Sim7600.Cli.Emulate;

/// <summary>How a report of the linter is written.</summary>
internal enum LintFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For build servers.</summary>
    JUnit,
}
