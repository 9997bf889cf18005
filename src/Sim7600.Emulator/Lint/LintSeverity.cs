namespace Sim7600.Emulator.Lint;

/// <summary>How bad it is that a rule found something.</summary>
public enum LintSeverity
{
    /// <summary>It works on a real modem too, until circumstances change, or it harms in another way.</summary>
    Warning,

    /// <summary>On a real modem it fails sooner or later.</summary>
    Error,
}
